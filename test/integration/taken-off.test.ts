/** What was accepted and taken off in Stash since: however it was lost, each look finds it, and nothing but a person's yes writes it again. */
import assert from 'node:assert/strict';
import { inEnglish } from '../../core/messages/english.ts';
import { test, type TestContext } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { Settings } from '../../core/settings.ts';
import type { Proposal, SuggestionOf, SuggestionState } from '../../core/suggestions/suggestion.ts';
import { checkAccepted } from '../../tasks/accepted/standing.ts';
import { sweepSuggestions } from '../../tasks/accepted/sweep.ts';
import { runOperation } from '../../tasks/compose/dispatch.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { acceptSuggestions } from '../../tasks/suggestions/accept.ts';
import { autoAccept } from '../../tasks/suggestions/auto-accept.ts';
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
const BY_A_PERSON = { by: 'person', dryRun: false } as const;

/** The looks that find it. */
const LOOKS: Readonly<Record<string, (context: FakeContext) => Promise<unknown>>> = {
  'the Faces tab': (context) => runOperation(context, 'scene.faces', { sceneId: '1' }),
  'the question for any entity': (context) => runOperation(context, 'entity.faces', { entity: SCENE }),
  'matching again': async (context) => {
    await context.store.observations.setMatchedWith(SCENE, 'another version');
    await context.store.state.delete('all-matched-with');
    await context.store.state.delete('people-all-was-matched-with');
    await rematchAll(context, aSlice());
  },
  'the beginning of a run': async (context) => {
    await context.store.state.delete('sweep');
    await sweepSuggestions(context, aSlice());
  },
};

for (const [name, look] of Object.entries(LOOKS)) {
  test(`${name} finds that what was accepted has been taken off, and that it is there again`, async (t) => {
    const { context, stash, id } = await accepted(t);
    await look(context);
    assert.equal(await stateOf(context, id), 'accepted');
    put(stash, []);
    await look(context);
    assert.equal(await stateOf(context, id), 'removed');
    put(stash, ['5']);
    await look(context);
    assert.equal(await stateOf(context, id), 'accepted');
  });

  test(`${name} takes what we undid ourselves, and what was rejected, for what it is`, async (t) => {
    const { context, id, journalId } = await accepted(t);
    await undo(context, { ids: [journalId ?? ''] });
    await look(context);
    assert.equal(await stateOf(context, id), 'open');
    await suggestionOperations['suggestions.reject'](context, { ids: [id] });
    await look(context);
    assert.equal(await stateOf(context, id), 'rejected');
  });
}

test('what was on the scene already when it was accepted is held against the performer it names', async (t) => {
  const { context, stash, id } = await world(t);
  put(stash, ['5']);
  const { accepted: done } = await acceptSuggestions(context, [id], BY_A_PERSON);
  assert.equal(done[0]?.journalId, null);
  await checkAccepted(context, [SCENE]);
  assert.equal(await stateOf(context, id), 'accepted');
  put(stash, []);
  await checkAccepted(context, [SCENE]);
  assert.equal(await stateOf(context, id), 'removed');
});

test('the tag that is written beside a performer can be taken off: that is what it is for', async (t) => {
  const { context, stash, id } = await accepted(t, { autoAcceptTag: 'To review' }, 'scan');
  assert.equal(stash.items.get('scene:1')?.tagIds.length, 1);
  const item = stash.items.get('scene:1')!;
  stash.items.set('scene:1', { ...item, tagIds: [] });
  await checkAccepted(context, [SCENE]);
  assert.equal(await stateOf(context, id), 'accepted');
});

test('only the tag was chosen: the performer was never added and is not missed', async (t) => {
  const { context, id } = await world(t, { autoAcceptTag: 'To review' });
  const choices = { [id]: { performer: false, tag: true } };
  await acceptSuggestions(context, [id], { ...BY_A_PERSON, choices });
  await checkAccepted(context, [SCENE]);
  assert.equal(await stateOf(context, id), 'accepted');
});

test('what was taken off is written by no scan and in no bulk, but by its own yes', async (t) => {
  const settings = { autoAcceptConfidence: 10 };
  const { context, stash, id } = await accepted(t, settings);
  await context.store.work.enqueue('scan', [{ ...SCENE, title: '', revision: '', priority: 0 }]);
  put(stash, []);
  await checkAccepted(context, [SCENE]);
  assert.equal(await autoAccept(context, aSlice()), 'done');
  await autoAccept(context, aSlice(), SCENE);
  const all = await suggestionOperations['suggestions.accept'](context, {
    all: { state: ['removed', 'open'], minConfidence: 0 },
    limit: 100,
    offset: 0,
    dryRun: false,
  });
  assert.deepEqual([all.accepted, all.refused], [[], []]);
  const several = await suggestionOperations['suggestions.accept'](context, { ids: [id], dryRun: false });
  assert.deepEqual(several.accepted, []);
  assert.equal(several.refused[0]?.state, 'removed');
  assert.deepEqual(performers(stash), []);

  const again = { ids: [id], again: [id], dryRun: false };
  assert.equal((await suggestionOperations['suggestions.accept'](context, again)).accepted.length, 1);
  assert.deepEqual(performers(stash), ['5']);
  assert.equal(await stateOf(context, id), 'accepted');
});

