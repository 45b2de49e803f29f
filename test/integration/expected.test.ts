/** Performers who are on a scene in Stash, or in others of its studio, are expected in it: what is read, decided and said. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test, type TestContext } from 'node:test';
import type { Embedding } from '../../core/faces/face.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { createObserveAndMatch } from '../../tasks/identify/observe-and-match.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { readCredits } from '../../tasks/observe/read-credits.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { CALIBRATION, straightLikelihood } from '../fixtures/calibration.ts';
import {
  anObservation,
  aPerson,
  aVector,
  fakeContext,
  PACK,
  tempFolder,
  type FakeContext,
} from '../fakes/context.ts';
import { aSlice } from '../fakes/slice.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { fakeVision } from '../fakes/vision.ts';

/** Twenty per unit of similarity, so that 0.28 is not enough among sixty people and more than enough among ten. */
const VISION = {
  ...fakeVision(),
  calibration: {
    ...CALIBRATION,
    matching: { ...CALIBRATION.matching, likelihood: straightLikelihood(0, 20), expectedLogPrior: 2 },
  },
};
const STRANGERS = 60;
const SCENE = { kind: 'scene', id: '1' } as const;

test('who is in other scenes of the studio is named by a face that alone would not be enough, and the suggestion says why', async (t) => {
  const { context, stash } = await library(t, { similarity: 0.28 });
  assert.deepEqual(await decided(context), ['ambiguous']);
  for (let n = 2; n <= 13; n++) stash.addScene(n, '', { studioId: '9', performerIds: ['1'] });
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, studioId: '9' });
  await matchAgain(context);
  assert.deepEqual(await decided(context), ['match']);
  const [suggestion] = await open(context);
  assert.equal(suggestion?.kind, 'performer-seen');
  assert.deepEqual(suggestion?.kind === 'performer-seen' && suggestion.evidence.expected, {
    studioScenes: 12,
  });
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual(persons[0]?.candidates[0]?.expected, { studioScenes: 12 });
});

test('to be expected alone names nobody: not whom the face does not resemble, nor anybody of a scene without faces', async (t) => {
  const { context } = await library(t, { similarity: 0.05, studioId: '9', others: 12, performerIds: ['1'] });
  await matchAgain(context);
  assert.deepEqual(await decided(context), ['unknown']);
  assert.deepEqual(await open(context), []);
});

test('of two who look alike, one of whom is of the studio, none is named', async (t) => {
  const { context } = await library(t, { similarity: 0.3, studioId: '9', others: 12, twin: true });
  await matchAgain(context);
  assert.deepEqual(await decided(context), ['ambiguous']);
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  const [one, other] = persons[0]!.candidates.toSorted(
    (a, b) => Number(a.performerId) - Number(b.performerId),
  );
  assert.deepEqual(one?.expected, { studioScenes: 12 });
  assert.equal(other?.expected, undefined);
});

test('a scene is decided again once somebody was put on it, or taken off it, in Stash', async (t) => {
  const { context, stash } = await library(t, { similarity: 0.28 });
  assert.deepEqual(await decided(context), ['ambiguous']);
  changeInStash(stash, { performerIds: ['1'] });
  await matchAgain(context);
  assert.deepEqual(await decided(context), ['match']);
  assert.deepEqual(await open(context), []);
  changeInStash(stash, { performerIds: [] });
  await matchAgain(context);
  assert.deepEqual(await decided(context), ['ambiguous']);
});

test('the Faces tab decides at once by who is on the scene by now', async (t) => {
  const { context, stash } = await library(t, { similarity: 0.28 });
  changeInStash(stash, { performerIds: ['1'] });
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal(persons[0]?.decision, 'match');
  assert.deepEqual(persons[0]?.candidates[0]?.expected, { onScene: true });
});

test('the Faces tab of a scene that is on Stash as before does not wait for who writes to the store', async (t) => {
  const { context } = await library(t, { similarity: 0.28 });
  await identifyOperations['scene.faces'](context, { sceneId: '1' });
  using other = new DatabaseSync(path.join(context.dataFolder, 'stash-sense.sqlite'));
  other.exec('BEGIN IMMEDIATE');
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal(persons.length, 1);
});

test('whom we put on scenes ourselves is expected neither there nor in others of the studio', async (t) => {
  const { context, stash } = await library(t, { similarity: 0.28, studioId: '9', others: 1 });
  // Seen in scene 2 as well as one can be.
  stash.addScene(2, '1', { studioId: '9', performerIds: [] });
  await readAll(context);
  await createObserveAndMatch(context)(stash.items.get('scene:2')!, {
    force: false,
    waiting: 'in the background',
  });
  const [suggestion] = await open(context, '2');
  await suggestionOperations['suggestions.accept'](context, { ids: [suggestion!.id], dryRun: false });
  assert.deepEqual(stash.items.get('scene:2')?.performerIds, ['1']);
  changeInStash(stash, {}, '2');
  const before = await context.store.credits.version();
  await matchAgain(context);
  assert.equal(await context.store.credits.version(), before);
  assert.deepEqual(await decided(context), ['ambiguous']);
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '2' });
  assert.equal(persons[0]?.candidates[0]?.expected, undefined);
});

