import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { ErasableData, Store } from '../../core/ports/store.ts';
import { STATE_KEYS, type StateKey } from '../../core/state-keys.ts';
import { toVectorBytes } from '../../plugin/store/codecs/bytes.ts';
import { openStore } from '../../plugin/store/store.ts';
import {
  contentId,
  embedding,
  look,
  offered,
  PACK,
  performer,
  plannedEntry,
  proposal,
  reference,
} from '../contract/store-samples.ts';
import { bundleChild } from './store-bundle.ts';
import { STATE_SAMPLES } from './state-samples.ts';
import { numbers, sample } from '../fixtures/sweep.ts';
import { plain } from '../../core/messages/message.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-erase-'));
after(() => rmSync(root, { recursive: true }));

test('each of what can be erased goes by itself and leaves the others', async () => {
  const folder = path.join(root, 'each');
  const store = await openStore({ folder });
  await fill(store);
  const all = await store.measure();
  assert.deepEqual(counts(all), { faces: 6, people: 4, decisions: 5, journal: 1 });
  assert.ok(all.faces.bytes > 6 * 1000 && all.people.bytes > 4 * 300);

  const version = await store.people.version();
  assert.deepEqual((await store.erase(['decisions'])).erased.decisions, all.decisions);
  assert.deepEqual(counts(await store.measure()), { faces: 6, people: 3, decisions: 0, journal: 1 });
  assert.equal(await store.observations.matchedWith({ kind: 'scene', id: '1' }), null, 'matched again');
  assert.notEqual(await store.people.version(), version);
  assert.equal((await store.work.counts('people')).pending, 1);

  await store.erase(['people']);
  assert.deepEqual(counts(await store.measure()), { faces: 6, people: 0, decisions: 0, journal: 1 });
  assert.equal(await store.people.performer('1'), null);
  assert.equal(
    (await store.work.counts('people')).pending,
    0,
    'or their pictures would never be looked at again',
  );
  assert.equal((await store.work.counts('scan')).pending, 1);
  assert.equal((await store.observations.crops(contentId(1), PACK)).length, 2, 'other crops stay');

  await store.erase(['faces']);
  assert.deepEqual(counts(await store.measure()), { faces: 0, people: 0, decisions: 0, journal: 1 });
  assert.equal((await store.observations.size()).crops, 0);
  assert.deepEqual(await store.observations.contentOf({ kind: 'scene', id: '1' }), []);
  assert.equal((await store.work.counts('scan')).pending, 0);

  await store.erase(['journal']);
  assert.deepEqual(counts(await store.measure()), { faces: 0, people: 0, decisions: 0, journal: 0 });
  await fill(store);
  assert.deepEqual(counts(await store.measure()), { faces: 6, people: 4, decisions: 5, journal: 1 });
  await store.close();
});

test('covers that writes have replaced are counted with the history, and go with it', async () => {
  const store = await openStore({ folder: path.join(root, 'covers') });
  await fill(store);
  const { journal } = await store.measure();
  await store.state.set('cover-before:1', { base64: 'A'.repeat(10_000) });
  const measured = (await store.measure()).journal;
  assert.equal(measured.count, journal.count);
  assert.ok(measured.bytes >= journal.bytes + 10_000);
  await store.erase(['journal']);
  assert.deepEqual((await store.measure()).journal, { count: 0, bytes: 0 });
  await store.close();
});

test('what is open to decide is put aside with the faces it was seen by, and comes back with them', async () => {
  const store = await openStore({ folder: path.join(root, 'aside') });
  await fill(store);
  await store.erase(['faces']);
  assert.equal((await store.suggestions.list({ state: 'open' }, 'newest', 9, 0)).total, 0);
  await store.suggestions.replace({ kind: 'scene', id: '1' }, 'faces', [proposal(1, 1)]);
  assert.equal((await store.suggestions.list({ state: 'open' }, 'newest', 9, 0)).total, 1);
  await store.close();
});

for (const what of ['faces', 'people', 'decisions'] as const)
  test(`with ${what} go the look-ups at stash-boxes, so that their suggestions come back`, async () => {
    const store = await openStore({ folder: path.join(root, `look-ups ${what}`) });
    const box = 'https://box.example/graphql';
    await store.boxLookUps.put(box, [{ performerId: '1', revision: 'a', at: 1 }]);
    await store.erase([what]);
    assert.equal((await store.boxLookUps.of(box, ['1'])).size, 0);
    await store.close();
  });

