import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { openStore } from '../../plugin/store/store.ts';
import { offered } from '../contract/store-samples.ts';
import { bundleChild } from './store-bundle.ts';
import { RUNS, type RaceResult } from './store-race-child.ts';

const PROCESSES = 3;
const ITEMS = 300;
const LEASE_MS = 3_600_000;

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-race-'));
let child = '';
before(async () => {
  child = await bundleChild('store-race-child.ts', root);
});
after(() => rmSync(root, { recursive: true }));

test('processes that start at once share runs, items and turns, and no two get the same', async () => {
  const folder = path.join(root, 'shared');
  mkdirSync(folder);
  const store = await openStore({ folder });
  await store.work.enqueue(
    'scan',
    Array.from({ length: ITEMS }, (_, i) => offered(i + 1)),
  );
  await store.close();
  const results = await race(folder);

  const begun = results.flatMap((it) => it.begun).toSorted((a, b) => a - b);
  assert.deepEqual(
    begun,
    Array.from({ length: RUNS }, (_, i) => i),
  );
  assert.deepEqual(
    results.map((it) => it.overlaps),
    results.map(() => 0),
  );
  const shared = await openStore({ folder });
  assert.equal((await shared.runs.running()).length, RUNS);
  assert.deepEqual(await shared.work.counts('scan'), { pending: 0, done: ITEMS, skipped: 0, failed: 0 });
  assert.equal(await shared.state.get('matched-at:turns'), PROCESSES * 40);
  await shared.close();
});

test('processes that make the same new store at once all get it', async () => {
  for (let i = 0; i < 3; i++) {
    const folder = path.join(root, `new ${i}`);
    const results = await race(folder);
    assert.equal(results.flatMap((it) => it.begun).length, RUNS);
  }
});

test('what a killed process held is free at once, long before its lease is over', async () => {
  const folder = path.join(root, 'held');
  const store = await openStore({ folder });
  await store.work.enqueue('scan', [offered(1)]);
  const holder = spawn(process.execPath, [child, folder, 'hold'], { stdio: ['ignore', 'pipe', 'inherit'] });
  await new Promise((resolve) => holder.stdout.once('data', resolve));
  const owner = createOwner();
  assert.equal((await store.runs.begin('scan', owner, {}, LEASE_MS)).mine, false);
  assert.equal(await store.work.claim('scan', owner, LEASE_MS), null);
  assert.equal(await store.locks.acquire('inference', owner, LEASE_MS), null);
  assert.equal(await store.locks.requested('inference', owner), true);

  const ended = new Promise((resolve) => holder.once('exit', resolve));
  holder.kill('SIGKILL');
  await ended;
  assert.equal((await store.runs.begin('scan', owner, {}, LEASE_MS)).mine, true);
  assert.equal((await store.work.claim('scan', owner, LEASE_MS))?.id, '1');
  assert.ok(await store.locks.acquire('inference', owner, LEASE_MS));
  assert.equal(await store.locks.requested('inference', owner), false);
  await store.close();
});

/** Lets processes loose on a store in the same moment. */
async function race(folder: string): Promise<RaceResult[]> {
  const racers = Array.from({ length: PROCESSES }, () =>
    spawn(process.execPath, [child, folder, 'race'], { stdio: ['pipe', 'pipe', 'inherit'] }),
  );
  await sleep(300); // Until all wait at the line.
  for (const racer of racers) racer.stdin.write('go\n');
  const results = await Promise.all(
    racers.map(async ({ stdout }) => String((await once(stdout, 'data'))[0])),
  );
  const ends = racers.map((racer) => once(racer, 'exit'));
  for (const racer of racers) racer.stdin.end();
  for (const [code] of await Promise.all(ends)) assert.equal(code, 0);
  return results.map((it) => JSON.parse(it) as RaceResult);
}
