import { takenOver } from '../../core/runs/taken-over.ts';
import type { Context } from './task.ts';

/** Locks held by this process, renewed until they are released. */
export type Locks = {
  /** Uses the result of the last renewal. @throws StashSenseError `busy` when another process has taken one over */
  readonly stillHeld: () => void;
  /** Reads the store. @throws StashSenseError `busy` when another process has taken one over */
  readonly check: () => Promise<void>;
  readonly release: () => Promise<void>;
};

/** Acquires all of these locks, or none: null when another process holds one. Does not wait. */
export async function tryLocks(
  {
    store,
    owner,
    limits,
  }: Pick<Context, 'store' | 'owner'> & {
    readonly limits: Pick<Context['limits'], 'leaseMs' | 'heartbeatMs'>;
  },
  names: readonly string[],
): Promise<Locks | null> {
  const held: { readonly name: string; readonly lease: ReturnType<typeof store.leases.keep> }[] = [];
  const release = async (): Promise<void> => {
    for (const { name, lease } of held.splice(0)) {
      lease.end();
      await store.locks.release(name, owner);
    }
  };
  try {
    for (const name of names) {
      const lock = await store.locks.acquire(name, owner, limits.leaseMs);
      if (lock === null) {
        await release();
        return null;
      }
      held.push({ name, lease: store.leases.keep(lock, limits.heartbeatMs) });
    }
  } catch (error) {
    await release();
    throw error;
  }
  return {
    stillHeld() {
      if (held.some(({ lease }) => lease.lost)) throw takenOver();
    },
    check: () => store.leases.check(),
    release,
  };
}
