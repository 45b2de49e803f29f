/** A face that was confirmed by mistake: each way in which it is withdrawn, and what it had found until then. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { EntityRef } from '../../core/content-id.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { identifyOperations } from '../../tasks/identify/operations.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { people } from '../../tasks/people/task.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { acceptSuggestions } from '../../tasks/suggestions/accept.ts';
import { onWriteLost } from '../../tasks/accepted/confirm-reference.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { journalOperations } from '../../tasks/suggestions/journal-operations.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { matchDue } from '../../tasks/matching/match-due.ts';
import { anObservation, aPerson, aVector, fakeContext, PACK, type FakeContext } from '../fakes/context.ts';
import { anItem, aPerformer, memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';
import { aSlice } from '../fakes/slice.ts';
import { fakeVision } from '../fakes/vision.ts';

const OTHER_PACK = 'other-1';
const KEEP = { by: 'person', dryRun: false } as const;
const scene = (n: number): EntityRef => ({ kind: 'scene', id: String(n) });

/** Angles between the face of each scene and the profile picture. The face of the first is the one that is confirmed. */
const LEANS = {
  1: 0.93,
  // Recognised by the confirmed face alone.
  2: 1.4,
  // Recognised by the profile picture, and better by the confirmed face.
  3: 1.08,
  // As the second one, and accepted.
  4: 1.4,
} as const;

type Taught = {
  readonly context: FakeContext;
  readonly stash: MemoryStash;
  /** Entry of the journal that the face was confirmed with. */
  readonly journalId: string;
};

const WAYS: Record<string, (taught: Taught) => Promise<unknown>> = {
  'a "no" for a face of the scene': async ({ context, stash }) => {
    takeOff(stash);
    await suggestionOperations['entity.reject'](context, {
      entity: scene(1),
      performerId: '5',
      personKey: 0,
      undo: false,
    });
  },
  'a "no" to the suggestion': async ({ context, stash }) => {
    takeOff(stash);
    const id = await suggestionIn(context, 1);
    // As it is once somebody has noticed that the performer was taken off.
    await context.store.suggestions.changeState(id, ['accepted'], 'open');
    const { rejected } = await suggestionOperations['suggestions.reject'](context, { ids: [id] });
    assert.deepEqual(rejected, [id]);
  },
  'an undo': async ({ context, journalId }) => {
    assert.deepEqual(await undo(context, { ids: [journalId] }), { undone: [journalId], refused: [] });
  },
  'an undo that is refused, since the performer was taken off': async ({ context, stash, journalId }) => {
    takeOff(stash);
    const { undone, refused } = await undo(context, { ids: [journalId] });
    assert.deepEqual(undone, []);
    assert.match(
      inEnglish(refused[0]!.reason),
      /^Performer 5 is no longer on "Scene 1": .* The face you confirmed with it is no longer used to recognise Performer 5\.$/,
    );
    const again = await undo(context, { ids: [journalId] });
    assert.doesNotMatch(inEnglish(again.refused[0]!.reason), /confirmed/, 'it was said once');
  },
  'an undo that is refused, since the scene is gone': async ({ context, stash, journalId }) => {
    stash.items.delete('scene:1');
    const { refused } = await undo(context, { ids: [journalId] });
    assert.match(inEnglish(refused[0]!.reason), /no more.* The face you confirmed/);
  },
  'a removal in Stash, when somebody looks at the scene': async ({ context, stash }) => {
    takeOff(stash);
    await identifyOperations['scene.faces'](context, { sceneId: '1' });
    assert.match((await found(context))[0]!, /^1 removed/);
  },
  'a removal in Stash, when it is noticed': async ({ context, stash, journalId }) => {
    takeOff(stash);
    const entry = (await context.store.journal.get(journalId))!;
    await context.store.transaction(() => onWriteLost(context.store, context.vision, entry));
    await matchDue(context);
  },
};

for (const [way, withdraw] of Object.entries(WAYS)) {
  test(`${way} withdraws the face in all packs, and what it had found is matched again at once`, async (t) => {
    const taught = await opened(t);
    const { context, stash } = taught;
    assert.deepEqual(await confirmed(context), [`${PACK} used`, `${OTHER_PACK} used`]);
    assert.deepEqual(await found(context), [
      '1 accepted 1.00',
      '2 open 1.00',
      '3 open 1.00',
      '4 accepted 1.00',
    ]);
    await withdraw(taught);

    assert.deepEqual(await confirmed(context), [`${PACK} withdrawn`, `${OTHER_PACK} withdrawn`]);
    const [first, second, third, fourth] = await found(context);
    assert.match(first!, /^1 (open|rejected|accepted|removed) /);
    assert.match(second!, /^2 stale /);
    assert.match(third!, /^3 open 0\.9\d$/, 'weaker, and by the profile picture');
    assert.equal(await referenceOf(context, 3), 'profile');
    assert.match(fourth!, /^4 accepted /);
    assert.deepEqual(stash.items.get('scene:4')?.performerIds, ['5']);
    assert.deepEqual(await context.store.observations.entitiesToMatch(PACK, 9), []);
  });

  test(`${way}: neither "Update people" nor a rematch brings the face back; adding it again does`, async (t) => {
    const taught = await opened(t);
    const { context, stash } = taught;
    await withdraw(taught);
    await runSlice(context, people, {}, {});
    await rematchAll(context, aSlice());
    assert.deepEqual(await confirmed(context), [`${PACK} withdrawn`, `${OTHER_PACK} withdrawn`]);
    assert.match((await found(context))[1]!, /^2 stale /);

    stash.items.set('scene:1', anItem(1));
    await suggestionOperations['entity.add'](context, { entity: scene(1), performerId: '5', personKey: 0 });
    assert.deepEqual(await confirmed(context), [`${PACK} used`, `${OTHER_PACK} withdrawn`]);
    await rematchAll(context, aSlice());
    assert.match((await found(context))[1]!, /^2 open 1\.00/);
  });
}

