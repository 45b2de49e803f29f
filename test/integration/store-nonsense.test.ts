/** What nobody of us can have made is refused in a sentence: each in a process of its own, which a spin would not end. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { openStore } from '../../plugin/store/store.ts';
import { bundleChild } from './store-bundle.ts';

const PATIENCE_MS = 20_000;
const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-nonsense-'));
after(() => rmSync(root, { recursive: true }));
let child: string;
before(async () => {
  child = await bundleChild('store-open-child.ts', root);
});

let count = 0;
async function madeStore(): Promise<string> {
  const folder = path.join(root, String(++count));
  const store = await openStore({ folder });
  // Makes the file of the crops too.
  await store.observations.size();
  await store.close();
  return folder;
}

/** What the child says of the store; `SIGTERM` when it did not end. */
function opened(folder: string): string {
  const { stdout, signal } = spawnSync(process.execPath, ['--no-warnings', child, folder], {
    timeout: PATIENCE_MS,
    encoding: 'utf8',
  });
  return signal ?? stdout.trim();
}

for (const [version, sentence] of [
  [-1, /^store-unusable: .* its version is -1, which no Stash Sense writes/],
  [-2_147_483_648, /^store-unusable: .* its version is -2147483648, which no Stash Sense writes/],
  [0, /^store-unusable: .* tables of another program/],
  [2_147_483_647, /^store-unusable: .* newer Stash Sense \(store version 2147483647/],
] as const)
  test(`a store whose version is ${version} is refused in a sentence`, async () => {
    const folder = await madeStore();
    await setVersion(path.join(folder, 'stash-sense.sqlite'), version);
    assert.match(opened(folder), sentence);
  });

test('a store that has a version and no tables is refused in a sentence', async () => {
  const folder = path.join(root, String(++count));
  mkdirSync(folder);
  await setVersion(path.join(folder, 'stash-sense.sqlite'), 1);
  assert.match(opened(folder), /^store-unusable: .* of version 1 and holds no tables/);
});

test('crops whose version is negative are refused in a sentence', async () => {
  const folder = await madeStore();
  await setVersion(path.join(folder, 'crops.sqlite'), -5);
  const store = await openStore({ folder });
  await assert.rejects(store.observations.size(), /crops\.sqlite cannot be used: its version is -5/);
  await store.close();
});

for (const name of [
  'moved.json',
  'moving.json',
  'last-error.json',
  'stash-sense.sqlite',
  'crops.sqlite',
  'stash-sense.sqlite-wal',
  'stash-sense.sqlite-shm',
  'stash-sense.sqlite-journal',
])
  test(`a named pipe by the name ${name} holds nobody up`, async () => {
    const folder = await madeStore();
    const file = path.join(folder, name);
    if (existsSync(file)) renameSync(file, `${file}.theirs`);
    assert.equal(spawnSync('mkfifo', [file]).status, 0);
    const said = opened(folder);
    // Notes count as none; in the place of a store it cannot be used.
    assert.match(said, name.endsWith('.json') ? /^written$/ : /^(written|store-unusable: .*)$/);
    if (/^[a-z-]+\.sqlite$/.test(name)) assert.match(said, /^store-unusable: /);
  });

async function setVersion(file: string, version: number): Promise<void> {
  const database = await openDatabase(file);
  database.raw.exec(`PRAGMA user_version = ${version}`);
  await database.close();
}
