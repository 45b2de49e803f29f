/** A face of somebody nobody knows is given a name: added, made, learnt from, found elsewhere, and taken back. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import type { FaceCluster } from '../../core/faces/observation.ts';
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import { checkAccepted } from '../../tasks/accepted/standing.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { namingOperations } from '../../tasks/naming/operations.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import type { Suggestion } from '../../core/suggestions/suggestion.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import {
  anObservation,
  aPerson,
  aVector,
  fakeContext,
  tempFolder,
  type FakeContext,
} from '../fakes/context.ts';
import { aFile, anItem, aPerformer, memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';
import { aSlice } from '../fakes/slice.ts';
import { fakeVision } from '../fakes/vision.ts';

const scene = (n: number) => ({ kind: 'scene' as const, id: String(n) });
const face = (n: number, personKey = 0) => ({ entity: scene(n), personKey });
const JANE = { performerId: '5' };

test('a named face is added, and whoever has no picture at all is recognised by it from then on', async (t) => {
  const { context, stash } = await world(t);
  const named = await name(context, { faces: [face(1)], who: JANE });
  assert.deepEqual(
    [named.performerId, named.added, named.there, named.learnt, named.refused],
    ['5', [scene(1)], [], 1, []],
  );
  assert.deepEqual(performersOf(stash, 1), ['5']);
  assert.deepEqual(await references(context), ['confirmed used']);
  await rematchAll(context, aSlice());
  const { persons } = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual([persons[0]?.decision, persons[0]?.performerId], ['match', '5']);
  const open = await context.store.suggestions.list(
    { kind: 'performer-seen', state: 'open' },
    'newest',
    9,
    0,
  );
  assert.deepEqual(open.items.map(({ entity }) => entity.id).toSorted(), ['2', '3'], 'and found elsewhere');
});

test('a new performer is made with the name and the best crop; a batch takes all back, and the performer along', async (t) => {
  const { context, stash } = await world(t);
  const first = await name(context, { faces: [face(1)], who: { name: 'Ann New' } });
  const made = stash.performers.get(first.performerId ?? '');
  assert.equal(made?.name, 'Ann New');
  assert.deepEqual(stash.media.get(made?.imagePath ?? ''), CROP.jpeg);
  const more = await name(context, {
    faces: [face(2), face(3)],
    who: { performerId: first.performerId! },
    batchId: first.batchId,
  });
  assert.deepEqual([more.added, more.learnt], [[scene(2), scene(3)], 2]);
  const { undone, refused } = await undo(context, { batchId: first.batchId });
  assert.deepEqual([undone.length, refused], [4, []]);
  assert.deepEqual(
    [1, 2, 3].map((n) => performersOf(stash, n)),
    [[], [], []],
  );
  assert.equal(stash.performers.has(first.performerId!), false);
  assert.deepEqual(new Set(await references(context, first.performerId!)), new Set(['confirmed withdrawn']));
});

test('where the name is taken nobody is made, until it is said who is meant', async (t) => {
  const { context, stash } = await world(t);
  const before = stash.performers.size;
  const asked = await name(context, { faces: [face(1)], who: { name: 'performer 5' } });
  assert.deepEqual(asked.nameTaken?.performers, [{ performerId: '5', name: 'Performer 5' }]);
  assert.deepEqual([stash.performers.size, performersOf(stash, 1)], [before, []]);
  const other = await name(context, {
    faces: [face(1)],
    who: { name: 'Performer 5', disambiguation: 'singer' },
  });
  assert.equal(other.nameTaken, undefined);
  assert.equal(stash.performers.get(other.performerId ?? '')?.disambiguation, 'singer');
});

test('the same unknown person is found wherever the kept faces show them, and nobody else', async (t) => {
  const { context } = await world(t);
  const { total, items } = await namingOperations['faces.elsewhere'](context, face(1));
  assert.deepEqual(
    [total, items.map(({ entity, personKey }) => `${entity.id} ${personKey}`)],
    [2, ['2 0', '3 1']],
  );
  assert.match(items[0]?.crop ?? '', /^data:image\/jpeg/);
  assert.equal(items[0]?.href, '/scenes/2');
  const nobody = await namingOperations['faces.elsewhere'](context, face(4));
  assert.equal(nobody.total, 0);
});

test('whom Stash has on the scene already is learnt without a write, and that is taken back', async (t) => {
  const { context, stash } = await world(t);
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: ['5'] });
  const named = await name(context, { faces: [face(1)], who: JANE });
  assert.deepEqual([named.added, named.there, named.learnt], [[], [scene(1)], 1]);
  assert.equal((await context.store.journal.list({}, 9, 0)).total, 0);
  assert.deepEqual(
    await namingOperations['faces.unname'](context, { ...face(1), performerId: '5', isNo: false }),
    {
      withdrawn: true,
    },
  );
  assert.deepEqual(await references(context), ['confirmed withdrawn']);
  assert.deepEqual(performersOf(stash, 1), ['5']);
});

test('whom the user tagged is asked about where one face is nobody’s, until a no, which is taken back', async (t) => {
  const { context, stash } = await world(t);
  const unseen = async (n: number): Promise<(string | undefined)[]> =>
    ((await identifyOperations['scene.faces'](context, { sceneId: String(n) })).unseen ?? []).map(
      ({ performerId }) => performerId,
    );
  assert.deepEqual(await unseen(1), []);
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: ['5', '6'] });
  assert.deepEqual(await unseen(1), ['5', '6']);
  const no = { ...face(1), performerId: '6' };
  await namingOperations['faces.unname'](context, { ...no, isNo: true });
  assert.deepEqual(await unseen(1), ['5']);
  assert.deepEqual(performersOf(stash, 1), ['5', '6'], 'nobody is taken off');
  await suggestionOperations['entity.reject'](context, { ...no, undo: true });
  assert.deepEqual(await unseen(1), ['5', '6']);
  await name(context, { faces: [face(1)], who: JANE });
  assert.deepEqual(await unseen(1), [], 'no face is left that could be 6');
});

/** Performer 5, whom nobody knows a picture of, is put on scene 1, where one face is nobody's. */
async function tagged(t: TestContext): Promise<World & { readonly asked: () => Promise<Suggestion[]> }> {
  const opened = await world(t);
  const { context, stash } = opened;
  await context.store.people.putPerformer(aPerformer(5));
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: ['5'] });
  await identifyOperations['scene.faces'](context, { sceneId: '1' });
  const asked = async (): Promise<Suggestion[]> => {
    await rematchAll(context, aSlice());
    return (await context.store.suggestions.list({ state: 'open' }, 'newest', 9, 0)).items;
  };
  return { ...opened, asked };
}

