/** The version that an installed pack has replaced is kept, and is one step back. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import { sweepReferencePacks } from '../../../plugin/reference-packs/folders.ts';
import { dropReferencePacks } from '../../../plugin/system/files/reference-pack-files.ts';
import { tempFolder } from '../../fakes/context.ts';
import { packEntries, referencePacksIn, writeReferencePack } from '../../fixtures/reference-packs.ts';

const ID = 'test-people';

test('a pack that is installed over another one can be gone back from, and forth again', async (t) => {
  const { packs, data } = await opened(t);
  assert.equal(await packs.before(ID), null);
  assert.equal(await packs.goBack(ID), null);
  for (const version of ['1', '2', '3']) await packs.install(await packed(t, Number(version) * 10, version));
  assert.deepEqual([await inUse(packs), (await packs.before(ID))?.version], [['3', 30], '2']);
  const revision = await packs.revision();
  assert.equal((await packs.goBack(ID))?.version, '2');
  assert.deepEqual([await inUse(packs), (await packs.before(ID))?.version], [['2', 20], '3']);
  assert.notEqual(await packs.revision(), revision);
  // What is kept is no remains of a killed process.
  sweepReferencePacks(data, Date.now() + 86_400_000);
  assert.equal((await packs.goBack(ID))?.version, '3');
  assert.deepEqual(await inUse(packs), ['3', 30]);
  // The one before that is gone: two manifests and the two files of each.
  assert.equal(readdirSync(path.join(data, 'reference-packs', ID)).length, 6);
  await packs.remove(ID);
  assert.deepEqual(readdirSync(data), ['reference-packs']);
  assert.deepEqual(readdirSync(path.join(data, 'reference-packs')), []);
});

test('the same version once more leaves the one before', async (t) => {
  const { packs } = await opened(t);
  await packs.install(await packed(t, 10, '1'));
  const again = await packed(t, 20, '2');
  for (let n = 0; n < 2; n++) await packs.install(again);
  assert.equal((await packs.before(ID))?.version, '1');
});

test('an install that fails leaves the one before', async (t) => {
  const { packs, data } = await opened(t);
  for (const version of ['1', '2']) await packs.install(await packed(t, Number(version) * 10, version));
  const third = await packed(t, 30, '3');
  const folder = path.join(data, 'reference-packs', ID);
  const blocked = path.join(
    folder,
    readdirSync(third).find((name) => name.startsWith('vectors'))!,
  );
  mkdirSync(path.join(blocked, 'not ours'), { recursive: true });
  await assert.rejects(packs.install(third));
  rmSync(blocked, { recursive: true });
  assert.deepEqual([await inUse(packs), (await packs.before(ID))?.version], [['2', 20], '1']);
  assert.equal((await packs.goBack(ID))?.version, '1');
});

test('killed at any step of an install or of going back, no version that is named is lost', async (t) => {
  const { packs, data } = await opened(t);
  for (const version of ['1', '2']) await packs.install(await packed(t, Number(version) * 10, version));
  const folder = path.join(data, 'reference-packs', ID);
  const text = (name: string) => readFileSync(path.join(folder, name), 'utf8');
  const [two, one] = [text('manifest.json'), text('manifest-before.json')];
  const states: readonly { now: string; before: string; replaced: string; expected: [string, string] }[] = [
    { now: two, before: one, replaced: two, expected: ['2', '1'] },
    { now: one, before: one, replaced: two, expected: ['1', '2'] },
    { now: one, before: two, replaced: two, expected: ['1', '2'] },
  ];
  for (const { now, before, replaced, expected } of states) {
    const copy = tempFolder(t);
    cpSync(data, copy, { recursive: true });
    const put = (name: string, content: string) =>
      writeFileSync(path.join(copy, 'reference-packs', ID, name), content);
    put('manifest.json', now);
    put('manifest-before.json', before);
    put('manifest-replaced.json', replaced);
    sweepReferencePacks(copy, Date.now() + 86_400_000);
    const again = referencePacksIn(copy).packs;
    assert.deepEqual([(await inUse(again))[0], (await again.before(ID))?.version], expected);
    for (const [n, version] of [expected[1], expected[0]].entries()) {
      assert.equal((await again.goBack(ID))?.version, version);
      assert.deepEqual(await inUse(again), [version, Number(version) * 10]);
      assert.equal((await again.before(ID))?.version, expected[n]);
    }
    assert.equal(readdirSync(path.join(copy, 'reference-packs', ID)).length, 6);
    put('manifest-replaced.json', replaced);
    await again.remove(ID);
    assert.deepEqual(readdirSync(path.join(copy, 'reference-packs')), []);
  }
});

test('nothing is swept while the manifest of the one before cannot be read', async (t) => {
  const { packs, data } = await opened(t);
  for (const version of ['1', '2']) await packs.install(await packed(t, Number(version) * 10, version));
  const file = path.join(data, 'reference-packs', ID, 'manifest-before.json');
  const manifest = readFileSync(file);
  rmSync(file);
  mkdirSync(file);
  sweepReferencePacks(data, Date.now() + 86_400_000);
  rmSync(file, { recursive: true });
  writeFileSync(file, manifest);
  assert.equal((await packs.goBack(ID))?.version, '1');
  assert.deepEqual(await inUse(packs), ['1', 10]);
});

test('of a removal that is killed nothing is named for ever: the pack itself goes last', async (t) => {
  const { packs, data } = await opened(t);
  for (const version of ['1', '2']) await packs.install(await packed(t, Number(version) * 10, version));
  const folder = path.join(data, 'reference-packs', ID);
  for (const remove of [() => packs.remove(ID), () => Promise.resolve(dropReferencePacks(data))]) {
    const copy = tempFolder(t);
    cpSync(folder, copy, { recursive: true });
    // The second that is deleted cannot be: a folder has its name.
    rmSync(path.join(folder, 'manifest.json'));
    mkdirSync(path.join(folder, 'manifest.json', 'not ours'), { recursive: true });
    await (async () => await remove())().catch(() => null);
    assert.equal(readdirSync(folder).includes('manifest-before.json'), false);
    rmSync(folder, { recursive: true });
    cpSync(copy, folder, { recursive: true });
  }
});

test('a pack that is built here keeps none: it can be built again', async (t) => {
  const { packs } = await opened(t);
  for (const version of ['1', '2']) await packs.install(await packed(t, 10, version));
  await writeReferencePack(packs, packEntries(12), { id: ID, version: '3' });
  assert.equal(await packs.before(ID), null);
  assert.deepEqual(await inUse(packs), ['3', 12]);
});

test('a version before that is damaged or unreadable is not gone back to, and the one in use stays', async (t) => {
  const { packs, data } = await opened(t);
  for (const version of ['1', '2']) await packs.install(await packed(t, Number(version) * 10, version));
  const folder = path.join(data, 'reference-packs', ID);
  const before = Object.keys((await packs.before(ID))!.files).find((name) => name.startsWith('vectors'))!;
  const whole = readFileSync(path.join(folder, before));
  writeFileSync(
    path.join(folder, before),
    whole.map((byte, at) => (at === whole.length - 1 ? byte ^ 1 : byte)),
  );
  await assert.rejects(packs.goBack(ID), (error: unknown) => {
    assert.ok(error instanceof StashSenseError);
    assert.match(
      error.message,
      /^The reference pack .+ is not used, since it is damaged \(vectors-\w+\.bin .+\)/,
    );
    return true;
  });
  assert.deepEqual(await inUse(packs), ['2', 20]);
  writeFileSync(path.join(folder, 'manifest-before.json'), '{');
  assert.equal(await packs.goBack(ID), null);
  assert.deepEqual(await inUse(packs), ['2', 20]);
});

test('a pack whose people all look the same is not installed, and the one in use stays', async (t) => {
  const { packs } = await opened(t);
  await packs.install(await packed(t, 10, '1'));
  const [one] = packEntries(1);
  const same = packEntries(60).map(({ person }): PackEntry => ({ ...one!, person }));
  await assert.rejects(packs.install(await packed(t, same, '2')), /its people all look the same/);
  assert.deepEqual(await inUse(packs), ['1', 10]);
});

type Packs = Awaited<ReturnType<typeof opened>>['packs'];

async function opened(t: TestContext) {
  const data = tempFolder(t);
  return await Promise.resolve({ data, packs: referencePacksIn(data).packs });
}

/** A folder with a pack that was built elsewhere. */
async function packed(
  t: TestContext,
  people: number | readonly PackEntry[],
  version: string,
): Promise<string> {
  const elsewhere = tempFolder(t);
  const entries = typeof people === 'number' ? packEntries(people) : people;
  await writeReferencePack(referencePacksIn(elsewhere).packs, entries, { id: ID, version });
  return path.join(elsewhere, 'reference-packs', ID);
}

/** Version and number of people of the pack that is searched. */
async function inUse(packs: Packs): Promise<[string | undefined, number | undefined]> {
  const version = (await packs.describe())[0]?.manifest?.version;
  return [version, (await packs.open())[0]?.vectors.size];
}
