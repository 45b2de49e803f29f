/** A file of a pack that was found whole is not read again to see it, as long as it is the same. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import type { Store } from '../../../core/ports/store.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { tempFolder } from '../../fakes/context.ts';
import { packEntries, referencePacksIn, uuid, writeReferencePack } from '../../fixtures/reference-packs.ts';

const CHANGES: Readonly<Record<string, (file: string) => void>> = {
  'a bit of it was changed': flip,
  'a bit of it was changed, and its time put back'(file) {
    const { atime, mtime } = statSync(file);
    flip(file);
    utimesSync(file, atime, mtime);
  },
  'another file of the same time lies in its place'(file) {
    const { atime, mtime } = statSync(file);
    copyFileSync(file, `${file}.other`);
    flip(`${file}.other`);
    utimesSync(`${file}.other`, atime, mtime);
    renameSync(`${file}.other`, file);
  },
};

const ASKS: Readonly<Record<string, (world: World) => Promise<boolean>>> = {
  async 'the list of packs'({ packs }) {
    const [pack] = await packs().list();
    if (pack?.problem) assert.match(inEnglish(pack.problem), /does not have the checksum/);
    return pack?.problem === null;
  },
  async 'somebody who is looked up'({ packs }) {
    return (await packs().person('test-people', uuid(3))) !== null;
  },
};

for (const [asking, ask] of Object.entries(ASKS)) {
  for (const [what, change] of Object.entries(CHANGES))
    test(`${asking}: it is read again where ${what}`, async (t) => {
      const world = await opened(t);
      assert.equal(await ask(world), true);
      change(world.people);
      assert.equal(await ask(world), false);
      assert.equal(await ask(world), false);
    });

  test(`${asking}: what is remembered is not read again`, async (t) => {
    const world = await opened(t);
    assert.equal(await ask(world), true);
    // As if it had been found so.
    const before = await world.remembered();
    assert.ok(before !== null);
    flip(world.people);
    const found = statSync(world.people, { bigint: true });
    await world.remember([found.ino, found.size, found.mtimeNs, found.ctimeNs].join(' '));
    assert.equal(await ask(world), true);
    // For a search everything is read.
    assert.deepEqual(await world.packs().open(), []);
  });

  test(`${asking}: a store that takes nothing makes no file a damaged one`, async (t) => {
    const world = await opened(t);
    const full = { ...world.store.state, set: () => Promise.reject(new Error('database or disk is full')) };
    const packs = () =>
      referencePacksIn(world.folder, {
        store: { state: full, transaction: () => Promise.reject(new Error('database is locked')) },
        now: () => Date.now() + 60_000,
      }).packs;
    assert.equal(await ask({ ...world, packs }), true);
    assert.equal(await world.remembered(), null);
  });

  test(`${asking}: a file that was written just now is not remembered`, async (t) => {
    // By a clock that is behind, so that no slow machine makes it old.
    const world = await opened(t, -60_000);
    assert.equal(await ask(world), true);
    assert.equal(await world.remembered(), null);
  });
}

type World = Awaited<ReturnType<typeof opened>>;

/** @param ageMs how long ago everything was written, by the clock of what reads it */
async function opened(t: TestContext, ageMs = 60_000) {
  const folder = tempFolder(t);
  const store: Store = await openStore({ folder });
  t.after(() => store.close());
  await writeReferencePack(referencePacksIn(folder, { store }).packs, packEntries(20));
  const place = path.join(folder, 'reference-packs', 'test-people');
  const name = readdirSync(place).find((file) => file.startsWith('people-'))!;
  const key = `pack-file-checked:test-people/${name}` as const;
  return {
    folder,
    store,
    people: path.join(place, name),
    /** As another process has them. */
    packs: () => referencePacksIn(folder, { store, now: () => Date.now() + ageMs }).packs,
    remembered: () => store.state.get(key),
    remember: (stamp: string) => store.state.set(key, stamp),
  };
}

/** A letter of a name, so that the file is read as before. */
function flip(file: string): void {
  const bytes = readFileSync(file);
  const at = bytes.indexOf('Person 7');
  assert.ok(at > 0);
  bytes[at] = 'Q'.charCodeAt(0);
  writeFileSync(file, bytes);
}
