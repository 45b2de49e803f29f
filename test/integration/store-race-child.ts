/** One of several processes at one store at the same time; says in one line of JSON what it got. See `store-processes.test.ts`. */
import { once } from 'node:events';
import { closeSync, openSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Store } from '../../core/ports/store.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { openStore } from '../../plugin/store/store.ts';

export type RaceResult = { begun: number[]; claimed: string[]; overlaps: number };

export const RUNS = 60;
const TURNS = 40;
const LEASE_MS = 3_600_000;

const [folder = '', mode = ''] = process.argv.slice(2);
if (mode !== '') {
  if (mode === 'race') await once(process.stdin, 'data');
  const store = await openStore({ folder });
  if (mode === 'race') await race(store);
  else await hold(store);
}

async function race(store: Store): Promise<void> {
  const owner = createOwner();
  const begun: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const { run, mine } = await store.runs.begin(`task ${i}`, owner, { i }, LEASE_MS);
    if (mine) begun.push(i);
    if (mine && i % 2 === 0) await store.runs.heartbeat(run.id, owner, { done: i });
  }
  const claimed: string[] = [];
  for (;;) {
    const item = await store.work.claim('scan', owner, LEASE_MS);
    if (!item) break;
    claimed.push(item.id);
    if (claimed.length % 10 === 0) await store.work.release('scan', owner);
    else await store.work.finish(item, owner, 'done');
  }
  let overlaps = 0;
  for (let i = 0; i < TURNS; i++) {
    while (!(await store.locks.acquire('inference', owner, LEASE_MS))) await sleep(1);
    try {
      closeSync(openSync(path.join(folder, 'alone'), 'wx'));
    } catch {
      overlaps += 1;
    }
    await store.transaction(async () => {
      const turns = (await store.state.get('matched-at:turns')) ?? 0;
      await sleep(1);
      await store.state.set('matched-at:turns', turns + 1);
    });
    rmSync(path.join(folder, 'alone'), { force: true });
    await store.locks.release('inference', owner);
  }
  console.log(JSON.stringify({ begun, claimed, overlaps } satisfies RaceResult));
  // Whoever is gone holds nothing: stay until all have said what they got.
  await once(process.stdin, 'end');
  await store.close();
}

/** Takes all there is and stays. */
async function hold(store: Store): Promise<void> {
  const owner = createOwner();
  await store.runs.begin('scan', owner, {}, LEASE_MS);
  await store.work.claim('scan', owner, LEASE_MS);
  await store.locks.acquire('inference', owner, LEASE_MS);
  await store.locks.request('inference', owner, LEASE_MS);
  console.log('held');
  await sleep(60_000);
}
