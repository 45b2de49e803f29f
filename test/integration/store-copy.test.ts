import assert from 'node:assert/strict';
import { closeSync, mkdirSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { checkCopy } from '../../plugin/store/sqlite/check-copy.ts';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { openStore } from '../../plugin/store/store.ts';
import { contentId, look, PACK, performer } from '../contract/store-samples.ts';
import { saysWhy } from './store-says-why.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-copy-'));
after(() => rmSync(root, { recursive: true }));

test('a store is copied whole while its run goes on telling how far it is', async (t) => {
  const folder = path.join(root, 'busy');
  const store = await openStore({ folder });
  for (let n = 1; n <= 30; n++) await store.observations.put(look(n, { cropBytes: 30_000 }));
  const { run } = await store.runs.begin('move-data', 'me', {}, 60_000);
  await store.relocation.freeze('me');
  const stopTelling = new AbortController();
  t.after(() => stopTelling.abort());
  const telling = (async () => {
    for (let done = 1; !stopTelling.signal.aborted; done++) {
      await store.runs.heartbeat(run.id, 'me', { done });
      await new Promise((resolve) => setImmediate(resolve));
    }
  })();
  for (let turn = 0; turn < 15; turn++) {
    const to = path.join(root, `copy ${turn}`);
    mkdirSync(to);
    const told: number[] = [];
    await store.relocation.copyTo(to, {
      run: run.id,
      addState: (state) => state.set('matched-at:arrived', turn),
      onProgress: (fraction) => told.push(fraction),
    });
    assert.deepEqual(
      told,
      told.toSorted((a, b) => a - b),
    );
    const copy = await openStore({ folder: to });
    assert.equal(await copy.state.get('matched-at:arrived'), turn);
    assert.equal((await copy.observations.crops(contentId(30), PACK)).length, 2);
    assert.deepEqual(
      (await copy.runs.running()).map(({ id, owner }) => [id, owner]),
      [[run.id, null]],
    );
    await copy.people.putPerformer(performer(1));
    await copy.close();
  }
  stopTelling.abort();
  await telling;
  await assert.rejects(store.people.putPerformer(performer(1)), saysWhy('busy', /being moved/));
  await store.relocation.thaw();
  await store.people.putPerformer(performer(1));
  await store.close();
});

test('a mover that is silent or dead holds nobody up', async () => {
  const folder = path.join(root, 'dead');
  const clock = { at: 1_700_000_000_000 };
  const open = async (isAlive: boolean) =>
    await openStore({ folder, now: () => clock.at, isAlive: () => isAlive });
  const first = await open(true);
  await first.relocation.freeze('a mover');
  const second = await open(true);
  await assert.rejects(second.people.putPerformer(performer(1)), saysWhy('busy', /being moved/));
  clock.at += 61_000;
  const third = await open(true);
  await third.people.putPerformer(performer(1));
  await third.relocation.freeze('a mover');
  const fourth = await open(false);
  await fourth.people.putPerformer(performer(2));
  for (const store of [first, second, third, fourth]) await store.close();
});

test('a mover that certainly is at work is not taken for dead, however long it is silent', async () => {
  const folder = path.join(root, 'silent');
  const clock = { at: Date.now() };
  const open = async () => await openStore({ folder, now: () => clock.at });
  const owner = createOwner();
  const first = await open();
  await first.relocation.freeze(owner);
  clock.at += 3_600_000;
  const second = await open();
  // Only Linux can tell.
  if (process.platform === 'linux')
    await assert.rejects(second.people.putPerformer(performer(1)), saysWhy('busy', /being moved/));
  else await second.people.putPerformer(performer(1));
  // The same number, used by a later process.
  await first.relocation.freeze(owner.replace(/:\d+:([^:]+)$/, ':1:$1'));
  clock.at += 61_000;
  const third = await open();
  await third.people.putPerformer(performer(1));
  for (const store of [first, second, third]) await store.close();
});

test('a copy is checked beside all else, and a damaged one is refused', async () => {
  const file = path.join(root, 'large.sqlite');
  const database = await openDatabase(file);
  database.raw.exec(`CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT, b TEXT UNIQUE);
    WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000)
    INSERT INTO t SELECT i, hex(randomblob(40)), hex(randomblob(20)) FROM n`);
  await database.close();
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  await checkCopy(file);
  clearInterval(turning);
  assert.ok(turns > 20, `${turns} turns`);

  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(200_000, 7), 0, 200_000, 100_000);
  closeSync(handle);
  await assert.rejects(
    checkCopy(file),
    saysWhy('store-unusable', /the copy is damaged \(.+\); check the disk/),
  );
});

test('a copy that cannot be written is one sentence', async () => {
  const folder = path.join(root, 'nowhere');
  const store = await openStore({ folder });
  const { run } = await store.runs.begin('move-data', 'me', {}, 60_000);
  await assert.rejects(
    store.relocation.copyTo(path.join(root, 'is not there'), {
      run: run.id,
      addState: () => Promise.resolve(),
      onProgress: () => undefined,
    }),
    saysWhy('store-unusable', /cannot be used/),
  );
  await store.close();
});
