/** A process at a store that others want; says in one line of JSON what it has. See `leases.test.ts`. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../core/ports/store.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { openStore } from '../../plugin/store/store.ts';

export const LEASE_MS = 1500;
export const HEARTBEAT_MS = 100;

/** What of it this owner gets. */
export async function takeAll(store: Store, owner: string, leaseMs: number): Promise<string[]> {
  const { run, mine } = await store.runs.begin('scan', owner, {}, leaseMs);
  const lock = await store.locks.acquire('write', owner, leaseMs);
  const item = await store.work.claim('scan', owner, leaseMs);
  return [
    ...(mine ? [`run ${run.id}`] : []),
    ...(lock === null ? [] : [`lock ${lock.lock}`]),
    ...(item === null ? [] : [`item ${item.id}`]),
  ];
}

const [folder = '', mode = '', value = ''] = process.argv.slice(2);
if (mode !== '') {
  const store = await openStore({ folder });
  const owner = createOwner();
  if (mode === 'try') say(await takeAll(store, owner, Number(value)));
  else {
    const { run } = await store.runs.begin('scan', owner, {}, LEASE_MS);
    const lock = await store.locks.acquire('write', owner, LEASE_MS);
    await store.work.claim('scan', owner, LEASE_MS);
    if (lock === null) throw new Error('somebody has the lock');
    store.leases.keep({ run, owner }, HEARTBEAT_MS);
    store.leases.keep({ list: 'scan', owner }, HEARTBEAT_MS);
    store.leases.keep(lock, HEARTBEAT_MS);
    say(['all']);
    // The first heartbeat of the thread.
    if (mode === 'block') await sleep(300);
    say(['blocked']);
    // As a long statement or an index does: the event loop stands still.
    if (mode === 'block') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, Number(value));
    // In the mode "leave" nothing is left to do: the process ends by itself, though it holds all.
  }
}

function say(what: readonly string[]): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}
