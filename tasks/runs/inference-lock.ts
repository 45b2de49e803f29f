import { StashSenseError } from '../../core/errors.ts';
import { tryLocks, type Locks } from './locks.ts';
import type { Context } from './task.ts';
import { message } from '../../core/messages/message.ts';

/** Lock: only one process at a time runs inference. */
export const INFERENCE = 'inference';
const RETRY_MS = 200;
/** By then a scan in another process has finished its current file. */
const PERSON_WAITS_MS = 3 * 60_000;

export type InferenceParts = Pick<Context, 'store' | 'owner' | 'limits' | 'now' | 'sleep'>;

/**
Runs `work` while no other process runs inference.

`for a person`: a user waits at the page, so background work gives the lock up after its current file.
`stillHeld` throws once another process has taken the lock over.
@throws StashSenseError `busy` when a person has waited for `PERSON_WAITS_MS`, or another process has taken over
*/
export async function withInference<T>(
  parts: InferenceParts,
  waiting: 'for a person' | 'in the background',
  work: (stillHeld: () => void) => Promise<T>,
): Promise<T> {
  const { store, owner, limits, now, sleep } = parts;
  const { locks } = store;
  let heldLocks: Locks | null = null;
  const hasPriority = waiting === 'for a person';
  const began = now();
  if (hasPriority) await locks.request(INFERENCE, owner, limits.leaseMs);
  try {
    for (;;) {
      const mayTake = hasPriority || !(await locks.requested(INFERENCE, owner));
      heldLocks = mayTake ? await tryLocks(parts, [INFERENCE]) : null;
      if (heldLocks !== null) break;
      if (hasPriority && now() - began > PERSON_WAITS_MS)
        throw new StashSenseError('busy', message('runs.inferenceBusy'));
      await sleep(RETRY_MS);
      if (hasPriority) await locks.request(INFERENCE, owner, limits.leaseMs);
    }
  } finally {
    if (hasPriority) await locks.withdraw(INFERENCE, owner);
  }

  try {
    const result = await work(heldLocks.stillHeld);
    await heldLocks.check();
    return result;
  } finally {
    await heldLocks.release();
  }
}
