import { takenOver } from '../../core/runs/taken-over.ts';
import type { Context } from './task.ts';

/** Locks of this process, renewed until they are released. */
export type Locks = {
  /** Cheap. @throws StashSenseError `busy` once it is known that another process has taken one over */
  readonly stillHeld: () => void;
  /** Asks the store. @throws StashSenseError `busy` */
  readonly check: () => Promise<void>;
  readonly release: () => Promise<void>;
};

/** All of these locks, or none of them: null when another process holds one. Does not wait. */
export async function takeLocks(
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
