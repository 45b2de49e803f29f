import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { openStore } from '../../plugin/store/store.ts';
import { contentId, look, offered, PACK, performer, reference } from '../contract/store-samples.ts';
import { bundleChild } from './store-bundle.ts';
import { saysWhy } from './store-says-why.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-trouble-'));
after(() => rmSync(root, { recursive: true }));

let count = 0;
function newFolder(): { folder: string; file: string; cropFile: string } {
  count += 1;
  const folder = path.join(root, String(count));
  return {
    folder,
    file: path.join(folder, 'stash-sense.sqlite'),
    cropFile: path.join(folder, 'crops.sqlite'),
  };
}

test('a store that newer versions wrote is refused and not touched', async () => {
  const { folder, file } = newFolder();
  await (await openStore({ folder })).close();
  const database = await openDatabase(file);
  database.raw.exec('PRAGMA user_version = 99');
  await database.close();
  const before = readFileSync(file);
  await assert.rejects(
    openStore({ folder }),
    saysWhy('store-unusable', /newer Stash Sense \(store version 99/),
  );
  assert.deepEqual(readFileSync(file), before);
});

test('the database of another program is refused and not touched', async () => {
  const { folder, file } = newFolder();
  mkdirSync(folder);
  const database = await openDatabase(file);
  database.raw.exec('CREATE TABLE theirs (id INTEGER)');
  await database.close();
  const before = readFileSync(file);
  await assert.rejects(openStore({ folder }), saysWhy('store-unusable', /tables of another program/));
  assert.deepEqual(readFileSync(file), before);
});

test('a file that is no database is refused and not touched', async () => {
  const { folder, file } = newFolder();
  mkdirSync(folder);
  const text = 'this is a text that somebody put here. '.repeat(100);
  writeFileSync(file, text);
  await assert.rejects(openStore({ folder }), saysWhy('store-unusable', /is no SQLite database/));
  assert.equal(readFileSync(file, 'utf8'), text);
});

test('a damaged file is one sentence wherever it is noticed', async () => {
  const { folder, file } = newFolder();
  const store = await openStore({ folder });
  await store.work.enqueue(
    'scan',
    Array.from({ length: 2_000 }, (_, id) => offered(id + 1)),
  );
  await store.close();
  const bytes = readFileSync(file);
  bytes.fill(0x55, 8_192);
  writeFileSync(file, bytes);
  await assert.rejects(
    async () => {
      const damaged = await openStore({ folder });
      try {
        await damaged.work.counts('scan');
        await damaged.work.claim('scan', 'a', 1_000);
      } finally {
        await damaged.close();
      }
    },
    saysWhy('store-unusable', /is damaged/),
  );
});

test('what nobody of us wrote into a row is one sentence', async () => {
  const { folder, file } = newFolder();
  const store = await openStore({ folder });
  await store.people.putPerformer(performer(1));
  await store.observations.put(look(1));
  const database = await openDatabase(file);
  database.raw.exec(`UPDATE performers SET aliases = '{"not": "a list"}'`);
  database.raw.exec(`UPDATE observations SET persons = substr(persons, 1, 100)`);
  await database.close();
  const said = saysWhy('store-unusable', /what Stash Sense never wrote/);
  await assert.rejects(store.people.performer('1'), said);
  await assert.rejects(store.observations.get(contentId(1), PACK), said);
  await store.close();
});

test('a damaged crop file costs the crops and nothing else', async () => {
  const { folder, cropFile } = newFolder();
  const store = await openStore({ folder });
  await store.observations.put(look(1));
  await store.close();
  writeFileSync(cropFile, 'not a database any more '.repeat(1_000));
  const reopened = await openStore({ folder });
  assert.deepEqual(await reopened.observations.crops(contentId(1), PACK), []);
  assert.equal((await reopened.observations.get(contentId(1), PACK))?.persons.length, 2);
  await reopened.observations.put(look(2));
  assert.equal((await reopened.observations.crops(contentId(2), PACK)).length, 2);
  await reopened.close();
  assert(existsSync(`${cropFile}.damaged`));
});

test('crops that were deleted by hand are missing, and come back with the next look', async () => {
  const { folder, cropFile } = newFolder();
  const store = await openStore({ folder });
  await store.people.putPerformer(performer(1));
  const id = await store.people.putReference(reference(1));
  await store.observations.put(look(1));
  await store.close();
  rmSync(cropFile);
  const reopened = await openStore({ folder });
  assert.deepEqual(await reopened.observations.crops(contentId(1), PACK), []);
  assert.equal((await reopened.people.reference(id))?.crop, null);
  await reopened.observations.put(look(1));
  assert.equal((await reopened.observations.crops(contentId(1), PACK)).length, 2);
  await reopened.close();
});

test('a folder where a file stands is one sentence', async () => {
  const { folder } = newFolder();
  writeFileSync(folder, '');
  await assert.rejects(openStore({ folder }), saysWhy('store-unusable', /choose another data folder/));
});

for (const { what, folderMode, fileMode } of [
  { what: 'a folder that may only be read', folderMode: 0o555, fileMode: 0o644 },
  { what: 'a file that may only be read', folderMode: 0o777, fileMode: 0o444 },
])
  test(`${what} is one sentence`, async () => {
    const { folder, file, cropFile } = newFolder();
    await (await openStore({ folder })).close();
    for (const it of [file, cropFile]) chmodSync(it, fileMode);
    chmodSync(folder, folderMode);
    if (isRoot) for (const it of [folder, file, cropFile]) chownSync(it, NOBODY, NOBODY);
    chmodSync(root, 0o755);
    const { stdout } = await runAsNobody(folder);
    chmodSync(folder, 0o700);
    assert.match(stdout, /^store-unusable: The store [^\n]+permission[^\n]+\.\n$/);
  });

const NOBODY = 65_534;
const isRoot = process.getuid?.() === 0;

/** Root may write everywhere, so that a test run as root needs somebody else. */
async function runAsNobody(folder: string): Promise<{ stdout: string }> {
  const bundle = await bundleChild('store-open-child.ts', root);
  chmodSync(bundle, 0o644);
  const nobody = isRoot ? { uid: NOBODY, gid: NOBODY } : {};
  return spawnSync(process.execPath, [bundle, folder], { encoding: 'utf8', cwd: root, ...nobody });
}

test(
  'files are for their owner only',
  { skip: process.platform === 'win32' && 'Windows has no modes' },
  async () => {
    const { folder, file, cropFile } = newFolder();
    const store = await openStore({ folder });
    await store.observations.put(look(1));
    const modes = [folder, file, `${file}-wal`, `${file}-shm`, cropFile, `${cropFile}-wal`].map((it) =>
      (statSync(it).mode & 0o777).toString(8),
    );
    assert.deepEqual(modes, ['700', '600', '600', '600', '600', '600']);
    await store.close();
  },
);
