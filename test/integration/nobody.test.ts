/** Somebody is nobody of interest: hidden wherever they are seen, kept apart from what was scanned, and taken back. */
import assert from 'node:assert/strict';
import { rmSync, writeFileSync } from 'node:fs';
import { after, test, type TestContext } from 'node:test';
import type { FaceCluster } from '../../core/faces/observation.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { matchDue } from '../../tasks/matching/match-due.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { namingOperations } from '../../tasks/naming/operations.ts';
import { peopleOperations } from '../../tasks/people/operations.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import {
  anObservation,
  aPerson,
  aVector,
  fakeContext,
  PACK,
  tempFolder,
  type FakeContext,
} from '../fakes/context.ts';
import { aFile, anItem, aPerformer, memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';
import { smallLibrary } from '../fakes/small-library.ts';
import { aSlice } from '../fakes/slice.ts';
import { fakeVision } from '../fakes/vision.ts';
import { openTestModels } from '../fixtures/models.ts';
import { toyPicture } from '../fixtures/toy/picture.ts';
import { change, opened } from './pack-change/steps.ts';

const jpegs = openTestModels();
after(() => jpegs.close());

const scene = (n: number) => ({ kind: 'scene' as const, id: String(n) });
const face = (n: number, personKey = 0) => ({ entity: scene(n), personKey });
const FIRST = { limit: 30, offset: 0 };

test('who is hidden is hidden wherever they were seen, the others stay, nothing is written, and it is taken back', async (t) => {
  const { context, stash } = await world(t);
  const before = JSON.stringify([...stash.items]);
  const { hiddenId, elsewhere } = await namingOperations['faces.hide'](context, face(1));
  assert.equal(elsewhere, 2);
  assert.deepEqual(await hiddenIn(context, 1, 2, 3, 4), ['1 0', '2 0', '3 1']);
  const { total, items } = await namingOperations['people.hidden'](context, FIRST);
  assert.deepEqual([total, items.map((item) => item.hiddenId)], [1, [hiddenId]]);
  assert.match(items[0]?.crop ?? '', /^data:image\/jpeg/);
  assert.equal((await peopleOperations['people.info'](context, FIRST)).hidden, 1);
  assert.deepEqual(
    await namingOperations['faces.hide'](context, face(2)),
    { hiddenId, elsewhere: 0 },
    'is hidden already',
  );
  assert.deepEqual(await namingOperations['faces.unhide'](context, { hiddenId }), { shown: true });
  assert.deepEqual(await hiddenIn(context, 1, 2, 3, 4), []);
  assert.equal((await namingOperations['people.hidden'](context, FIRST)).total, 0);
  await assert.rejects(() => namingOperations['faces.unhide'](context, { hiddenId }), {
    code: 'changed-since',
  });
  assert.equal(JSON.stringify([...stash.items]), before);
  assert.equal((await context.store.journal.list({}, 9, 0)).total, 0);
});

test('it outlives the look it was taken from, and holds for what is scanned later', async (t) => {
  const { context } = await world(t);
  await namingOperations['faces.hide'](context, face(1));
  await seen(context, 1, [3, 1]);
  await seen(context, 4, [1]);
  for (const n of [1, 4]) await context.store.observations.setMatchedWith(scene(n), null);
  await matchDue(context);
  assert.deepEqual(await hiddenIn(context, 1, 2, 3, 4), ['1 1', '2 0', '3 1', '4 0']);
});

test('who is named later is hidden no more, wherever the name was given', async (t) => {
  const { context } = await world(t);
  await namingOperations['faces.hide'](context, face(1));
  const { performerId } = await namingOperations['faces.name'](context, {
    faces: [face(2)],
    who: { performerId: '5' },
  });
  assert.equal(performerId, '5');
  assert.equal((await namingOperations['people.hidden'](context, FIRST)).total, 0);
  assert.deepEqual(await hiddenIn(context, 1, 2, 3), []);
});

test('whoever is on the scene is not asked about by the face of somebody hidden', async (t) => {
  const { context, stash } = await world(t);
  stash.items.set('scene:3', { ...stash.items.get('scene:3')!, performerIds: ['6'] });
  const unseen = async (): Promise<unknown> =>
    (await identifyOperations['scene.faces'](context, { sceneId: '3' })).unseen?.length;
  await namingOperations['faces.hide'](context, face(1));
  assert.equal(await unseen(), 1, 'another face is left');
  await namingOperations['faces.hide'](context, face(3, 0));
  assert.equal(await unseen(), undefined);
});

test('nothing is asked any more about somebody hidden who looks like two performers, and again once it is taken back', async (t) => {
  const stash = smallLibrary(tempFolder(t));
  for (const n of [1, 2]) stash.addPerformer(n, 'face 1');
  for (const n of [1, 2]) stash.addScene(n, '1');
  const context = await fakeContext(t, stash, { folder: tempFolder(t), vision: fakeVision() });
  await runSlice(context, scan, {}, {});
  const open = async (): Promise<string[]> =>
    (await context.store.suggestions.list({ state: 'open' }, 'newest', 9, 0)).items
      .map(({ kind, entity }) => `${kind} ${entity.id}`)
      .toSorted();
  const asked = ['performer-ambiguous 1', 'performer-ambiguous 2'];
  assert.deepEqual(await open(), asked);
  const { hiddenId } = await namingOperations['faces.hide'](context, face(1));
  assert.deepEqual(await open(), []);
  await rematchAll(context, aSlice());
  assert.deepEqual(await open(), []);
  await namingOperations['faces.unhide'](context, { hiddenId });
  assert.deepEqual(await open(), asked);
});

test('it holds after a change of the face pack, and after the way back', async (t) => {
  const folder = tempFolder(t);
  const library = { folder, weights: tempFolder(t), stash: smallLibrary(folder) };
  for (const n of [1, 2]) {
    library.stash.addImage(n, '');
    const jpeg = await jpegs.codec.encodeJpeg(toyPicture([3, null]), 95);
    writeFileSync(library.stash.items.get(`image:${n}`)!.files[0]!.path, jpeg);
  }
  const first = await opened(t, library);
  await runSlice(first, scan, {}, {});
  await namingOperations['faces.hide'](first, { entity: { kind: 'image', id: '1' }, personKey: 0 });
  const image = { kind: 'image', id: '1' } as const;
  const isHidden = async (context: FakeContext): Promise<boolean> => {
    const { persons } = await identifyOperations['entity.faces'](context, { entity: image });
    return persons[0]?.hiddenId !== undefined;
  };
  assert.equal(await isHidden(first), true);
  // What was seen is gone: the crops that are kept with the person are embedded.
  for (const n of [1, 2]) rmSync(`${folder}/${n}.jpg`);
  await change(first, 'toy-2');
  const second = await opened(t, library);
  const [{ faces } = { faces: [] }] = await second.store.hiddenPeople.list('toy-2');
  assert.deepEqual(
    faces.map(({ person }) => [person.template.length, person.template.slice(16).some((it) => it !== 0)]),
    [[32, true]],
  );
  assert.equal(await isHidden(second), true);
  await change(second, 'toy-1');
  assert.equal(await isHidden(await opened(t, library)), true);
});

for (const what of ['faces', 'decisions'] as const)
  test(`whoever is hidden is counted with the decisions, and goes with ${what}`, async (t) => {
    const { context } = await world(t);
    const { store } = context;
    const before = (await store.measure()).decisions;
    await namingOperations['faces.hide'](context, face(1));
    const { decisions } = await store.measure();
    assert.equal(decisions.count, before.count + 1);
    assert.ok(decisions.bytes > before.bytes);
    await store.erase([what]);
    assert.deepEqual([await store.hiddenPeople.count(), await store.hiddenPeople.list(PACK)], [0, []]);
    assert.deepEqual(await store.hiddenPeople.pictures(9, 0), []);
    if (what === 'faces') assert.equal((await store.observations.size()).crops, 0);
  });

test('by a face in what is excluded nobody is known any more', async (t) => {
  const { context } = await world(t);
  const { store } = context;
  await namingOperations['faces.hide'](context, face(1));
  const contentIds = await store.observations.contentOf(scene(1));
  await store.forget({ entities: [{ ...scene(1), contentIds }], performerIds: [] });
  assert.equal(await store.hiddenPeople.count(), 0);
});

async function hiddenIn(context: FakeContext, ...scenes: readonly number[]): Promise<string[]> {
  const all: string[] = [];
  for (const n of scenes) {
    const { persons } = await identifyOperations['scene.faces'](context, { sceneId: String(n) });
    for (const { key, hiddenId } of persons) if (hiddenId !== undefined) all.push(`${n} ${key}`);
  }
  return all.toSorted();
}

type World = { readonly context: FakeContext; readonly stash: MemoryStash };

/** Scene 1 and 2 show somebody unknown, 3 them and somebody else, 4 a third one. */
async function world(t: TestContext): Promise<World> {
  const stash = memoryStash({
    items: [1, 2, 3, 4].map((n) => anItem(n, { files: [aFile(n)] })),
    performers: [5, 6].map((n) => aPerformer(n, { imagePath: null })),
  });
  const context = await fakeContext(t, stash, { folder: tempFolder(t), vision: fakeVision() });
  const shown: Record<number, readonly number[]> = { 1: [1], 2: [1], 3: [3, 1], 4: [4] };
  for (const [n, axes] of Object.entries(shown)) await seen(context, Number(n), axes);
  await rematchAll(context, aSlice());
  return { context, stash };
}

async function seen({ store }: FakeContext, n: number, axes: readonly number[]): Promise<void> {
  const persons = axes.map((axis, key): FaceCluster => {
    const template = aVector(axis, { lean: n * 0.05, towards: 7 });
    return aPerson(key, { template, exemplars: [template], quality: 0.8 });
  });
  const observation = anObservation(n, { persons });
  const crops = persons.map(({ key }) => ({ ...CROP, personKey: key }));
  await store.observations.put({ observation, crops });
  await store.observations.link(scene(n), `Scene ${n}`, [observation.contentId]);
}

const CROP = {
  jpeg: Uint8Array.of(0xff, 0xd8, 1),
  width: 3,
  height: 4,
  landmarks: [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 2, y: 0 },
    { x: 0, y: 1 },
    { x: 1, y: 1 },
  ],
  rank: 0,
  timeMs: 1000,
} as const;