test('nothing is written by a scan either where the suggestion was closed and found anew', async (t) => {
  const { context, stash, id } = await accepted(t, { autoAcceptConfidence: 10 });
  await context.store.work.enqueue('scan', [{ ...SCENE, title: '', revision: '', priority: 0 }]);
  put(stash, []);
  await context.store.suggestions.changeState(id, ['accepted'], 'stale');
  await known(context, 3);
  await rematchAll(context, aSlice());
  assert.equal(await stateOf(context, id), 'removed');
  await autoAccept(context, aSlice());
  assert.deepEqual(performers(stash), []);
});

test('"Not this person" after it was taken off is a no for good', async (t) => {
  const { context, stash, id } = await accepted(t);
  put(stash, []);
  await checkAccepted(context, [SCENE]);
  const { rejected } = await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  assert.deepEqual(rejected, [id]);
  assert.ok(await context.store.dismissals.isDismissed(notSeen(['oshash:0000000000000001'], aPerformer(5))));
  await suggestionOperations['suggestions.reopen'](context, { ids: [id] });
  assert.equal(await stateOf(context, id), 'removed');
});

test('its write stays in the history, whose undo says what it says', async (t) => {
  const { context, stash, journalId } = await accepted(t);
  put(stash, []);
  await checkAccepted(context, [SCENE]);
  assert.equal((await context.store.journal.get(journalId ?? ''))?.state, 'written');
  const { undone, refused } = await undo(context, { ids: [journalId ?? ''] });
  assert.deepEqual([undone, refused.length], [[], 1]);
});

test('to undo what was merged into another performer since says so, and takes nobody off', async (t) => {
  const { context, stash, journalId } = await accepted(t);
  await context.store.people.putPerformer(aPerformer(5));
  stash.performers.delete('5');
  stash.performers.set('9', aPerformer(9, { aliases: ['Performer 5'] }));
  put(stash, ['9']);
  const { refused } = await undo(context, { ids: [journalId ?? ''] });
  const [reason] = refused.map((one) => inEnglish(one.reason));
  assert.match(reason ?? '', /Stash has merged Performer 5 into Performer 9/);
  assert.deepEqual(performers(stash), ['9']);
});

test('the performer it names is gone too: it is closed, and no question is left', async (t) => {
  const { context, stash, id } = await accepted(t);
  put(stash, []);
  stash.performers.delete('5');
  await checkAccepted(context, [SCENE]);
  assert.equal(await stateOf(context, id), 'stale');
});

for (const [name, merged] of Object.entries({
  'its name is an alias of the other': aPerformer(9, { aliases: ['performer 5'] }),
  'they share a stash ID': aPerformer(9, { stashIds: [{ endpoint: 'https://box.example', stashId: 'a' }] }),
}))
  test(`a performer who was merged into another is not gone, and neither is what was accepted, where ${name}`, async (t) => {
    const { context, stash, id } = await accepted(t);
    const stashIds = [{ endpoint: 'https://box.example', stashId: 'a' }];
    await context.store.people.putPerformer(
      aPerformer(5, { stashIds: merged.stashIds.length > 0 ? stashIds : [] }),
    );
    stash.performers.delete('5');
    stash.performers.set('9', merged);
    put(stash, ['9']);
    for (const look of [LOOKS['the question for any entity']!, LOOKS['the beginning of a run']!]) {
      await look(context);
      assert.equal(await stateOf(context, id), 'accepted');
    }
    put(stash, []);
    await LOOKS['the beginning of a run']!(context);
    assert.equal(await stateOf(context, id), 'removed');
    await suggestionOperations['suggestions.accept'](context, { ids: [id], again: [id], dryRun: false });
    assert.deepEqual(performers(stash), ['9']);
    await checkAccepted(context, [SCENE]);
    assert.equal(await stateOf(context, id), 'accepted');
  });