test('reading the scenes takes few requests, and two where nothing was changed', async (t) => {
  const { context, stash } = await library(t, { similarity: 0.28 });
  const updatedAt = '2020-01-01T00:00:00Z';
  for (let n = 2; n <= 1200; n++)
    stash.addScene(n, '', { studioId: '9', performerIds: [String(2 + (n % 5))], updatedAt });
  await context.store.state.delete('credits-read');
  const calls: string[] = [];
  stash.before = (call) => void (OF_SCENES.has(call) && calls.push(call));
  await readAll(context);
  assert.deepEqual(calls, ['entitiesAfter', 'entitiesAfter', 'entitiesAfter', 'countEntities']);
  calls.length = 0;
  await readAll(context);
  assert.deepEqual(calls, ['entitiesAfter', 'countEntities']);
  // A later slice of a run reads none.
  calls.length = 0;
  for (let slice = 0; slice < 2; slice++)
    assert.equal(await readCredits(context, aSlice({ run: { id: 'a' } })), 'read');
  assert.deepEqual(calls, ['entitiesAfter', 'countEntities']);
  const expected = (await context.store.credits.expectedIn(['2'])).get('2');
  assert.equal(expected?.size, 5);
  // One is gone: which, only all of them tell.
  stash.items.delete('scene:7');
  const version = await context.store.credits.version();
  await readAll(context);
  assert.ok((await context.store.credits.version()) > version);
  assert.deepEqual(await context.store.credits.expectedIn(['7']), new Map());
});

test('reading the scenes gives the queue back after each page, and goes on there, also after a kill at any call', async (t) => {
  const { context, stash } = await library(t, { similarity: 0.28 });
  for (let n = 2; n <= 1700; n++)
    stash.addScene(n, '', { studioId: String(7 + (n % 2)), performerIds: [String(2 + (n % 5))] });
  let slices = 1;
  while ((await readCredits(context, aSlice({ isOver: () => true }))) === 'yielded') slices++;
  assert.equal(slices, 4);
  const whole = await said(context);
  for (let killedAt = 1; killedAt <= 6; killedAt++) {
    await context.store.erase(['faces']);
    let calls = 0;
    stash.before = (call) => {
      if (OF_SCENES.has(call) && ++calls === killedAt) throw new Error('killed');
    };
    const isKilled = await readCredits(context, aSlice({ run: { id: String(runs++) } })).then(
      () => false,
      () => true,
    );
    assert.equal(isKilled, killedAt <= 5);
    stash.before = () => undefined;
    await readAll(context);
    assert.deepEqual(await said(context), whole, `killed at call ${killedAt}`);
  }
});

/** Exclusions are read again when five seconds have passed, which is no question of what is tested. */
const OF_SCENES: ReadonlySet<string> = new Set(['entitiesAfter', 'countEntities']);

type Setup = {
  /** Of the face in scene 1 with performer 1. */
  readonly similarity: number;
  /** Performer 2 looks the same. */
  readonly twin?: boolean;
  /** Scenes of the studio with performer 1. */
  readonly others?: number;
} & Partial<Pick<StashEntity, 'studioId' | 'performerIds'>>;

async function library(
  t: TestContext,
  { similarity, twin = false, others = 0, ...scene }: Setup,
): Promise<{ context: FakeContext; stash: SmallLibrary }> {
  const stash = smallLibrary(tempFolder(t));
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, twin ? 'face 1' : 'face 2');
  for (let n = 3; n <= STRANGERS; n++) stash.addPerformer(n, 'face 3');
  stash.addScene(1, '', scene);
  const context = await fakeContext(t, stash, { vision: VISION });
  await runSlice(context, people, {}, {});
  for (let n = 2; n < 2 + others; n++) stash.addScene(n, '', { ...scene, performerIds: ['1'] });
  const template = leaning(similarity);
  const observation = anObservation(1, {
    packId: PACK,
    persons: [aPerson(0, { template, exemplars: [template] })],
  });
  await context.store.observations.put({ observation, crops: [] });
  await context.store.observations.link(SCENE, 'Scene 1', [observation.contentId]);
  await context.store.state.delete('all-matched-with');
  await matchAgain(context);
  return { context, stash };
}

/** A face with this similarity to performer 1, and none to anybody else. */
function leaning(similarity: number): Embedding {
  const [one, nobody] = [aVector(1), aVector(5)];
  return one.map((value, n) => similarity * value + Math.sqrt(1 - similarity ** 2) * nobody[n]!) as Embedding;
}

let changes = 0;

/** Stash tells by the time that it was changed. */
function changeInStash(stash: SmallLibrary, changed: Partial<StashEntity>, id = '1'): void {
  const updatedAt = new Date(Date.UTC(2030, 0, 1, 0, 0, changes++)).toISOString().replace('.000', '');
  stash.items.set(`scene:${id}`, { ...stash.items.get(`scene:${id}`)!, ...changed, updatedAt });
}

let runs = 100;

/** In a run of its own. */
async function readAll(context: FakeContext): Promise<void> {
  assert.equal(await readCredits(context, aSlice({ run: { id: String(runs++) } })), 'read');
}

async function matchAgain(context: FakeContext): Promise<void> {
  await readAll(context);
  assert.equal(await rematchAll(context, aSlice()), 'done');
}

async function decided({ store }: FakeContext): Promise<readonly string[] | undefined> {
  return (await store.identifications.get(SCENE))?.persons.map(({ decision }) => decision);
}

async function open({ store }: FakeContext, id = '1') {
  return (await store.suggestions.list({ entity: { kind: 'scene', id }, state: 'open' }, 'newest', 10, 0))
    .items;
}

async function said({ store }: FakeContext): Promise<unknown> {
  const expected = await store.credits.expectedIn(Array.from({ length: 1700 }, (_, n) => String(n + 1)));
  return [...expected].map(([id, found]) => [id, found.size, found.of('2'), found.of('3')]);
}
