import { hasCode, messageOf, saidOf } from '../../../core/errors.ts';
import { message, type Message } from '../../../core/messages/message.ts';
import type { Log } from '../../../core/ports/log.ts';

export type Tick = { readonly version: string; readonly nextAskAt: number | null };

export type LoopParts = {
  /** Starts what is due, and with `newScenes` a scan of them where that is wanted. */
  readonly ask: (newScenes: boolean) => Promise<Tick>;
  readonly newestScene: () => Promise<{ readonly highest: number; readonly isIdle: boolean }>;
  /** Whether this is still the scheduler that shall run. */
  readonly isWanted: () => boolean;
  /** Changes whenever somebody has changed the schedule. */
  readonly changed: () => number | null;
  readonly wasUpdated: () => boolean;
  readonly version: string;
  /** For how long Stash may be away, milliseconds. */
  readonly patienceMs: number;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly log: Pick<Log, 'info' | 'warn'>;
};

/** Short, so that a clock that is changed and a machine that was asleep are noticed soon. */
const TICK_MS = 5000;
/** A query of two milliseconds. It keeps the session alive too. */
const LOOK_MS = 60_000;
/** A process of ours in Stash: for what changes without a sign, such as a setting on Stash's own page. */
const ASK_MS = 30 * 60_000;

/**
Keeps time for Stash: asks at every time that is due, after a change, and when Stash has found new scenes and is done with it.
All else is decided by what it asks.

@returns why it ended; null: it was stopped
*/
export async function keepTime(parts: LoopParts): Promise<Message | null> {
  const { now, sleep, log } = parts;
  let askAt = now();
  let lookAt = now();
  let askedAt = now();
  let changed = parts.changed();
  let highest: number | null = null;
  let [arrived, settled] = [false, false];
  let awaySince: number | null = null;
  for (; parts.isWanted(); await sleep(TICK_MS)) {
    if (parts.wasUpdated()) {
      // What is there now starts another one, whose version fits.
      await parts.ask(false).catch((error: unknown) => log.warn(messageOf(error)));
      return message('schedule.ended.updated');
    }
    if (parts.changed() !== changed) {
      changed = parts.changed();
      askAt = now();
    }
    try {
      if (now() >= lookAt || now() < lookAt - LOOK_MS) {
        lookAt = now() + LOOK_MS;
        const newest = await parts.newestScene();
        awaySince = null;
        if (highest !== null && newest.highest > highest) arrived = true;
        // One look later at the earliest: a scan of Stash's adds them one by one.
        else if (arrived && newest.isIdle) settled = true;
        highest = newest.highest;
      }
      // A clock that was set back must not put it off.
      if (!settled && now() < askAt && now() >= askedAt && now() - askedAt < ASK_MS) continue;
      const asked = await parts.ask(settled);
      if (settled) [arrived, settled] = [false, false];
      askedAt = now();
      askAt = asked.nextAskAt ?? Infinity;
      awaySince = null;
      if (asked.version !== parts.version) return message('schedule.ended.updated');
    } catch (error) {
      if (isRefused(error)) return message('schedule.ended.refused', { problem: saidOf(error) });
      log.warn(messageOf(error));
      awaySince ??= now();
      if (now() - awaySince > parts.patienceMs)
        return message('schedule.ended.away', { problem: saidOf(error) });
    }
  }
  return null;
}

/** Stash is there, and does not take the session or the key, or our plugin is switched off. */
function isRefused(error: unknown): boolean {
  if (hasCode(error, 'stash-refused')) return true;
  return hasCode(error, 'stash-unreachable') && REFUSALS.has(saidOf(error).id);
}

const REFUSALS: ReadonlySet<string> = new Set([
  'stash.loginMissing',
  'stash.sessionEnded',
  'stash.unknownKey',
]);