test('nothing of what was erased is left on the disk, nor in copies made of older versions', async () => {
  const folder = path.join(root, 'disk');
  const store = await openStore({ folder });
  await fill(store);
  for (const name of ['stash-sense.sqlite.v1.backup', 'crops.sqlite.damaged'])
    writeFileSync(path.join(folder, name), 'older');
  mkdirSync(path.join(folder, 'stash-sense-scratch/stash-sense-preview-x'), { recursive: true });
  writeFileSync(path.join(folder, 'stash-sense-scratch/stash-sense-preview-x/preview.mp4'), 'a face');
  const before = sizeOf(folder);
  const other = await openStore({ folder });
  const { shrunk } = await store.erase(['faces', 'people', 'decisions', 'journal']);
  assert.equal(shrunk, true);
  assert.deepEqual(
    readdirSync(folder).filter((it) => /backup|damaged|scratch/.test(it)),
    [],
  );
  // While it is open still, by two.
  for (const [what, bytes] of [
    ['a title', Buffer.from('Scene 1')],
    ['a name', Buffer.from('Performer 1')],
    ['a vector', Buffer.from(toVectorBytes(embedding(1)))],
    ['a picture', Buffer.from(look(1).crops[0]!.jpeg)],
  ] as const)
    for (const name of readdirSync(folder))
      assert.equal(readFileSync(path.join(folder, name)).includes(bytes), false, `${what} in ${name}`);
  await other.close();
  await store.close();
  assert.ok(sizeOf(folder) < before, `${sizeOf(folder)} of ${before}`);
});

for (const what of ['faces', 'people', 'decisions', 'journal'] as const)
  test(`with ${what} go the small values that are declared to, and no others`, async () => {
    const store = await openStore({ folder: path.join(root, `state ${what}`) });
    const keys = (Object.keys(STATE_KEYS) as (keyof typeof STATE_KEYS)[]).map((declared) => ({
      key: (declared.endsWith(':') ? `${declared}7` : declared) as StateKey,
      goesWith: STATE_KEYS[declared].erasedWith,
      value: STATE_SAMPLES[declared],
    }));
    for (const { key, value } of keys) await store.state.set(key, value);
    await store.erase([what]);
    for (const { key, goesWith, value } of keys) {
      const goes = goesWith === what || (goesWith === 'matching' && what !== 'journal');
      assert.deepEqual(await store.state.get(key), goes ? null : value, key);
    }
    await store.close();
  });

test('files of other programs in the folder stay, however they are called', async () => {
  const folder = path.join(root, 'others');
  const store = await openStore({ folder });
  await fill(store);
  const others = [
    'photos.sqlite.damaged',
    'my-stash-sense.sqlite.v1.backup',
    'stash-sense.sqlite.v1.backup.txt',
  ];
  for (const name of others) writeFileSync(path.join(folder, name), 'not ours');
  await store.erase(['faces', 'journal']);
  assert.deepEqual(
    readdirSync(folder)
      .filter((it) => others.includes(it))
      .toSorted(),
    others.toSorted(),
  );
  await store.close();
});

test('erasing the history alone leaves the pictures and their file as they are', async () => {
  const folder = path.join(root, 'history');
  const store = await openStore({ folder });
  await fill(store);
  await store.close();
  const reopened = await openStore({ folder });
  writeFileSync(path.join(folder, 'crops.sqlite.damaged'), 'older');
  const pictures = (): unknown => {
    const { ino, mtimeMs, size } = statSync(path.join(folder, 'crops.sqlite'));
    return { ino, mtimeMs, size, files: readdirSync(folder).filter((it) => it.endsWith('.damaged')) };
  };
  const before = pictures();
  assert.equal((await reopened.erase(['journal'])).shrunk, true);
  assert.deepEqual(pictures(), before);
  await reopened.close();
});

