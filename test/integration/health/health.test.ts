/** "Check library health": what it looks at once more and what not, what it closes, and what a decision holds for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { healthOperations } from '../../../tasks/health/operations.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { anObservation } from '../../fakes/context.ts';
import { aFile, anItem } from '../../fakes/memory-stash.ts';
import { check, checkInSlices, idsOf, opened, suggested, type Opened } from './checking.ts';

const BOX_ID = { endpoint: 'https://box.example/graphql', stashId: 'a' };
const at = (day: number): string => `2026-03-${String(day + 1).padStart(2, '0')}T00:00:00Z`;

function addScene(
  { stash }: Pick<Opened, 'stash'>,
  n: number,
  over: Partial<ReturnType<typeof anItem>> = {},
): void {
  stash.items.set(`scene:${n}`, anItem(n, { performerIds: ['1'], updatedAt: at(0), ...over }));
}

function link({ stash }: Pick<Opened, 'stash'>, n: number, fields: Record<string, string | null>): void {
  stash.sceneStashIds.set(String(n), [BOX_ID]);
  stash.sceneFields.set(String(n), fields);
}

test('a second run looks at nothing that did not change, and at what did', async (t) => {
  const world = await opened(t);
  const { context, stash } = world;
  for (let n = 1; n <= 5; n++) addScene(world, n, { performerIds: [] });
  addScene(world, 6);
  assert.match(inEnglish((await check(context)).message), /^6 scenes were looked at: 5 suggestions/);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), ['1', '2', '3', '4', '5']);

  // All changed within the same hour: they are read once more; later ones are not.
  for (let n = 1; n <= 6; n++) addScene(world, n, { performerIds: n < 6 ? [] : ['1'] });
  addScene(world, 7, { performerIds: [], updatedAt: at(20) });
  await check(context);
  assert.match(inEnglish((await check(context)).message), /^1 scene was looked at/);
  addScene(world, 2, { updatedAt: at(25) });
  assert.match(inEnglish((await check(context)).message), /^2 scenes were looked at/);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), ['1', '3', '4', '5', '7']);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers', 'stale'), ['2']);
  stash.items.delete('scene:3');
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), ['1', '4', '5', '7']);
});

test('what was seen since is looked at, though the scene in Stash did not change', async (t) => {
  const world = await opened(t);
  const { context } = world;
  addScene(world, 1, { performerIds: [] });
  addScene(world, 2, { performerIds: [], updatedAt: at(20) });
  await check(context);
  const said = async (): Promise<string[]> =>
    (await suggested(context, 'scenes-without-performers')).flatMap(({ evidence }) =>
      'said' in evidence ? evidence.said.flat().map(inEnglish) : [],
    );
  assert.match((await said()).join(' '), /Nobody has looked for faces/);

  const observation = anObservation(1);
  await context.store.observations.put({ observation, crops: [] });
  const scene = { kind: 'scene', id: '1' } as const;
  await context.store.observations.link(scene, 'Scene 1', [observation.contentId]);
  const members = [{ contentId: observation.contentId, personKey: 0 }];
  await context.store.identifications.save(scene, {
    matcherVersion: 'v',
    persons: [{ key: 0, decision: 'unknown', confidence: 0, margin: 0, candidates: [], members }],
  });
  await check(context);
  assert.match((await said()).join(' '), /1 person was seen in it/);
  const [told] = (await suggested(context, 'scenes-without-performers')).filter(
    ({ entity }) => entity.id === '1',
  );
  assert.deepEqual(told !== undefined && 'faces' in told.evidence && told.evidence.faces, members);
});

test('a no holds for what was found: only something else is told of again', async (t) => {
  const world = await opened(t);
  const { context, stash } = world;
  addScene(world, 1);
  link(world, 1, { date: null, studio: null });
  await check(context);
  const [first] = await suggested(context, 'scenes-incomplete');
  await suggestionOperations['suggestions.reject'](context, { ids: [first!.id] });
  addScene(world, 1, { updatedAt: at(20) });
  link(world, 1, { date: null, studio: '4' });
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-incomplete'), []);
  stash.withoutCover.add('1');
  addScene(world, 1, { updatedAt: at(25) });
  await check(context);
  const [again] = await suggested(context, 'scenes-incomplete');
  assert.deepEqual(again?.payload, { found: ['cover'], contentIds: ['oshash:0000000000000001'] });
  await suggestionOperations['suggestions.reopen'](context, { ids: [first!.id] });
  addScene(world, 1, { updatedAt: at(25) });
  await check(context);
  assert.deepEqual((await suggested(context, 'scenes-incomplete'))[0]?.payload, {
    found: ['cover', 'date'],
    contentIds: ['oshash:0000000000000001'],
  });
});

test('a no holds for the files, also where the scene was added anew', async (t) => {
  const world = await opened(t);
  const { context, stash } = world;
  addScene(world, 1, { performerIds: [] });
  await check(context);
  const [told] = await suggested(context, 'scenes-without-performers');
  await suggestionOperations['suggestions.reject'](context, { ids: [told!.id] });
  stash.items.delete('scene:1');
  addScene(world, 2, { performerIds: [], files: [aFile(1)], updatedAt: at(20) });
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), []);
});

test('done writes nothing, is taken back, and is over once it is so no more: then it may come up anew', async (t) => {
  const world = await opened(t);
  const { context } = world;
  addScene(world, 1, { performerIds: [] });
  await check(context);
  const [told] = await suggested(context, 'scenes-without-performers');
  const ids = [told!.id];
  const accepted = await suggestionOperations['suggestions.accept'](context, { ids, dryRun: false });
  assert.deepEqual(accepted.accepted, [{ id: told!.id, journalId: null }]);
  assert.equal((await context.store.journal.list({}, 10, 0)).total, 0);
  await suggestionOperations['suggestions.reopen'](context, { ids });
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), ['1']);
  await suggestionOperations['suggestions.accept'](context, { ids, dryRun: false });
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers', 'accepted'), ['1']);
  addScene(world, 1, { updatedAt: at(20) });
  await check(context);
  addScene(world, 1, { performerIds: [], updatedAt: at(25) });
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), ['1']);
});

test('accepting all leaves out what only tells of something', async (t) => {
  const world = await opened(t);
  const { context } = world;
  addScene(world, 1, { performerIds: [] });
  await check(context);
  const all = { minConfidence: 0, state: 'open' as const };
  const report = await suggestionOperations['suggestions.accept'](context, {
    all,
    limit: 100,
    offset: 0,
    dryRun: false,
  });
  assert.deepEqual(report.accepted, []);
  assert.deepEqual(await context.store.suggestions.acceptable({ minConfidence: 0 }, null, 10), []);
});

test('one that is switched off closes what it suggested, and looks at everything once it is on again', async (t) => {
  const world = await opened(t);
  const { context } = world;
  addScene(world, 1, { performerIds: [] });
  await check(context);
  const id = 'scenes-without-performers';
  const view = await healthOperations['health.set'](context, { id, isOn: false });
  assert.deepEqual(
    view.analyzers.filter((one) => !one.isOn).map((one) => [one.id, one.open]),
    [[id, 0]],
  );
  await check(context);
  assert.deepEqual(await idsOf(context, id), []);
  await healthOperations['health.set'](context, { id, isOn: true });
  await check(context);
  assert.deepEqual(await idsOf(context, id), ['1']);
});

test('it gives the queue back after each page and each analyzer, and ends in the same state', async (t) => {
  const world = await opened(t);
  const { context } = world;
  for (let n = 1; n <= 700; n++) addScene(world, n, { performerIds: n % 2 === 0 ? [] : ['1'] });
  const slices = await checkInSlices(world);
  assert.ok(slices >= 3, `${slices} slices`);
  assert.equal((await idsOf(context, 'scenes-without-performers')).length, 350);
  assert.equal(await context.store.state.get('health-at'), null);
});

test('a run that was killed between two pages goes on there', async (t) => {
  const world = await opened(t);
  const { context, stash } = world;
  for (let n = 1; n <= 700; n++) addScene(world, n, { performerIds: [] });
  let pages = 0;
  stash.before = (call) => {
    if (call === 'entitiesAfter' && ++pages === 4) throw new Error('killed');
  };
  await assert.rejects(check(context), /killed/);
  const [before] = [(await idsOf(context, 'scenes-without-performers')).length];
  assert.ok(before === 500, `${before}`);
  stash.before = () => undefined;
  await check(context);
  assert.equal((await idsOf(context, 'scenes-without-performers')).length, 700);
});

test('a scene that is matched several times, and decided about, is counted as changed each time', async (t) => {
  const { context } = await opened(t);
  const { store } = context;
  const scene = { kind: 'scene', id: '1' } as const;
  const changes: number[] = [];
  for (let n = 1; n <= 3; n++) {
    await store.identifications.save(scene, { matcherVersion: `v${n}`, persons: [] });
    changes.push(await store.changedScenes.latest());
  }
  assert.deepEqual(changes, [1, 2, 3]);
  assert.deepEqual(await store.changedScenes.since(2, '0', 10), ['1']);
  assert.deepEqual(await store.changedScenes.since(3, '0', 10), []);
  assert.equal(await store.changedScenes.countSince(0), 1);
});