test('whom the user tagged and nobody knows is a question in the list; a yes teaches the face and writes nothing', async (t) => {
  const { context, asked } = await tagged(t);
  const [question, ...others] = await asked();
  assert(question?.kind === 'performer-ambiguous');
  assert.deepEqual(
    [question.entity, question.evidence.tagged, question.payload.candidates.map((one) => one.name), others],
    [scene(1), true, ['Performer 5'], []],
  );
  const all = await context.store.suggestions.acceptable({ minConfidence: 0 }, null, 9);
  assert.deepEqual(all, [], 'never assumed');
  const { accepted } = await suggestionOperations['suggestions.accept'](context, {
    ids: [question.id],
    choices: { [question.id]: { performerId: '5' } },
    dryRun: false,
  });
  assert.deepEqual(accepted, [{ id: question.id, journalId: null }]);
  assert.deepEqual(await references(context), ['confirmed used']);
  assert.equal((await context.store.journal.list({}, 9, 0)).total, 0);
  assert.deepEqual((await asked()).map(({ kind, entity }) => `${kind} ${entity.id}`).toSorted(), [
    'performer-seen 2',
    'performer-seen 3',
  ]);
});

test('a yes to that question is taken back, and taught nothing then; nor did it where the performer is taken off in Stash', async (t) => {
  for (const how of ['reopened', 'taken off']) {
    const { context, stash, asked } = await tagged(t);
    const [question] = await asked();
    const ids = [question!.id];
    const choices = { [question!.id]: { performerId: '5' } };
    await suggestionOperations['suggestions.accept'](context, { ids, choices, dryRun: false });
    assert.deepEqual(await references(context), ['confirmed used']);
    await checkAccepted(context, [scene(1)]);
    assert.deepEqual(await references(context), ['confirmed used'], 'it stands');
    if (how === 'reopened')
      assert.deepEqual(await suggestionOperations['suggestions.reopen'](context, { ids }), { reopened: ids });
    else {
      stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: [] });
      await checkAccepted(context, [scene(1)]);
    }
    assert.deepEqual(await references(context), ['confirmed withdrawn'], how);
    const { state } = (await context.store.suggestions.get(question!.id))!;
    assert.equal(state, how === 'reopened' ? 'open' : 'removed');
    if (how === 'reopened')
      assert.deepEqual(
        (await asked()).map(({ id }) => id),
        ids,
      );
  }
});

