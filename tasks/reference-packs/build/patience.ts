import { hasCode, messageOf, saidOf } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import type { Context, Slice } from '../../runs/task.ts';

/**
How long a stash-box that gives no answer is waited for, since a few bad minutes must not end a night's work: at first it is left
alone for a minute by its client, then for longer.
*/
const PAUSES_MS = [15_000, 60_000, 120_000, 300_000];
const LOOK_AROUND_MS = 1000;

/** It would give none for anything else either. */
export function isNoAnswer(error: unknown): boolean {
  return hasCode(error, 'stash-box-unreachable', 'stash-box-refused');
}

/**
Runs `work`, which goes on where it was when it is run again, and runs it again after a pause when the stash-box gave no
answer, or refused the key: it also does that while its database is down. A pause ends early when the run is stopped, and the
slice when another job waits in Stash's queue: the next one asks again.
@throws StashSenseError when nothing has advanced since the last pause
*/
export async function patiently<T>(
  { log, sleep, now }: Pick<Context, 'log' | 'sleep' | 'now'>,
  slice: Slice,
  work: (slice: Slice) => Promise<T>,
): Promise<T | 'yielded'> {
  let pauses = 0;
  const noting: Slice = {
    ...slice,
    advanced() {
      pauses = 0;
      slice.advanced();
    },
  };
  for (;;) {
    try {
      return await work(noting);
    } catch (error) {
      if (!isNoAnswer(error)) throw error;
      const pause = PAUSES_MS[pauses++];
      if (pause === undefined) throw error;
      log.warn(`${messageOf(error)} It is tried again in ${pause / 1000} s.`);
      slice.progress.say(message('referencePacks.build.isPausing', { reason: saidOf(error) }));
      for (const until = now() + pause; now() < until;) {
        if ((await slice.othersWait()) || (await slice.shouldYield())) return 'yielded';
        await sleep(LOOK_AROUND_MS);
      }
    }
  }
}
