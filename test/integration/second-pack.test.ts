/** A pack of other models, adapters and numbers, from a picture to a suggestion. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { after, test, type TestContext } from 'node:test';
import { similarity } from '../../core/faces/embedding.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { currentMatcherVersion } from '../../tasks/matching/recognizer.ts';
import type { FacePack } from '../../models/catalog/catalog.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { openTestModels } from '../fixtures/models.ts';
import { straightLikelihood } from '../fixtures/calibration.ts';
import { TOY_ADAPTERS, writeToyPack } from '../fixtures/toy/pack.ts';
import { toyPicture } from '../fixtures/toy/picture.ts';
import { openTestVision } from '../fixtures/vision.ts';
import { everybody } from '../fixtures/gallery.ts';

const jpegs = openTestModels();
after(() => jpegs.close());

test('a second pack learns performers, finds them in images and suggests them, by its own numbers', async (t) => {
  const { context, stash, pack } = await opened(t);
  await addPerformer(stash, 1, [1, null]);
  await addPerformer(stash, 2, [null, 2]);
  await addImage(stash, 11, [2, 1]);
  await addImage(stash, 12, [3, null]);
  await addImage(stash, 13, [null, null]);
  await runSlice(context, scan, {}, {});

  const known = await everybody(context.store.people, pack.id);
  assert.deepEqual(new Set(known.map(({ performerId }) => performerId)), new Set(['1', '2']));
  for (const { references } of known)
    assert.deepEqual(
      references.map(({ embedding }) => embedding.length),
      [pack.dimensions],
    );
  assert.deepEqual(await everybody(context.store.people, packInUse.id), []);
  assert.deepEqual(await suggested(context), ['image 11: 1', 'image 11: 2']);
  assert.deepEqual(await decisions(context, 11), ['match', 'match']);
  assert.deepEqual(await decisions(context, 12), ['unknown']);
  assert.deepEqual(await decisions(context, 13), []);
});

test('other numbers of the same pack are another matcher version, and what was seen is decided anew', async (t) => {
  const folder = tempFolder(t);
  const first = await opened(t, { folder });
  await addPerformer(first.stash, 1, [1, null]);
  await addImage(first.stash, 11, [1, null]);
  await runSlice(first.context, scan, {}, {});
  assert.deepEqual(await decisions(first.context, 11), ['match']);

  const { calibration } = first.pack;
  const strict = {
    ...calibration,
    matching: { ...calibration.matching, likelihood: straightLikelihood(-60, 1) },
  };
  const second = await opened(t, { folder, stash: first.stash, change: { calibration: strict } });
  assert.notEqual(await currentMatcherVersion(second.context), await currentMatcherVersion(first.context));
  const seenAt = async (): Promise<number | undefined> =>
    (await second.context.store.observations.get(contentId(11), second.pack.id))?.observedAt;
  const before = await seenAt();
  await runSlice(second.context, scan, {}, {});
  assert.deepEqual(await decisions(second.context, 11), ['unknown']);
  assert.equal(await seenAt(), before);
  assert.deepEqual(await suggested(second.context), []);
});

test('its analyzer reads both places on the landmarks of the detector', async (t) => {
  const { context, pack } = await opened(t);
  const { analyzer } = await context.vision.open();
  assert.equal(analyzer.packId, 'toy-1');
  const [left, right, ...others] = (await analyzer.analyze(toyPicture([1, 2]))).toSorted(
    (a, b) => a.box.x - b.box.x,
  );
  assert.ok(left && right && others.length === 0);
  assert.deepEqual([left.box.width, right.box.width].map(Math.round), [80, 80]);
  const [same] = await analyzer.analyze(toyPicture([null, 1]));
  assert.ok(similarity(left.embedding, same!.embedding) > 0.99);
  // With the numbers of the first pack these two would be one person.
  const between = similarity(left.embedding, right.embedding);
  assert.ok(between > packInUse.calibration.clustering.samePerson);
  assert.ok(between < pack.calibration.clustering.samePerson);
});

for (const [what, change, adapters, expected] of [
  [
    'an adapter that is not there',
    {},
    { ...TOY_ADAPTERS, embedders: {} },
    /model toy-embedder names the adapter arcface-112; there are /,
  ],
  [
    'no landmarks at all',
    {},
    {
      ...TOY_ADAPTERS,
      detectors: { 'fixed-places': () => ({ findsLandmarks: false, detect: () => Promise.resolve([]) }) },
    },
    /toy-1 names no model for landmarks, and its detector toy-detector finds none/,
  ],
] as const)
  test(`a pack with ${what} is refused in one sentence`, async (t) => {
    const { context } = await opened(t, { change, adapters });
    await assert.rejects(context.vision.open(), expected);
  });

async function opened(
  t: TestContext,
  {
    folder = tempFolder(t),
    stash = smallLibrary(folder),
    change = {},
    adapters = TOY_ADAPTERS,
  }: {
    folder?: string;
    stash?: SmallLibrary;
    change?: Record<string, unknown>;
    adapters?: typeof TOY_ADAPTERS;
  } = {},
): Promise<{ context: FakeContext; stash: SmallLibrary; pack: FacePack }> {
  const weights = tempFolder(t);
  const pack = writeToyPack(weights, change);
  const vision = openTestVision(t, 'wasm', {
    pack,
    adapters,
    weightFolders: [weights],
  });
  return {
    context: await fakeContext(t, stash, { folder, vision, settings: { scanImages: true } }),
    stash,
    pack,
  };
}

async function jpegOf(persons: readonly (number | null)[]): Promise<Uint8Array> {
  return await jpegs.codec.encodeJpeg(toyPicture(persons), 95);
}

async function addPerformer(
  stash: SmallLibrary,
  n: number,
  shows: readonly (number | null)[],
): Promise<void> {
  stash.addPerformer(n, '');
  stash.media.set(stash.performers.get(String(n))!.imagePath!, await jpegOf(shows));
}

async function addImage(stash: SmallLibrary, n: number, shows: readonly (number | null)[]): Promise<void> {
  stash.addImage(n, '');
  const { files } = stash.items.get(`image:${n}`)!;
  writeFileSync(files[0]!.path, await jpegOf(shows));
}

function contentId(n: number): `md5:${string}` {
  return `md5:${n.toString(16).padStart(32, '0')}`;
}

async function suggested({ store }: FakeContext): Promise<string[]> {
  const { items } = await store.suggestions.list({ state: 'open' }, 'newest', 10, 0);
  return items.map(({ entity, target }) => `${entity.kind} ${entity.id}: ${target?.id}`).toSorted();
}

async function decisions({ store }: FakeContext, n: number): Promise<string[] | undefined> {
  const found = await store.identifications.get({ kind: 'image', id: String(n) });
  return found?.persons.map(({ decision }) => decision);
}