test('whom Stash has there already, added by their face, is taken back with its suggestion; what was written is for the journal', async (t) => {
  const { context, stash } = await world(t);
  await name(context, { faces: [face(1)], who: JANE });
  await rematchAll(context, aSlice());
  const found = { kind: 'performer-seen', state: 'open' } as const;
  const { items } = await context.store.suggestions.list(found, 'newest', 9, 0);
  const [there, other] = items;
  stash.items.set(`scene:${there!.entity.id}`, {
    ...stash.items.get(`scene:${there!.entity.id}`)!,
    performerIds: ['5'],
  });
  const ids = items.map(({ id }) => id);
  const { accepted } = await suggestionOperations['suggestions.accept'](context, { ids, dryRun: false });
  assert.deepEqual(
    accepted.map(({ journalId }) => journalId === null),
    [true, false],
  );
  const { reopened } = await suggestionOperations['suggestions.reopen'](context, { ids });
  assert.deepEqual(reopened, [there!.id]);
  assert.equal((await context.store.suggestions.get(other!.id))?.state, 'accepted');
  const add = { ...face(4), ...JANE };
  stash.items.set('scene:4', { ...stash.items.get('scene:4')!, performerIds: ['5'] });
  await suggestionOperations['entity.add'](context, add);
  await namingOperations['faces.unname'](context, { ...add, isNo: false });
  const left = await context.store.suggestions.list({ entity: scene(4), state: 'accepted' }, 'newest', 9, 0);
  assert.equal(left.total, 0);
});

test('of whom it was said that they are not, it is asked no more', async (t) => {
  const { context, asked } = await tagged(t);
  const [question] = await asked();
  await suggestionOperations['suggestions.reject'](context, { ids: [question!.id] });
  assert.deepEqual(await asked(), []);
  const faces = await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal(faces.unseen, undefined, 'nor on the Faces tab');
  await suggestionOperations['suggestions.reopen'](context, { ids: [question!.id] });
  assert.equal((await asked()).length, 1);
});

test('it is not asked of whom a picture is known, of two, or once the face is of no interest', async (t) => {
  const { context, stash, asked } = await tagged(t);
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: ['5', '6'] });
  await context.store.people.putPerformer(aPerformer(6));
  await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.deepEqual(await asked(), []);
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: ['6'] });
  await identifyOperations['scene.faces'](context, { sceneId: '1' });
  assert.equal((await asked()).length, 1);
  const { hiddenId } = await namingOperations['faces.hide'](context, face(1));
  assert.deepEqual(await asked(), []);
  await namingOperations['faces.unhide'](context, { hiddenId });
  assert.equal((await asked()).length, 1);
  await name(context, { faces: [face(4)], who: { performerId: '6' } });
  assert.deepEqual(await asked(), [], 'the face of scene 4 is theirs');
});

test('a face that is too poor is added and not learnt from', async (t) => {
  const { context } = await world(t, { quality: 0.01 });
  const named = await name(context, { faces: [face(1)], who: JANE });
  assert.deepEqual([named.added.length, named.learnt], [1, 0]);
  assert.deepEqual(await references(context), []);
});

test('what cannot be named is refused by itself, and a dry run writes nothing', async (t) => {
  const { context, stash } = await world(t);
  const named = await name(context, { faces: [face(9), face(1, 7), face(2)], who: JANE });
  assert.deepEqual([named.refused.map(({ entity }) => entity.id), named.added], [['9', '1'], [scene(2)]]);
  const dry: FakeContext = { ...context, settings: { ...context.settings, dryRun: true } };
  const tried = await name(dry, { faces: [face(1)], who: { name: 'Ann New' } });
  assert.deepEqual([tried.dryRun, tried.performerId, performersOf(stash, 1)], [true, null, []]);
  assert.equal(
    [...stash.performers.values()].some((one) => one.name === 'Ann New'),
    false,
  );
});