for (const [when, isKnownBefore] of Object.entries({
  'before the merge is noticed': true,
  'after the merge is noticed': false,
}))
  test(`what was taken off stays so for the one into whom the performer was merged, who is found ${when}`, async (t) => {
    const { context, stash, id } = await accepted(t);
    const { store } = context;
    put(stash, []);
    await checkAccepted(context, [SCENE]);
    // Two entries of one person: the other one is known too.
    const merged = aPerformer(9, { aliases: ['Performer 5'] });
    if (isKnownBefore) {
      await known(context, 9, 5);
      await store.suggestions.replace(SCENE, 'another', [await proposalFor(context, id, '9')]);
    }
    stash.performers.delete('5');
    stash.performers.set('9', merged);
    await LOOKS['the question for any entity']!(context);
    // As "Update people" learns of it.
    await store.people.putPerformer(merged);
    await store.people.dropMissing(new Set(['3', '4', '9']));
    if (!isKnownBefore) await known(context, 9, 5, merged);
    await rematchAll(context, aSlice());
    const { items } = await store.suggestions.list({ entity: SCENE }, 'newest', 9, 0);
    assert.deepEqual(
      items.map(({ state, target, targetName }) => [state, target?.id, targetName]),
      [['removed', '9', 'Performer 9']],
    );
    await suggestionOperations['suggestions.accept'](context, { ids: [id], again: [id], dryRun: false });
    assert.deepEqual(performers(stash), ['9']);
    await checkAccepted(context, [SCENE]);
    assert.equal(await stateOf(context, id), 'accepted');
  });

test('where the one into whom the performer was merged was decided too, that decision holds', async (t) => {
  const { context, stash, id } = await accepted(t);
  const { suggestions } = context.store;
  put(stash, []);
  await checkAccepted(context, [SCENE]);
  await known(context, 9, 5);
  await suggestions.replace(SCENE, 'another', [await proposalFor(context, id, '9')]);
  const { items } = await suggestions.list({ state: 'open' }, 'newest', 1, 0);
  await suggestionOperations['suggestions.reject'](context, { ids: [items[0]!.id] });
  stash.performers.delete('5');
  stash.performers.set('9', aPerformer(9, { aliases: ['Performer 5'] }));
  await LOOKS['the beginning of a run']!(context);
  assert.deepEqual([await stateOf(context, id), await stateOf(context, items[0]!.id)], ['stale', 'rejected']);
});

test('where several performers can be meant, or one whom the stash-box tells apart, the performer is gone', async (t) => {
  const box = 'https://box.example';
  for (const others of [
    [aPerformer(9, { aliases: ['Performer 5'] }), aPerformer(10, { aliases: ['Performer 5'] })],
    [aPerformer(9, { name: 'Performer 5', stashIds: [{ endpoint: box, stashId: 'b' }] })],
  ]) {
    const { context, stash, id } = await accepted(t);
    await context.store.people.putPerformer(aPerformer(5, { stashIds: [{ endpoint: box, stashId: 'a' }] }));
    stash.performers.delete('5');
    for (const other of others) stash.performers.set(other.id, other);
    put(stash, ['9']);
    await checkAccepted(context, [SCENE]);
    assert.equal(await stateOf(context, id), 'stale');
  }
});

test('another scene has the id by now: nothing is asked about that one', async (t) => {
  const { context, stash, id } = await accepted(t);
  stash.items.set('scene:1', anItem(1, { title: 'Another', files: [aFile(99)] }));
  await checkAccepted(context, [SCENE]);
  assert.equal(await stateOf(context, id), 'stale');
});

test('a scene that is gone and comes back with the performer counts as accepted again', async (t) => {
  const { context, stash, id } = await accepted(t);
  const item = stash.items.get('scene:1')!;
  stash.items.delete('scene:1');
  await sweepSuggestions(context, aSlice());
  assert.equal(await stateOf(context, id), 'stale');
  stash.items.set('scene:1', item);
  await known(context, 3);
  await rematchAll(context, aSlice());
  assert.equal(await stateOf(context, id), 'accepted');
});

/** What happens between the reading of Stash and the change of the state. */
const MEANWHILE: Readonly<
  Record<string, (world: World & { journalId: string }) => Promise<SuggestionState>>
> = {
  'our own undo': async ({ context, journalId }) => {
    await undo(context, { ids: [journalId] });
    return 'open';
  },
  'a no': async ({ context, stash, id }) => {
    put(stash, []);
    const input = { entity: SCENE, performerId: '5', personKey: 0, undo: false };
    await suggestionOperations['entity.reject'](context, input);
    assert.equal(await stateOf(context, id), 'rejected');
    return 'rejected';
  },
};

for (const [name, meanwhile] of Object.entries(MEANWHILE))
  test(`${name} while it is being looked at is not taken for a loss`, async (t) => {
    const made = await accepted(t);
    const { context, stash, id, journalId } = made;
    let expected: SuggestionState = 'accepted';
    let isFirst = true;
    const library = { ...stash.library };
    library.fieldsOf = async (...asked) => {
      if (isFirst) {
        isFirst = false;
        expected = await meanwhile({ ...made, journalId: journalId ?? '' });
      }
      return await stash.library.fieldsOf(...asked);
    };
    await checkAccepted({ ...context, library }, [SCENE]);
    assert.equal(isFirst, false);
    assert.equal(await stateOf(context, id), expected);
  });

