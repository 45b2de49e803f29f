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
  /** Names the plugin that lies there; null: none does, as in the midst of an update. */
  readonly stamp: () => string | null;
  /** Of the plugin that started this; null: of whichever, any fits. */
  readonly version: string | null;
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
/** After the first question that failed; after each further one it is doubled, up to `ASK_MS`. */
const AGAIN_MS = 60_000;
/** For a minute an update may take its time, and what is there after it may fail to answer. */
const UPDATE_TICKS = 12;

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
  /** Between two questions while they fail, milliseconds; 0: the last one was answered. */
  let wait = 0;
  let changed = parts.changed();
  let highest: number | null = null;
  let [arrived, settled] = [false, false];
  let unseenSince: number | null = null;
  let unansweredSince: number | null = null;
  const isUpdated = updateOf(parts);
  for (; parts.isWanted(); await sleep(TICK_MS)) {
    const updated = await isUpdated();
    if (updated === 'under way') continue;
    if (updated !== 'no') return updated;
    if (parts.changed() !== changed) {
      changed = parts.changed();
      askAt = now();
    }
    let since = now();
    try {
      if (now() >= lookAt || now() < lookAt - LOOK_MS) {
        lookAt = now() + LOOK_MS;
        const wasAway = unseenSince !== null;
        since = unseenSince ??= now();
        const newest = await parts.newestScene();
        // It is back: what it did not answer need not wait any longer.
        if (wasAway && wait > 0) askAt = now();
        unseenSince = null;
        if (highest !== null && newest.highest > highest) arrived = true;
        // One look later at the earliest: a scan of Stash's adds them one by one.
        else if (arrived && newest.isIdle) settled = true;
        highest = newest.highest;
      }
      // A clock that was set back must not put it off.
      const isTime = now() >= askAt || now() < askedAt || now() - askedAt >= ASK_MS;
      if (!isTime && !(settled && wait === 0)) continue;
      since = unansweredSince ??= now();
      const asked = await parts.ask(settled).catch((error: unknown) => {
        wait = Math.min(wait === 0 ? AGAIN_MS : 2 * wait, ASK_MS);
        askedAt = now();
        askAt = askedAt + wait;
        throw error;
      });
      if (settled) [arrived, settled] = [false, false];
      wait = 0;
      unansweredSince = null;
      askedAt = now();
      askAt = asked.nextAskAt ?? Infinity;
      if (parts.version !== null && asked.version !== parts.version) return message('schedule.ended.updated');
    } catch (error) {
      if (isRefused(error)) return message('schedule.ended.refused', { problem: saidOf(error) });
      log.warn(messageOf(error));
      if (now() - since > parts.patienceMs) return message('schedule.ended.away', { problem: saidOf(error) });
    }
  }
  return null;
}

/** What is there after an update is asked, by which it starts another scheduler, whose version fits: once it lies still. */
function updateOf({ stamp, ask, log }: LoopParts): () => Promise<'no' | 'under way' | Message> {
  const first = stamp();
  let last = first;
  let ticks = 0;
  return async () => {
    const found = stamp();
    const isStill = found !== null && found === last;
    last = found;
    if (found === first) {
      ticks = 0;
      return 'no';
    }
    const isLast = ++ticks > UPDATE_TICKS;
    if (!isStill && !isLast) return 'under way';
    try {
      await ask(false);
    } catch (error) {
      log.warn(messageOf(error));
      if (!isLast) return 'under way';
      if (isRefused(error)) return message('schedule.ended.refused', { problem: saidOf(error) });
    }
    return message('schedule.ended.updated');
  };
}

/** Stash is there, and does not take the session or the key, or has no plugin of ours that is switched on. */
function isRefused(error: unknown): boolean {
  if (hasCode(error, 'stash-unreachable')) return REFUSALS.has(saidOf(error).id);
  // Any other refusal may be a process of ours that crashed: Stash tells it in the same way.
  return hasCode(error, 'stash-refused') && NO_PLUGIN.test(messageOf(error));
}

const REFUSALS: ReadonlySet<string> = new Set([
  'stash.loginMissing',
  'stash.sessionEnded',
  'stash.unknownKey',
]);
/** The words of Stash (pkg/plugin/plugins.go). An operation of a plugin that it does not know may also end as a fault of its own. */
const NO_PLUGIN = /\bplugin \S+ is disabled|\bno plugin with ID\b/;