test('taken off in Stash, the face teaches no more', async (t) => {
  const { context, stash } = await world(t);
  await name(context, { faces: [face(1)], who: JANE });
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: [] });
  await checkAccepted(context, [scene(1)]);
  assert.deepEqual(await references(context), ['confirmed withdrawn']);
  const removed = await suggestionOperations['suggestions.list'](context, {
    state: ['removed'],
    order: 'newest',
    limit: 9,
    offset: 0,
  });
  assert.deepEqual(
    removed.items.map(({ entity }) => entity.id),
    ['1'],
  );
});

test('taken off in Stash where they were already, the face teaches no more either', async (t) => {
  const { context, stash } = await world(t);
  const tag = (performerIds: readonly string[]): void =>
    void stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds });
  tag(['5']);
  await name(context, { faces: [face(1)], who: JANE });
  assert.deepEqual(await references(context), ['confirmed used']);
  await checkAccepted(context, [scene(1)]);
  assert.deepEqual(await references(context), ['confirmed used'], 'it stands');
  tag([]);
  await checkAccepted(context, [scene(1)]);
  assert.deepEqual(await references(context), ['confirmed withdrawn']);
});

test('whom somebody else adds in the same moment is learnt as where they were already', async (t) => {
  const { context, stash } = await world(t);
  let reads = 0;
  stash.after = (call) => {
    if (call === 'item' && ++reads === 1)
      stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds: ['5'] });
  };
  const named = await name(context, { faces: [face(1)], who: JANE });
  assert.deepEqual([named.added, named.there, named.learnt, named.refused], [[], [scene(1)], 1, []]);
  assert.deepEqual(await references(context), ['confirmed used']);
  const { items } = await context.store.suggestions.list({ entity: scene(1) }, 'newest', 9, 0);
  assert.deepEqual(
    items.map(({ state }) => state),
    ['accepted'],
  );
});

test('where it was said that it is not the performer they are not found, and found again when that is taken back', async (t) => {
  const { context } = await world(t);
  const found = async (of: { performerId?: string }): Promise<[number, string[]]> => {
    const { total, items } = await namingOperations['faces.elsewhere'](context, { ...face(1), ...of });
    return [total, items.map(({ entity }) => entity.id)];
  };
  const no = { ...face(2), ...JANE };
  await suggestionOperations['entity.reject'](context, { ...no, undo: false });
  assert.deepEqual(await found(JANE), [1, ['3']]);
  assert.deepEqual(await found({ performerId: '6' }), [2, ['2', '3']], 'it may be somebody else');
  assert.deepEqual(await found({}), [2, ['2', '3']]);
  await suggestionOperations['entity.reject'](context, { ...no, undo: true });
  assert.deepEqual(await found(JANE), [2, ['2', '3']]);
});

test('what was rejected is not told as seen on the page of the performer', async (t) => {
  const { context } = await world(t);
  await name(context, { faces: [face(1)], who: JANE });
  await namingOperations['performer.find'](context, { ...JANE, after: null });
  await suggestionOperations['entity.reject'](context, { ...face(2), ...JANE, undo: false });
  const { seenNotTagged } = await namingOperations['performer.face'](context, JANE);
  assert.deepEqual(
    seenNotTagged.map(({ entity }) => entity.id),
    ['3'],
  );
});

test('what was excluded or deleted since is shown neither elsewhere nor on the page of the performer', async (t) => {
  const { context, stash } = await world(t);
  const { store } = context;
  await name(context, { faces: [face(1)], who: JANE });
  await namingOperations['performer.find'](context, { ...JANE, after: null });
  await store.identifications.notePerformers([{ ...scene(4), performerIds: ['5'] }]);
  const hidden = withExcluded(context, ['2', '4']);
  const shown = await namingOperations['performer.face'](hidden, JANE);
  assert.deepEqual(
    [shown.seenNotTagged, shown.taggedNotSeen.filter(({ entity }) => entity.id === '4')],
    [[{ entity: scene(3), title: 'Scene 3', href: '/scenes/3' }], []],
  );
  const unknown = await world(t);
  const { total, items } = await namingOperations['faces.elsewhere'](
    withExcluded(unknown.context, ['2']),
    face(1),
  );
  assert.deepEqual([total, items.map(({ title }) => title)], [1, ['Scene 3']]);
  stash.items.delete('scene:3');
  assert.deepEqual((await namingOperations['performer.face'](hidden, JANE)).seenNotTagged, []);
});

