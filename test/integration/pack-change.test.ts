/** From one face pack to another and back, on the crops that are kept. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { catalog as shipped, fusionOf, packOf } from '../../models/catalog/catalog.ts';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { chosenPack, packInUse } from '../../tasks/compose/pack-in-use.ts';
import { packOperations } from '../../tasks/packs/operations.ts';
import { packsView } from '../../tasks/packs/view.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { tempFolder, type FakeContext } from '../fakes/context.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { everybody } from '../fixtures/gallery.ts';
import { openTestModels } from '../fixtures/models.ts';
import { toyPicture } from '../fixtures/toy/picture.ts';
import { numbers, sample } from '../fixtures/sweep.ts';
import { change, changeInSteps, IMAGES, opened, type World } from './pack-change/steps.ts';

const jpegs = openTestModels();
after(() => jpegs.close());

test('a library that was seen by one pack is known by the other, without one picture being read', async (t) => {
  const world = await scanned(t);
  takeMedia(world);
  const first = await opened(t, world);
  await change(first, 'toy-2');
  assert.equal(first.vision.packId, 'toy-1', 'a process keeps the pack it began with');

  const second = await opened(t, world);
  assert.equal(second.vision.packId, 'toy-2');
  const known = await everybody(second.store.people, 'toy-2');
  assert.deepEqual(
    known.flatMap(({ references }) => references.map(({ embedding }) => embedding.length)),
    [32, 32],
  );
  await runSlice(second, people, { only: 'match' }, {});
  assert.deepEqual(await decisions(second), EXPECTED);
  // Whoever is compared by both models is not compared by the first alone.
  const [seen] = [...(await second.store.observations.getMany([contentId(1)], 'toy-2')).values()];
  assert.equal(seen?.packId, 'toy-2');
  assert.ok(
    seen.persons.every(({ template }) => template.length === 32 && template.slice(16).some((it) => it !== 0)),
  );

  await change(second, 'toy-1');
  const third = await opened(t, world);
  assert.equal(third.vision.packId, 'toy-1');
  await runSlice(third, people, { only: 'match' }, {});
  assert.deepEqual(await decisions(third), EXPECTED);
});

test('what is seen and learnt with the new pack needs no embedding afterwards, and the old pack knows it too', async (t) => {
  const world = await scanned(t);
  await change(await opened(t, world), 'toy-2');
  const second = await opened(t, world);
  await addPerformer(world.stash, 3, [3, null]);
  await addImage(world.stash, 21, [3, null]);
  await runSlice(second, scan, {}, {});
  const found = await second.store.identifications.get({ kind: 'image', id: '21' });
  assert.deepEqual(
    found?.persons.map(({ decision, candidates }) => [decision, candidates[0]?.performerId]),
    [['match', '3']],
  );
  assert.equal(
    await second.store.cropEmbeddings.countLeft((await second.vision.addedBy('toy-2'))!.fusion),
    0,
  );
  await change(second, 'toy-1');
  const third = await opened(t, world);
  await runSlice(third, people, { only: 'match' }, {});
  const back = await third.store.identifications.get({ kind: 'image', id: '21' });
  assert.deepEqual(
    back?.persons.map(({ decision }) => decision),
    ['match'],
  );
});

test('the change ends the same wherever it is cut off', async (t) => {
  const seen = await scanned(t);
  takeMedia(seen);
  const copied = (): World => {
    const folder = tempFolder(t);
    cpSync(seen.folder, folder, { recursive: true });
    return { ...seen, folder };
  };
  const expected = await endOf(t, copied());
  let cut = 0;
  for (let at = 1; at <= 10; at++) {
    const world = copied();
    if (await changeCutOff(t, world, at)) cut++;
    assert.deepEqual(await endOf(t, world), expected, `cut off at ${at}`);
  }
  assert.equal(cut, 10);
});

test('the change ends the same after SIGKILL at any of ten steps', async (t) => {
  const seen = await scanned(t);
  takeMedia(seen);
  const copied = (): World => {
    const folder = tempFolder(t);
    cpSync(seen.folder, folder, { recursive: true });
    return { ...seen, folder };
  };
  const expected = await endOf(t, copied());
  for (const at of sample(numbers(10), 2)) {
    const world = copied();
    assert.equal(await changeKilled(world, seen.folder, at + 1), 'SIGKILL', `at step ${at + 1}`);
    assert.deepEqual(await endOf(t, world), expected, `killed at step ${at + 1}`);
  }
});

test('a start for another pack that is not there, or whose model is not there, is refused in one sentence', async (t) => {
  const world = await scanned(t);
  const context = await opened(t, world);
  await assert.rejects(change(context, 'toy-9'), {
    code: 'bad-input',
    message: 'There is no face pack toy-9, but toy-1, toy-2.',
  });
  rmSync(`${world.weights}/toy-second.onnx`);
  await assert.rejects(change(context, 'toy-2'), {
    code: 'model-missing',
    message: /^The model toy-second is missing: /,
  });
  writeFileSync(`${world.weights}/toy-second.onnx`, 'no model');
  await assert.rejects(change(context, 'toy-2'), {
    code: 'model-missing',
    message: /is not the model toy-second/,
  });
  assert.equal(await context.store.state.get('face-pack'), null);
});

test('the page sees what can be chosen, chooses it, and how far it is', async (t) => {
  const world = await scanned(t);
  takeMedia(world);
  const context = await opened(t, world);
  assert.deepEqual(await shown(context), [
    ['toy-1', 'used', null, false],
    ['toy-2', 'offered', null, false],
  ]);
  await packOperations['packs.choose'](context, { pack: 'toy-2' });
  assert.deepEqual(await shown(context), [
    ['toy-1', 'used', null, false],
    ['toy-2', 'wanted', null, true],
  ]);
  await runSlice(context, people, { only: 'match' }, {});
  assert.deepEqual(await shown(await opened(t, world)), [
    ['toy-1', 'offered', null, false],
    ['toy-2', 'used', null, false],
  ]);
});

test('who changes back before the end keeps the pack', async (t) => {
  const world = await scanned(t);
  const context = await opened(t, world);
  await context.store.state.set('face-pack', { inUse: 'toy-1', wanted: 'toy-2' });
  await change(context, 'toy-1');
  assert.deepEqual(await context.store.state.get('face-pack'), { inUse: 'toy-1', wanted: 'toy-1' });
});

test('embeddings of crops go with what they were made of', async (t) => {
  const world = await scanned(t);
  const context = await opened(t, world);
  await change(context, 'toy-2');
  const { fusion } = (await context.vision.addedBy('toy-2'))!;
  const count = async (): Promise<number> => {
    const found = await context.store.observations.getMany(
      Array.from({ length: IMAGES }, (_, n) => contentId(n + 1)),
      'toy-2',
    );
    return [...found.values()].length;
  };
  assert.equal(await count(), IMAGES);
  await context.store.erase(['faces', 'people']);
  assert.equal(await count(), 0);
  assert.equal(await context.store.cropEmbeddings.countLeft(fusion), 0);
  assert.equal(await rowsOf(world.folder, 'crop_embeddings'), 0);
});

test('a pack that this version does not have counts as the default one', () => {
  assert.equal(chosenPack(null), packInUse);
  assert.equal(chosenPack({ inUse: 'portable-9', wanted: 'portable-9' }), packInUse);
  assert.equal(chosenPack({ inUse: 'portable-2', wanted: 'portable-2' }).id, 'portable-2');
  assert.equal(fusionOf(packOf(shipped, 'portable-1')), null);
});

const EXPECTED = ['1 match', '2 match', 'unknown', '1 match', '2 match', 'unknown'];

/** Two performers, and pictures of them and of a stranger, seen by the first pack. */
async function scanned(t: TestContext): Promise<World> {
  const folder = tempFolder(t);
  const world = { folder, weights: tempFolder(t), stash: smallLibrary(folder) };
  await addPerformer(world.stash, 1, [1, null]);
  await addPerformer(world.stash, 2, [null, 2]);
  for (let n = 1; n <= IMAGES; n++)
    await addImage(world.stash, n, [1 + ((n - 1) % 3) + (n % 3 === 0 ? 4 : 0), null]);
  const context = await opened(t, world);
  await runSlice(context, scan, {}, {});
  assert.deepEqual(await decisions(context), EXPECTED);
  return world;
}

