import { StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { tryLocks, type Locks } from './locks.ts';
import type { Context } from './task.ts';
import { message } from '../../core/messages/message.ts';

/** Lock: only one process at a time runs inference. */
export const INFERENCE = 'inference';
const RETRY_MS = 200;
/** By then a scan in another process has finished its current file. */
const PERSON_WAITS_MS = 3 * 60_000;
/** After this time background work requests the lock, so that another process gives it up after its current file. */
const BACKGROUND_ASKS_AFTER_MS = 2000;
/** How long a turn keeps the lock when nothing more comes. */
const KEPT_MS = 200;

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
  const heldLocks = await takeInference(parts, waiting);
  try {
    const result = await work(heldLocks.stillHeld);
    await heldLocks.check();
    return result;
  } finally {
    await heldLocks.release();
  }
}

/** Inference of many small items in the background, such as pictures: taking the lock for each takes longer than decoding it. */
export type InferenceTurn = {
  /** As `withInference`, with the lock that the item before has left, unless somebody waits for it. */
  run<T>(work: () => Promise<T>): Promise<T>;
  /** Releases the lock. */
  end(): Promise<void>;
};

export function createInferenceTurn(parts: InferenceParts & Pick<Context, 'log'>): InferenceTurn {
  const { store, owner } = parts;
  let heldLocks: Locks | null = null;
  let idle: NodeJS.Timeout | undefined;

  const end = async (): Promise<void> => {
    clearTimeout(idle);
    const left = heldLocks;
    heldLocks = null;
    await left?.release();
  };

  return {
    end,

    async run(work) {
      clearTimeout(idle);
      if (heldLocks !== null && (await store.locks.requested(INFERENCE, owner))) await end();
      heldLocks ??= await takeInference(parts, 'in the background');
      try {
        const result = await work();
        await heldLocks.check();
        // The lease of a lock that cannot be released now expires.
        idle = setTimeout(
          () => void end().catch((error: unknown) => logFault(parts.log, error)),
          KEPT_MS,
        ).unref();
        return result;
      } catch (error) {
        await end();
        throw error;
      }
    },
  };
}

async function takeInference(
  parts: InferenceParts,
  waiting: 'for a person' | 'in the background',
): Promise<Locks> {
  const { store, owner, limits, now, sleep } = parts;
  const { locks } = store;
  const hasPriority = waiting === 'for a person';
  const began = now();
  let hasRequested = hasPriority;
  if (hasPriority) await locks.request(INFERENCE, owner, limits.leaseMs);
  try {
    for (;;) {
      const mayTake = hasPriority || !(await locks.requested(INFERENCE, owner));
      const held = mayTake ? await tryLocks(parts, [INFERENCE]) : null;
      if (held !== null) return held;
      if (hasPriority && now() - began > PERSON_WAITS_MS)
        throw new StashSenseError('busy', message('runs.inferenceBusy'));
      await sleep(RETRY_MS);
      const requests = hasPriority || (mayTake && now() - began > BACKGROUND_ASKS_AFTER_MS);
      if (requests) await locks.request(INFERENCE, owner, limits.leaseMs);
      // Two in the background that request it would wait for one another.
      else if (hasRequested) await locks.withdraw(INFERENCE, owner);
      hasRequested = requests;
    }
  } finally {
    if (hasRequested) await locks.withdraw(INFERENCE, owner);
  }
}