test('the page of a performer tells where they were seen and are not, and the other way round', async (t) => {
  const { context, stash } = await world(t);
  const { store } = context;
  const places = async (): Promise<string[][]> => {
    const { seenNotTagged, taggedNotSeen } = await namingOperations['performer.face'](context, JANE);
    return [seenNotTagged, taggedNotSeen].map((list) => list.map(({ entity }) => entity.id).toSorted());
  };
  stash.items.set('scene:4', { ...stash.items.get('scene:4')!, performerIds: ['5'] });
  await store.identifications.notePerformers([{ ...scene(4), performerIds: ['5'] }]);
  assert.deepEqual(await places(), [[], ['4']]);
  await name(context, { faces: [face(1)], who: JANE });
  assert.deepEqual(await places(), [[], ['1', '4']], 'as of the last match');
  const found = await namingOperations['performer.find'](context, { ...JANE, after: null });
  assert.deepEqual(found, { looked: 4, next: null });
  assert.deepEqual(await places(), [['2', '3'], ['4']]);
  const open = await store.suggestions.list({ kind: 'performer-seen', state: 'open' }, 'newest', 9, 0);
  assert.equal(open.total, 2);
  const gone = { performerId: '77' };
  await assert.rejects(
    () => namingOperations['performer.face'](context, gone),
    /no performer|not in Stash|77/i,
  );
  assert.deepEqual(await namingOperations['performer.find'](context, { ...gone, after: null }), {
    looked: 4,
    next: null,
  });
});

test('a face becomes the picture of whom Stash shows none of, once, and that is undone', async (t) => {
  const { context, stash } = await world(t);
  const use = { ...face(1), performerId: '5' };
  const { journalId } = await namingOperations['faces.usePicture'](context, use);
  assert.ok(stash.performers.get('5')?.imagePath);
  await assert.rejects(() => namingOperations['faces.usePicture'](context, use), /has a picture/);
  const { undone } = await undo(context, { ids: [journalId!] });
  assert.deepEqual([undone, stash.performers.get('5')?.imagePath], [[journalId], null]);
});

/** As Stash's library answers once these scenes have an excluded tag. */
function withExcluded(context: FakeContext, ids: readonly string[]): FakeContext {
  const { library } = context;
  const item: typeof library.item = async (entity) => {
    if (ids.includes(entity.id)) throw new StashSenseError('excluded', plain('excluded'));
    return await library.item(entity);
  };
  return { ...context, library: { ...library, item } };
}

type World = { readonly context: FakeContext; readonly stash: MemoryStash };

/** Performer 5 has no picture. Scene 1 and 2 show somebody unknown, 3 them and somebody else, 4 a third one. */
async function world(t: TestContext, { quality = 0.8 } = {}): Promise<World> {
  const stash = memoryStash({
    items: [1, 2, 3, 4].map((n) => anItem(n, { files: [aFile(n)] })),
    performers: [5, 6].map((n) => aPerformer(n, { imagePath: null })),
  });
  const context = await fakeContext(t, stash, { folder: tempFolder(t), vision: fakeVision() });
  const shown: Record<number, readonly number[]> = { 1: [1], 2: [1], 3: [3, 1], 4: [4] };
  for (const [n, axes] of Object.entries(shown)) await seen(context, Number(n), axes, quality);
  await rematchAll(context, aSlice());
  return { context, stash };
}

async function seen(
  { store }: FakeContext,
  n: number,
  axes: readonly number[],
  quality: number,
): Promise<void> {
  const persons = axes.map((axis, key): FaceCluster => {
    const template = aVector(axis, { lean: n * 0.05, towards: 7 });
    return aPerson(key, { template, exemplars: [template], quality });
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

async function name(
  context: FakeContext,
  input: Parameters<(typeof namingOperations)['faces.name']>[1],
): Promise<Output<'faces.name'>> {
  return await namingOperations['faces.name'](context, input);
}

function performersOf(stash: MemoryStash, n: number): readonly string[] | undefined {
  return stash.items.get(`scene:${n}`)?.performerIds;
}

async function references({ store }: FakeContext, performerId = '5'): Promise<string[]> {
  return (await store.people.pictures(performerId)).map(({ source, state }) => `${source} ${state}`);
}
