/** A performer whom a person chose without a suggestion, and whom Stash has no more: found, told, and decided like any other. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { CandidateView } from '../../core/contract/faces.ts';
import { checkAccepted } from '../../tasks/accepted/standing.ts';
import { sweepSuggestions } from '../../tasks/accepted/sweep.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
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
import { aSlice } from '../fakes/slice.ts';
import { fakeVision } from '../fakes/vision.ts';

const SCENE = { kind: 'scene', id: '1' } as const;

/** 5: whom the face is; 6: a candidate who is less like it; 9: nobody would find here. */
for (const performerId of ['5', '6', '9']) {
  test(`performer ${performerId}, added without a suggestion and taken off in Stash, is told as taken off and added again`, async (t) => {
    const { context, stash } = await world(t);
    const add = { entity: SCENE, performerId, personKey: 0 } as const;
    const { journalId } = await suggestionOperations['entity.add'](context, add);
    assert.ok(journalId !== null);
    assert.equal((await candidate(context, performerId))?.removed, undefined);

    put(stash, []);
    const lost = await candidate(context, performerId);
    assert.deepEqual([lost?.removed, lost?.present, lost?.performerId], [true, false, performerId]);
    const { items } = await suggestionOperations['suggestions.list'](context, LIST);
    assert.deepEqual(
      items.map(({ state, target }) => `${state} ${target?.id}`),
      [`removed ${performerId}`],
    );
    await context.store.observations.setMatchedWith(SCENE, 'another version');
    await rematchAll(context, aSlice());
    assert.equal((await candidate(context, performerId))?.removed, true, 'a match changes nothing');

    await suggestionOperations['entity.add'](context, add);
    assert.deepEqual(performers(stash), [performerId]);
    assert.equal((await candidate(context, performerId))?.removed, undefined);
  });

  test(`performer ${performerId}, taken off: "Not this person" is a no, from the card as from the list`, async (t) => {
    for (const from of ['the card', 'the list']) {
      const { context, stash } = await world(t);
      await suggestionOperations['entity.add'](context, { entity: SCENE, performerId, personKey: 0 });
      put(stash, []);
      await checkAccepted(context, [SCENE]);
      const [item] = (await suggestionOperations['suggestions.list'](context, LIST)).items;
      if (from === 'the list') await suggestionOperations['suggestions.reject'](context, { ids: [item!.id] });
      else {
        const no = { entity: SCENE, performerId, personKey: 0, undo: false } as const;
        await suggestionOperations['entity.reject'](context, no);
      }
      const now = await candidate(context, performerId);
      assert.equal(now?.removed, undefined);
      assert.equal((await context.store.suggestions.get(item!.id))?.state, 'rejected');
      if (performerId !== '9') assert.equal(now?.rejected, true);
    }
  });
}

test('whom Stash has on it already is known by the face that they are chosen for, until they are taken off', async (t) => {
  const { context, stash } = await world(t);
  put(stash, ['5']);
  const add = { entity: SCENE, performerId: '5', personKey: 0 };
  assert.deepEqual(await suggestionOperations['entity.add'](context, add), {
    journalId: null,
    dryRun: false,
  });
  assert.deepEqual(await confirmed(context), ['used']);
  assert.equal((await context.store.journal.list({}, 9, 0)).total, 0);
  put(stash, []);
  await checkAccepted(context, [SCENE]);
  assert.deepEqual(await confirmed(context), ['withdrawn']);
});

test('the face that was confirmed with it is withdrawn when a run notices', async (t) => {
  const { context, stash } = await world(t);
  await suggestionOperations['entity.add'](context, { entity: SCENE, performerId: '5', personKey: 0 });
  assert.deepEqual(await confirmed(context), ['used']);
  put(stash, []);
  await sweepSuggestions(context, aSlice());
  assert.deepEqual(await confirmed(context), ['withdrawn']);
});

test('an undone choice leaves nothing in the list, also after a no to it was withdrawn', async (t) => {
  const { context } = await world(t);
  const add = { entity: SCENE, performerId: '6', personKey: 0 } as const;
  const { journalId } = await suggestionOperations['entity.add'](context, add);
  await undo(context, { ids: [journalId!] });
  const listed = async (): Promise<string[]> =>
    (await suggestionOperations['suggestions.list'](context, LIST)).items.map(({ state }) => state);
  assert.deepEqual(await listed(), []);
  await suggestionOperations['entity.reject'](context, { ...add, undo: false });
  await suggestionOperations['entity.reject'](context, { ...add, undo: true });
  assert.deepEqual(await listed(), []);
});