for (const held of ['stash-sense.sqlite', 'crops.sqlite'])
  test(`while somebody reads ${held} it is not said to be smaller, and the other one is`, async () => {
    const folder = path.join(root, `read ${held}`);
    const store = await openStore({ folder });
    await fill(store, 40);
    const reader = new DatabaseSync(path.join(folder, held), { readOnly: true });
    reader.exec('BEGIN; SELECT count(*) FROM sqlite_schema');
    const other = held === 'crops.sqlite' ? 'stash-sense.sqlite' : 'crops.sqlite';
    const before = statSync(path.join(folder, other)).size + statSync(path.join(folder, `${other}-wal`)).size;
    assert.equal((await store.erase(['faces', 'people', 'decisions', 'journal'])).shrunk, false);
    assert.ok(statSync(path.join(folder, other)).size < before);
    assert.equal(statSync(path.join(folder, `${other}-wal`)).size, 0);
    reader.close();
    await store.close();
  });

test('pictures that are replaced leave nothing in the file, also when it is not written anew', async () => {
  const folder = path.join(root, 'zeros');
  const store = await openStore({ folder });
  const jpeg = Buffer.from('a face that nobody may see any more '.repeat(20));
  const seen = look(1);
  await store.observations.put({ ...seen, crops: seen.crops.map((it) => ({ ...it, jpeg })) });
  await store.close();
  const reopened = await openStore({ folder });
  await reopened.observations.put(look(1));
  await reopened.close();
  for (const name of readdirSync(folder))
    assert.equal(readFileSync(path.join(folder, name)).includes(jpeg.subarray(0, 36)), false, name);
});

test('killed at any moment it leaves a store that works, and asked again it ends at the same', async () => {
  const child = await bundleChild('store-erase-child.ts', root);
  let killedInTime = 0;
  for (const turn of sample(numbers(12), 3)) {
    const folder = path.join(root, `killed ${turn}`);
    const store = await openStore({ folder });
    await fill(store, 60);
    await store.close();
    if (await killed(child, folder, turn * 3)) killedInTime++;
    const reopened = await openStore({ folder });
    const { faces } = await reopened.measure();
    assert.ok(faces.count === 0 || faces.count === 60, 'all or nothing');
    if (faces.count > 0) assert.equal((await reopened.observations.crops(contentId(1), PACK)).length, 2);
    await reopened.erase(['faces', 'people', 'decisions', 'journal']);
    assert.deepEqual(counts(await reopened.measure()), { faces: 0, people: 0, decisions: 0, journal: 0 });
    assert.equal((await reopened.observations.size()).cropBytes, 0);
    await reopened.close();
  }
  assert.ok(killedInTime > 0);
});

async function fill(store: Store, looks = 6): Promise<void> {
  for (let n = 1; n <= looks; n++) {
    await store.observations.put(look(n));
    const entity = { kind: 'scene', id: String(n) } as const;
    await store.observations.link(entity, `Scene ${n}`, [contentId(n)]);
    await store.observations.setMatchedWith(entity, 'version');
  }
  for (const n of [1, 2, 3]) {
    await store.people.putPerformer(performer(n));
    await store.people.putReference(reference(n));
  }
  await store.people.putReference(reference(1, { source: 'confirmed', sourceKey: `${contentId(1)}#0` }));
  for (const n of [1, 2, 3])
    await store.suggestions.replace({ kind: 'scene', id: String(n) }, 'faces', [proposal(n, n)]);
  await store.dismissals.dismiss(notSeen([contentId(1)], performer(2)), 1);
  await store.journal.plan(
    plannedEntry({ entity: { kind: 'scene', id: '1' }, summary: plain('added Performer 1') }),
  );
  await store.work.enqueue('scan', [offered(1)]);
  await store.work.enqueue('people', [{ ...offered(1), kind: 'performer', title: 'Performer 1' }]);
}

function counts(measured: Awaited<ReturnType<Store['measure']>>): Record<ErasableData, number> {
  const { faces, people, decisions, journal } = measured;
  return {
    faces: faces.count,
    people: people.count,
    decisions: decisions.count,
    journal: journal.count,
  };
}

function sizeOf(folder: string): number {
  return readdirSync(folder).reduce((sum, it) => sum + statSync(path.join(folder, it)).size, 0);
}

async function killed(child: string, folder: string, afterMs: number): Promise<boolean> {
  const started = spawn(process.execPath, ['--no-warnings', child, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  started.stdout.once('data', () => setTimeout(() => started.kill('SIGKILL'), afterMs));
  return await new Promise((resolve) => started.once('exit', (_, signal) => resolve(signal === 'SIGKILL')));
}