test('where nothing was confirmed a "no" matches nothing again', async (t) => {
  const { context } = await opened(t);
  const version = await context.store.people.version();
  const id = await suggestionIn(context, 3);
  await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  assert.equal(await context.store.people.version(), version);
  assert.deepEqual(await confirmed(context), [`${PACK} used`, `${OTHER_PACK} used`]);
  assert.deepEqual(await found(context), [
    '1 accepted 1.00',
    '2 open 1.00',
    '3 rejected 1.00',
    '4 accepted 1.00',
  ]);
});

test('a write that is undone in a dry run keeps its face', async (t) => {
  const { context, journalId } = await opened(t);
  const dry = { ...context, settings: { ...context.settings, dryRun: true } };
  await undo(dry, { ids: [journalId] });
  assert.deepEqual(await confirmed(context), [`${PACK} used`, `${OTHER_PACK} used`]);
});

test('what is more than an operation can match is off the list at once, and the next rematch brings back what holds', async (t) => {
  const { context, journalId } = await opened(t, 230);
  const entry = (await context.store.journal.get(journalId))!;
  await context.store.transaction(() => onWriteLost(context.store, context.vision, entry));
  const { suggestions, observations } = context.store;
  const open = async (): Promise<number> => (await suggestions.list({ state: 'open' }, 'newest', 1, 0)).total;
  assert.equal(await open(), 0, 'nothing rests on the face any more');
  await matchDue(context);
  assert.equal((await observations.entitiesToMatch(PACK, 500)).length, 33);
  assert.equal(await open(), 198);
  await rematchAll(context, aSlice());
  assert.equal((await observations.entitiesToMatch(PACK, 500)).length, 0);
  assert.equal(await open(), 231);
});

test('a face that was confirmed once more before the rematch brings back what it had found', async (t) => {
  const { context, stash, journalId } = await opened(t);
  takeOff(stash);
  const entry = (await context.store.journal.get(journalId))!;
  // As if the process had been killed before it matched again.
  await context.store.transaction(() => onWriteLost(context.store, context.vision, entry));
  assert.match((await found(context))[1]!, /^2 stale/);
  await suggestionOperations['entity.add'](context, { entity: scene(1), performerId: '5', personKey: 0 });
  await rematchAll(context, aSlice());
  assert.match((await found(context))[1]!, /^2 open 1\.00/);
});

test('what was taken off, added once more and undone is to be decided like any other, also after another match', async (t) => {
  const { context, stash } = await opened(t);
  takeOff(stash);
  const add = { entity: scene(1), performerId: '5', personKey: 0 } as const;
  const { journalId } = await suggestionOperations['entity.add'](context, add);
  await undo(context, { ids: [journalId!] });
  assert.match((await found(context))[0]!, /^1 open/);
  const { suggestions } = context.store;
  const { items } = await suggestions.list({ entity: scene(1), kind: 'performer-seen' }, 'newest', 1, 0);
  const [profile] = await context.store.people.pictures('5');
  assert.equal(items[0]?.evidence.referenceId, profile?.id);
  assert.ok((await suggestions.suspend({ kind: 'performer', id: '5' }, [profile!.id])).length > 0);
  assert.match((await found(context))[0]!, /^1 stale/);
  await context.store.observations.setMatchedWith(scene(1), null);
  await matchDue(context);
  assert.match((await found(context))[0]!, /^1 open/);
});

test('the answer to an undo says what became of the suggestion', async (t) => {
  const { context, stash, journalId } = await opened(t);
  // Scene 4 was suggested thanks to the face of scene 1.
  const { items } = await context.store.journal.list({ entity: scene(4) }, 1, 0);
  for (const id of [journalId, items[0]!.id]) {
    const { suggestionId } = (await context.store.journal.get(id))!;
    const { states } = await journalOperations['journal.undo'](context, { ids: [id] });
    const state = (await context.store.suggestions.get(suggestionId!))?.state;
    assert.deepEqual(states, { [suggestionId!]: state });
    assert.notEqual(state, 'accepted');
  }
  assert.deepEqual(stash.items.get('scene:4')?.performerIds, []);
});

