/** The scheduler as a process: `main.mjs --scheduler` in the background, with its input on stdin, or in the foreground of a terminal. */
import { statSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { setTimeout } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { operations } from '../../core/contract/operations.ts';
import { messageOf, StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import { SchedulerInput } from '../../plugin/host/start-scheduler.ts';
import { openStash, type Stash } from '../../plugin/stash/client.ts';
import {
  markTouchedAt,
  needsTouch,
  readMark,
  removeMark,
  touchMark,
  writeMark,
} from '../../plugin/system/background/mark.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';
import { keepTime, type LoopParts } from '../schedule/background/loop.ts';
import { version } from './context.ts';

/** A restart of Stash takes less; after it, whoever opens Stash starts a new one. */
const PATIENCE_MS = 10 * 60_000;

/** Ends when it is stopped, refused, replaced or left alone, and says why in its mark. */
export async function runScheduler(bundleUrl: string): Promise<void> {
  const given = SchedulerInput.parse(JSON.parse(await text(process.stdin)));
  const { dataFolder } = given;
  const secrets = createSecrets();
  const stash = openStash({ ...given, secrets, log: SILENT });
  const owner = createOwner();
  const startedAt = Date.now();
  writeMark(dataFolder, { state: 'running', owner, pid: process.pid, startedAt, version });
  const isNamed = (): boolean => {
    const mark = readMark(dataFolder);
    return mark?.state === 'running' && mark.owner === owner;
  };
  process.once('SIGTERM', () => {
    if (isNamed()) removeMark(dataFolder);
    process.exit();
  });
  let touchedAt = markTouchedAt(dataFolder);
  let why: Message | null;
  try {
    await stash.useApiKey();
    why = await keepTime({
      ...partsOf(stash),
      isWanted() {
        if (!isNamed()) return false;
        if (needsTouch(owner, touchedAt, Date.now())) {
          touchMark(dataFolder, Date.now());
          touchedAt = markTouchedAt(dataFolder);
        }
        return true;
      },
      // Its own touches are no change.
      changed: () => (markTouchedAt(dataFolder) === touchedAt ? 0 : markTouchedAt(dataFolder)),
      stamp: () => stampOf(bundleUrl),
      patienceMs: PATIENCE_MS,
      log: SILENT,
    });
  } catch (error) {
    why = message('schedule.ended.failed', { problem: secrets.redact(messageOf(error)) });
  } finally {
    stash.close();
  }
  if (why === null || !isNamed()) return;
  const at = Date.now();
  writeMark(dataFolder, { state: 'ended', at, why: secrets.redactAll(why), ranMs: at - startedAt });
}

/** The same in a terminal, for who has a service manager or a container of their own: it ends when it is refused alone. */
export async function runForegroundScheduler(
  stash: Stash,
  log: Log,
  signal: AbortSignal,
): Promise<Message | null> {
  return await keepTime({
    ...partsOf(stash, { isForeground: true }),
    isWanted: () => !signal.aborted,
    changed: () => null,
    stamp: () => null,
    // It asks the plugin, and is none: the two are updated at different times.
    version: null,
    patienceMs: Infinity,
    sleep: async (ms) => {
      await setTimeout(ms, undefined, { signal }).catch(() => undefined);
    },
    log,
  });
}

function partsOf(
  stash: Stash,
  how: { readonly isForeground?: true } = {},
): Pick<LoopParts, 'ask' | 'newestScene' | 'version' | 'now' | 'sleep'> {
  return {
    async ask(newScenes) {
      const answer = await stash.scheduler.ask('schedule.tick', { newScenes, ...how });
      const parsed = operations['schedule.tick'].output().safeParse(answer);
      if (parsed.success) return parsed.data;
      throw new StashSenseError('stash-unreachable', message('schedule.noTick'), { cause: parsed.error });
    },
    newestScene: () => stash.scheduler.newestScene(),
    version,
    now: Date.now,
    sleep: async (ms) => {
      await setTimeout(ms);
    },
  };
}

/** Of the bundle: another one when the plugin was updated; null while that is under way. */
function stampOf(bundleUrl: string): string | null {
  const found = statSync(fileURLToPath(bundleUrl), { throwIfNoEntry: false });
  return found === undefined ? null : `${found.ino} ${found.size} ${found.mtimeMs}`;
}

const SILENT: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  progress: () => undefined,
};