test('what was there already when it was chosen, and is taken off later, is told too', async (t) => {
  const { context, stash } = await world(t);
  put(stash, ['6']);
  const add = { entity: SCENE, performerId: '6', personKey: 0 } as const;
  assert.equal((await suggestionOperations['entity.add'](context, add)).journalId, null);
  put(stash, []);
  assert.equal((await candidate(context, '6'))?.removed, true);
});

test('an answer to "one of these" that is taken off is told at the candidate who was chosen', async (t) => {
  const { context, stash } = await world(t, { twins: true });
  const question = await context.store.suggestions.list({ kind: 'performer-ambiguous' }, 'newest', 1, 0);
  assert.equal(question.total, 1);
  await suggestionOperations['entity.add'](context, { entity: SCENE, performerId: '5', personKey: 0 });
  assert.equal((await context.store.suggestions.get(question.items[0]!.id))?.state, 'accepted');
  put(stash, []);
  assert.equal((await candidate(context, '5'))?.removed, true);
  assert.equal((await candidate(context, '6'))?.removed, undefined);
  await suggestionOperations['entity.add'](context, { entity: SCENE, performerId: '5', personKey: 0 });
  assert.equal((await candidate(context, '5'))?.removed, undefined);
  assert.equal((await context.store.suggestions.get(question.items[0]!.id))?.state, 'accepted');
});

const LIST = { state: ['removed' as const, 'open' as const], order: 'newest' as const, limit: 20, offset: 0 };

type World = { readonly context: FakeContext; readonly stash: MemoryStash };

/** Scene 1 shows one face, like performer 5 but not so that it would be suggested, and less like 6; `twins`: as much like 6. */
async function world(t: TestContext, { twins = false } = {}): Promise<World> {
  const stash = memoryStash({
    items: [anItem(1, { files: [aFile(1)] })],
    performers: [5, 6, 9].map((n) => aPerformer(n)),
  });
  const context = await fakeContext(t, stash, { folder: tempFolder(t), vision: fakeVision() });
  const { store } = context;
  await known(context, 5, aVector(5));
  await known(context, 6, twins ? aVector(5) : aVector(5, { lean: 0.5, towards: 6 }));
  await known(context, 9, aVector(9));
  const face = twins ? aVector(5) : aVector(5, { lean: 1.2556 });
  const person = aPerson(0, { template: face, exemplars: [face] });
  const observation = anObservation(1, { persons: [person] });
  await store.observations.put({ observation, crops: [] });
  await store.observations.link(SCENE, 'Scene 1', [observation.contentId]);
  await rematchAll(context, aSlice());
  const open = await store.suggestions.list({ kind: 'performer-seen' }, 'newest', 9, 0);
  assert.equal(open.total, 0, 'nobody is suggested');
  return { context, stash };
}

async function known(
  { store }: FakeContext,
  n: number,
  embedding: ReturnType<typeof aVector>,
): Promise<void> {
  await store.people.putPerformer(aPerformer(n));
  await store.people.putReference({
    performerId: String(n),
    source: 'profile',
    sourceKey: 'profile',
    revision: '',
    contentHash: '',
    packId: PACK,
    state: 'used',
    embedding,
    quality: 0.9,
    crop: null,
  });
}

async function candidate(context: FakeContext, performerId: string): Promise<CandidateView | undefined> {
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  return persons[0]?.candidates.find((one) => one.performerId === performerId);
}

async function confirmed({ store }: FakeContext): Promise<string[]> {
  const pictures = await store.people.pictures('5');
  return pictures.filter(({ source }) => source === 'confirmed').map(({ state }) => state);
}

/** Somebody else sets whom the scene has: a form, a scrape, another plugin. */
function put(stash: MemoryStash, performerIds: readonly string[]): void {
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds });
}

function performers(stash: MemoryStash): readonly string[] | undefined {
  return stash.items.get('scene:1')?.performerIds;
}
