import { StashSenseError } from '../../core/errors.ts';
import { takeLocks, type Locks } from './locks.ts';
import type { Context } from './task.ts';
import { message } from '../../core/messages/message.ts';

/** Only one process on this machine runs inference at a time. */
export const INFERENCE = 'inference';
const RETRY_MS = 200;
/** A file of somebody else's scan is through by then. */
const PERSON_WAITS_MS = 3 * 60_000;

type Parts = Pick<Context, 'store' | 'owner' | 'limits' | 'now' | 'sleep'>;

/**
Runs `work` while no other process on this machine runs inference.

`for a person`: somebody sits in front of the page; long work lets them go first at its next file.
`work` may ask `stillHeld`, which throws once another process has taken over.
@throws StashSenseError `busy` when a person has waited in vain, or another process has taken over
*/
export async function withInference<T>(
  parts: Parts,
  waiting: 'for a person' | 'in the background',
  work: (stillHeld: () => void) => Promise<T>,
): Promise<T> {
  const { store, owner, limits, now, sleep } = parts;
  const { locks } = store;
  let heldLocks: Locks | null = null;
  const hurries = waiting === 'for a person';
  const began = now();
  if (hurries) await locks.request(INFERENCE, owner, limits.leaseMs);
  try {
    for (;;) {
      const first = hurries || !(await locks.requested(INFERENCE, owner));
      heldLocks = first ? await takeLocks(parts, [INFERENCE]) : null;
      if (heldLocks !== null) break;
      if (hurries && now() - began > PERSON_WAITS_MS)
        throw new StashSenseError('busy', message('runs.inferenceBusy'));
      await sleep(RETRY_MS);
      if (hurries) await locks.request(INFERENCE, owner, limits.leaseMs);
    }
  } finally {
    if (hurries) await locks.withdraw(INFERENCE, owner);
  }

  try {
    const result = await work(heldLocks.stillHeld);
    await heldLocks.check();
    return result;
  } finally {
    await heldLocks.release();
  }
}