/** Nothing can be decoded from now on. */
function takeMedia({ folder, stash }: World): void {
  for (let n = 1; n <= IMAGES; n++) rmSync(`${folder}/${n}.jpg`);
  stash.media.clear();
}

/** As a process that is gone at its n-th step. */
async function changeCutOff(t: TestContext, world: World, at: number): Promise<boolean> {
  let steps = 0;
  try {
    await changeInSteps(t, world, () => {
      if (++steps === at) throw new Error('gone');
    });
    return false;
  } catch {
    return true;
  }
}

/** Killed at its n-th step. */
async function changeKilled(
  { folder, weights }: World,
  files: string,
  at: number,
): Promise<NodeJS.Signals | null> {
  const child = spawn(
    process.execPath,
    [
      '--no-warnings',
      '--import',
      'tsx',
      path.join(import.meta.dirname, 'pack-change/child.ts'),
      folder,
      weights,
      files,
      String(at),
    ],
    { stdio: ['ignore', 'ignore', 'inherit'] },
  );
  const [, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
  return signal;
}

/** Changed and matched to the end: what is decided, and what is stored of the crops. */
async function endOf(t: TestContext, world: World): Promise<unknown> {
  await change(await opened(t, world), 'toy-2');
  const context = await opened(t, world);
  await runSlice(context, people, { only: 'match' }, {});
  const observations = await context.store.observations.getMany(
    Array.from({ length: IMAGES }, (_, n) => contentId(n + 1)),
    'toy-2',
  );
  return {
    pack: context.vision.packId,
    chosen: await context.store.state.get('face-pack'),
    decisions: await decisions(context),
    templates: [...observations]
      .map(([id, { persons }]) => [id, persons.map(({ template }) => [...template])])
      .toSorted(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    references: (await everybody(context.store.people, 'toy-2')).map(({ id, references }) => [
      id,
      references.map(({ embedding }) => [...embedding]),
    ]),
    left: await context.store.cropEmbeddings.countLeft((await context.vision.addedBy('toy-2'))!.fusion),
  };
}

async function shown(context: FakeContext): Promise<unknown> {
  return (await packsView(context)).map(({ id, state, problem, left }) => [id, state, problem, left > 0]);
}

async function decisions({ store }: FakeContext): Promise<string[]> {
  const all: string[] = [];
  for (let n = 1; n <= IMAGES; n++) {
    const found = await store.identifications.get({ kind: 'image', id: String(n) });
    for (const { decision, candidates } of found?.persons ?? [])
      all.push(decision === 'match' ? `${candidates[0]?.performerId} match` : decision);
  }
  return all;
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
  writeFileSync(stash.items.get(`image:${n}`)!.files[0]!.path, await jpegOf(shows));
}

async function jpegOf(shows: readonly (number | null)[]): Promise<Uint8Array> {
  return await jpegs.codec.encodeJpeg(toyPicture(shows), 95);
}

function contentId(n: number): `md5:${string}` {
  return `md5:${n.toString(16).padStart(32, '0')}`;
}

async function rowsOf(folder: string, table: string): Promise<number> {
  const database = await openDatabase(path.join(folder, 'stash-sense.sqlite'), { readOnly: true });
  try {
    return Number(database.raw.get(`SELECT count(*) AS n FROM ${table}`)?.['n']);
  } finally {
    await database.close();
  }
}