test('an undo that has taken the performer off and is not settled yet is not taken for a loss', async (t) => {
  const { context, stash, id, journalId } = await accepted(t);
  // What a process leaves that was killed between the two.
  await context.store.state.set('undo-begun', [journalId ?? '']);
  put(stash, []);
  await checkAccepted(context, [SCENE]);
  assert.equal(await stateOf(context, id), 'accepted');
  await context.changes.exclusively(() => Promise.resolve());
  assert.equal(await stateOf(context, id), 'open');
});

test('a look that fails at any request changes nothing or all, and the next one ends the same', async (t) => {
  for (let failing = 1; ; failing++) {
    const { context, stash, id } = await accepted(t);
    put(stash, []);
    let requests = 0;
    stash.before = () => {
      if (++requests === failing) throw new Error('cut');
    };
    const failed = await sweepSuggestions(context, aSlice()).then(
      () => false,
      () => true,
    );
    stash.before = () => undefined;
    if (!failed) {
      assert.equal(await stateOf(context, id), 'removed');
      assert.ok(failing > 2);
      return;
    }
    assert.equal(await stateOf(context, id), 'accepted');
    await sweepSuggestions(context, aSlice());
    assert.equal(await stateOf(context, id), 'removed');
  }
});

test('entities without anything decided cost no request', async (t) => {
  const { context, stash } = await world(t);
  let requests = 0;
  stash.before = () => void requests++;
  await checkAccepted(context, [SCENE]);
  assert.equal(requests, 0);
});

type World = { readonly context: FakeContext; readonly stash: MemoryStash; readonly id: string };

/** Scene 1 shows performer 5, who is known and suggested. */
async function world(t: TestContext, settings: Partial<Settings> = {}): Promise<World> {
  const stash = memoryStash({
    items: [anItem(1, { files: [aFile(1)] })],
    performers: [3, 4, 5].map((n) => aPerformer(n)),
  });
  const context = await fakeContext(t, stash, { folder: tempFolder(t), vision: fakeVision(), settings });
  const person = aPerson(0, { template: aVector(5), exemplars: [aVector(5)] });
  const observation = anObservation(1, { persons: [person] });
  await context.store.observations.put({ observation, crops: [] });
  await context.store.observations.link(SCENE, 'Scene 1', [observation.contentId]);
  await known(context, 5);
  await rematchAll(context, aSlice());
  const { items } = await context.store.suggestions.list({}, 'newest', 1, 0);
  assert.ok(items[0]);
  return { context, stash, id: items[0].id };
}

async function accepted(
  t: TestContext,
  settings: Partial<Settings> = {},
  by: 'person' | 'scan' = 'person',
): Promise<World & { readonly journalId: string | null }> {
  const made = await world(t, settings);
  const { accepted: done } = await acceptSuggestions(made.context, [made.id], { by, dryRun: false });
  assert.deepEqual(performers(made.stash), ['5']);
  return { ...made, journalId: done[0]?.journalId ?? null };
}

/** What a match would propose that finds another performer in place of the one of this suggestion. */
async function proposalFor({ store }: FakeContext, id: string, performerId: string): Promise<Proposal> {
  const { kind, entity, entityTitle, severity, confidence, payload, evidence, analyzer, analyzerVersion } =
    (await store.suggestions.get(id)) as SuggestionOf<'performer-seen'>;
  const common = { entity, entityTitle, severity, confidence, payload, evidence, analyzer, analyzerVersion };
  return {
    kind,
    ...common,
    target: { kind: 'performer', id: performerId },
    targetName: `Performer ${performerId}`,
  };
}

/** @param looks the axis of the face */
async function known({ store }: FakeContext, n: number, looks = n, performer = aPerformer(n)): Promise<void> {
  await store.people.putPerformer(performer);
  await store.people.putReference({
    performerId: String(n),
    source: 'profile',
    sourceKey: 'profile',
    revision: '',
    contentHash: '',
    packId: PACK,
    state: 'used',
    embedding: aVector(looks),
    quality: 0.9,
    crop: null,
  });
}

/** Somebody else sets whom the scene has: a form, a scrape, another plugin. */
function put(stash: MemoryStash, performerIds: readonly string[]): void {
  stash.items.set('scene:1', { ...stash.items.get('scene:1')!, performerIds });
}

function performers(stash: MemoryStash): readonly string[] | undefined {
  return stash.items.get('scene:1')?.performerIds;
}

async function stateOf({ store }: FakeContext, id: string): Promise<SuggestionState | undefined> {
  return (await store.suggestions.get(id))?.state;
}
