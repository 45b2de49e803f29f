import { StashSenseError } from '../core/errors.ts';
import type { Context } from './task.ts';

/** Only one process on this machine runs inference at a time. */
const CLAIM = 'inference';
const LOOK_MS = 200;
/** A file of somebody else's scan is through by then. */
const PERSON_WAITS_MS = 3 * 60_000;

type Parts = Pick<Context, 'store' | 'owner' | 'limits' | 'now' | 'sleep'>;

/**
Runs `work` while no other process on this machine runs inference.

`for a person`: somebody sits in front of the page; long work lets them go first at its next file.
@throws StashSenseError `busy` when a person has waited in vain
*/
export async function withInference<T>(
  { store, owner, limits, now, sleep }: Parts,
  waiting: 'for a person' | 'in the background',
  work: () => Promise<T>,
): Promise<T> {
  const { claims } = store;
  const hurries = waiting === 'for a person';
  const began = now();
  if (hurries) await claims.request(CLAIM, owner, limits.leaseMs);
  try {
    for (;;) {
      const first = hurries || !(await claims.requested(CLAIM, owner));
      if (first && (await claims.acquire(CLAIM, owner, limits.leaseMs))) break;
      if (hurries && now() - began > PERSON_WAITS_MS)
        throw new StashSenseError(
          'busy',
          'Another process has been looking at faces for three minutes: stop the running task or try again later.',
        );
      await sleep(LOOK_MS);
      if (hurries) await claims.request(CLAIM, owner, limits.leaseMs);
    }
  } finally {
    if (hurries) await claims.withdraw(CLAIM, owner);
  }

  const renewal = setInterval(
    () => void claims.acquire(CLAIM, owner, limits.leaseMs).catch(() => false),
    limits.heartbeatMs,
  );
  try {
    return await work();
  } finally {
    clearInterval(renewal);
    await claims.release(CLAIM, owner);
  }
}