test('an image that taught as a whole is withdrawn with its face', async (t) => {
  const { context, stash } = await opened(t);
  const { store } = context;
  const contentId = `md5:${'a'.repeat(32)}` as const;
  const image: EntityRef = { kind: 'image', id: '9' };
  await store.observations.put({ observation: anObservation(9, { contentId, media: 'picture' }), crops: [] });
  await store.observations.link(image, 'Image 9', [contentId]);
  stash.items.set('image:9', anItem(9, { kind: 'image' }));
  await rematchAll(context, aSlice());
  await suggestionOperations['entity.add'](context, { entity: image, performerId: '5', personKey: 0 });
  // As "Update people" learns an image that nobody else is on.
  await store.people.putReference({
    performerId: '5',
    source: 'image',
    sourceKey: 'image:9',
    revision: '1',
    contentHash: 'a'.repeat(32),
    packId: PACK,
    state: 'used',
    embedding: aVector(0),
    quality: 0.8,
    crop: null,
  });
  stash.items.set('image:9', anItem(9, { kind: 'image' }));
  await suggestionOperations['entity.reject'](context, {
    entity: image,
    performerId: '5',
    personKey: 0,
    undo: false,
  });
  const states = (await store.people.pictures('5')).map(({ sourceKey, packId, state }) =>
    [packId, sourceKey, state].join(' '),
  );
  assert.ok(states.includes(`${PACK} image:9 withdrawn`), states.join('\n'));
  assert.ok(states.includes(`${PACK} ${contentId}#0 withdrawn`), states.join('\n'));
  assert.ok(states.includes(`${PACK} profile used`), states.join('\n'));
  assert.equal(await store.dismissals.isDismissed(notSeen([contentId], aPerformer(5))), true);
});

/**
Performer 5 has a profile picture. The face of scene 1 was confirmed, after which everything was matched; scene 4 was accepted
thanks to it.
@param more scenes that are like the third one
*/
async function opened(t: TestContext, more = 0): Promise<Taught> {
  const leans: [number, number][] = Object.entries(LEANS).map(([n, lean]) => [Number(n), lean]);
  for (let n = 5; n < 5 + more; n++) leans.push([n, LEANS[3]]);
  const stash = memoryStash({
    items: leans.map(([n]) => anItem(n)),
    performers: [aPerformer(5)],
  });
  const context = await fakeContext(t, stash, { vision: fakeVision() });
  const { store } = context;
  await store.people.putPerformer(aPerformer(5));
  await store.people.putReference({
    performerId: '5',
    source: 'profile',
    sourceKey: 'profile',
    revision: '1',
    contentHash: 'b'.repeat(32),
    packId: PACK,
    state: 'used',
    embedding: aVector(0),
    quality: 0.9,
    crop: null,
  });
  for (const [n, lean] of leans) {
    const face = aVector(0, { lean });
    const persons = [aPerson(0, { template: face, exemplars: [face] })];
    const observation = anObservation(n, { persons });
    await store.observations.put({ observation, crops: [] });
    await store.observations.link(scene(n), `Scene ${n}`, [observation.contentId]);
  }
  await rematchAll(context, aSlice());
  const { accepted } = await acceptSuggestions(context, [await suggestionIn(context, 1)], KEEP);
  const journalId = accepted[0]!.journalId!;
  // The same face, as another pack sees it: with another number.
  const [own] = (await store.people.references('5', PACK)).filter(({ source }) => source === 'confirmed');
  const { id: _, ...reference } = own!;
  await store.people.putReference({
    ...reference,
    sourceKey: reference.sourceKey.replace('#0', '#3'),
    packId: OTHER_PACK,
  });
  await rematchAll(context, aSlice());
  await acceptSuggestions(context, [await suggestionIn(context, 4)], KEEP);
  await rematchAll(context, aSlice());
  return { context, stash, journalId };
}

function takeOff(stash: MemoryStash): void {
  stash.items.set('scene:1', anItem(1));
}

async function confirmed({ store }: FakeContext): Promise<string[]> {
  return (await store.people.pictures('5'))
    .filter(({ source }) => source === 'confirmed')
    .map(({ packId, state }) => `${packId} ${state}`);
}

/** Of the scenes in their order: state and confidence of the suggestion. */
async function found({ store }: FakeContext): Promise<string[]> {
  const { items } = await store.suggestions.list({ kind: 'performer-seen' }, 'newest', 500, 0);
  return items
    .map(({ entity, state, confidence }) => `${entity.id} ${state} ${confidence.toFixed(2)}`)
    .toSorted((a, b) => Number.parseInt(a) - Number.parseInt(b));
}

async function suggestionIn({ store }: FakeContext, n: number): Promise<string> {
  const { items } = await store.suggestions.list({ entity: scene(n) }, 'newest', 1, 0);
  return items[0]!.id;
}

/** Source of the reference that the suggestion of this scene rests on. */
async function referenceOf(context: FakeContext, n: number): Promise<string | undefined> {
  const { store } = context;
  const suggestion = await store.suggestions.get(await suggestionIn(context, n));
  const id = suggestion?.kind === 'performer-seen' ? suggestion.evidence.referenceId : '';
  return (await store.people.reference(id))?.source;
}
