import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import type { EntityRef } from '../../core/content-id.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { FaceCrop } from '../../core/faces/face.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { Proposal, SuggestionState } from '../../core/suggestions/suggestion.ts';
import { acceptSuggestions } from '../../tasks/suggestions/accept.ts';
import { addPerformer } from '../../tasks/suggestions/choose-performer.ts';
import { autoAccept } from '../../tasks/suggestions/auto-accept.ts';
import { ANALYZER } from '../../tasks/matching/proposals.ts';
import { journalOperations } from '../../tasks/suggestions/journal-operations.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import type { Slice } from '../../tasks/runs/task.ts';
import { aSlice } from '../fakes/slice.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { anObservation, aPerson, aVector, fakeContext, PACK, type FakeContext } from '../fakes/context.ts';
import { anItem, aPerformer, memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';
import { plain } from '../../core/messages/message.ts';
import { inEnglish } from '../../core/messages/english.ts';

const SCENE: EntityRef = { kind: 'scene', id: '1' };
const CROP: FaceCrop = {
  jpeg: Uint8Array.of(1, 2, 3),
  width: 3,
  height: 4,
  landmarks: [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 2, y: 0 },
    { x: 0, y: 1 },
    { x: 1, y: 1 },
  ],
};
const KEEP = { by: 'person', dryRun: false } as const;

test('accepting adds the performer, and asked again it answers the same and writes nothing', async (t) => {
  const { context, stash, id } = await suggested(t);
  const first = await acceptSuggestions(context, [id], KEEP);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
  assert.equal(first.accepted[0]?.id, id);
  const entry = await context.store.journal.get(first.accepted[0]?.journalId ?? '');
  assert.deepEqual(
    {
      state: entry?.state,
      changes: entry?.changes,
      contents: entry?.identity.contents,
      summary: entry && inEnglish(entry.summary),
      by: entry?.by,
    },
    {
      state: 'written',
      changes: [{ op: 'add', entity: { kind: 'scene', id: '1' }, field: 'performers', values: ['5'] }],
      contents: ['oshash:0000000000000001'],
      summary: 'added Performer 5',
      by: 'person',
    },
  );
  let writes = 0;
  stash.before = (call) => {
    if (call === 'change') writes++;
  };
  const second = await acceptSuggestions(context, [id], KEEP);
  assert.deepEqual(second.accepted, first.accepted);
  assert.equal(writes, 0);
});

test('what the user chose of a suggestion is written, and nothing else', async (t) => {
  const settings = { autoAcceptTag: 'Recognised' };
  for (const [choices, expected] of [
    [undefined, { performers: ['7', '5'], tags: ['Of the user'], said: ['added Performer 5'] }],
    [
      { tag: true },
      {
        performers: ['7', '5'],
        tags: ['Of the user', 'Recognised'],
        said: ['added Performer 5', 'made the tag "Recognised"'],
      },
    ],
    [
      { performer: false, tag: true },
      {
        performers: ['7'],
        tags: ['Of the user', 'Recognised'],
        said: ['added the tag "Recognised"', 'made the tag "Recognised"'],
      },
    ],
    [
      { performer: false },
      {
        performers: ['7'],
        tags: ['Of the user'],
        said: ['Nothing was chosen of what is suggested for Performer 5: choose something, or reject it.'],
      },
    ],
    [
      { studio: true },
      {
        performers: ['7'],
        tags: ['Of the user'],
        said: ['What was chosen for Performer 5 is not what can be chosen: load the list again.'],
      },
    ],
  ] as const) {
    const { context, stash, id } = await suggested(t, { settings });
    const report = await suggestionOperations['suggestions.accept'](context, {
      ids: [id],
      dryRun: false,
      ...(choices !== undefined && { choices: { [id]: choices, another: { performer: false } } }),
    });
    const item = stash.items.get('scene:1');
    const names = new Map([...stash.tags].map(([name, tagId]) => [tagId, name]));
    const written = (await context.store.journal.list({ state: 'written' }, 10, 0)).items;
    assert.deepEqual(
      {
        performers: item?.performerIds,
        tags: item?.tagIds.map((tagId) => names.get(tagId)),
        said: [...written.map(({ summary }) => summary), ...report.refused.map(({ reason }) => reason)].map(
          inEnglish,
        ),
      },
      expected,
    );
  }
});

test('where Stash keeps a part of a write, the journal and the persons of the scene say that part', async (t) => {
  const { context, stash, id } = await suggested(t, { settings: { autoAcceptTag: 'Recognised' } });
  const { store } = context;
  await store.identifications.save(SCENE, { matcherVersion: '1', persons: [matchedWith('5')] });
  const seenNotTagged = async (): Promise<string[]> =>
    (await store.identifications.seenNotTagged('5', null, 9)).map(({ entity }) => entity.id);
  // As a hook of Stash, or another user, removes the performer at once.
  stash.after = (call) => {
    const item = stash.items.get('scene:1');
    if (call === 'change' && item !== undefined) stash.items.set('scene:1', { ...item, performerIds: ['7'] });
  };
  const report = await acceptSuggestions(context, [id], { ...KEEP, choices: { [id]: { tag: true } } });
  const entry = await store.journal.get(report.accepted[0]?.journalId ?? '');
  assert.deepEqual(
    { state: entry?.state, changes: entry?.changes },
    { state: 'written', changes: [{ op: 'add', entity: SCENE, field: 'tags', values: ['2'] }] },
  );
  assert.deepEqual(await seenNotTagged(), ['1'], 'the scene has not got the performer');

  stash.after = () => undefined;
  await addPerformer(context, { entity: SCENE, performerId: '5', personKey: 0 });
  assert.deepEqual(await seenNotTagged(), []);
});

test('a performer that is there already is accepted without a write', async (t) => {
  const { context, stash, id } = await suggested(t);
  stash.items.set('scene:1', anItem(1, { performerIds: ['5'] }));
  const report = await acceptSuggestions(context, [id], KEEP);
  assert.deepEqual(report.accepted, [{ id, journalId: null }]);
  assert.equal((await context.store.suggestions.get(id))?.state, 'accepted');
  assert.equal((await context.store.journal.list({}, 10, 0)).total, 0);
  const byScan = await suggested(t);
  byScan.stash.items.set('scene:1', anItem(1, { performerIds: ['5'] }));
  await acceptSuggestions(byScan.context, [byScan.id], { by: 'scan', dryRun: false });
  assert.deepEqual(
    [await learnt(context), await learnt(byScan.context)],
    [['used'], []],
    'the face is learnt where a person has said so',
  );
});

test('a dry run says what would be written and changes nothing, in Stash or here', async (t) => {
  const { context, stash, id } = await suggested(t);
  const report = await acceptSuggestions(context, [id], { by: 'person', dryRun: true });
  assert.equal(report.dryRun, true);
  assert.deepEqual(report.accepted, [{ id, journalId: null }]);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
  assert.equal((await context.store.suggestions.get(id))?.state, 'open');
  assert.equal((await context.store.journal.list({}, 10, 0)).total, 0);
  const bySetting = await suggested(t, { settings: { dryRun: true } });
  assert.equal((await acceptSuggestions(bySetting.context, [bySetting.id], KEEP)).dryRun, true);
  assert.deepEqual(bySetting.stash.items.get('scene:1')?.performerIds, ['7']);
});

test('"accept all" passes over what it is told to, and its calls can be undone together', async (t) => {
  const { context, stash, id } = await suggested(t);
  const all = { state: 'open', minConfidence: 0.1 } as const;
  const accept = suggestionOperations['suggestions.accept'];
  const none = await accept(context, { all, limit: 40, offset: 1, dryRun: false });
  assert.deepEqual([none.accepted, none.refused], [[], []]);
  const report = await accept(context, { all, limit: 40, offset: 0, dryRun: false, batchId: none.batchId });
  assert.deepEqual(
    report.accepted.map((it) => it.id),
    [id],
  );
  assert.equal(report.batchId, none.batchId);
  await undo(context, { batchId: none.batchId });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
});

test('a dry run does not wait for who writes, and nobody waits for it', async (t) => {
  const { context, id } = await suggested(t);
  assert.ok(await context.store.locks.acquire('write', 'another', 60_000));
  const report = await acceptSuggestions(context, [id], { by: 'person', dryRun: true });
  assert.deepEqual(report.accepted, [{ id, journalId: null }]);
  const bySetting = await suggested(t, { settings: { dryRun: true } });
  assert.ok(await bySetting.context.store.locks.acquire('write', 'another', 60_000));
  const added = await addPerformer(bySetting.context, { entity: SCENE, performerId: '5', personKey: 0 });
  assert.deepEqual(added, { journalId: null, dryRun: true });
});

test('whoever was taken off in Stash since may be added again, or refused', async (t) => {
  const { context, stash, id } = await suggested(t);
  await acceptSuggestions(context, [id], KEEP);
  stash.items.set('scene:1', anItem(1, { performerIds: ['7'] }));
  const added = await addPerformer(context, { entity: SCENE, performerId: '5', personKey: 0 });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
  await undo(context, { ids: [added.journalId ?? ''] });
  assert.equal((await context.store.suggestions.get(id))?.state, 'open');

  await acceptSuggestions(context, [id], KEEP);
  stash.items.set('scene:1', anItem(1, { performerIds: ['7'] }));
  const said = { entity: SCENE, performerId: '5', personKey: 0 };
  await suggestionOperations['entity.reject'](context, { ...said, undo: false });
  assert.equal((await context.store.suggestions.get(id))?.state, 'rejected');
  await suggestionOperations['entity.reject'](context, { ...said, undo: true });
  // What it was before the no: added, and taken off since.
  assert.equal((await context.store.suggestions.get(id))?.state, 'removed');
});

for (const [what, spoil, reason, state] of [
  ['the scene is gone', (stash) => stash.items.clear(), /"Scene 1" no more/, 'stale'],
  ['the performer is gone', (stash) => stash.performers.delete('5'), /no longer in Stash/, 'stale'],
  [
    'the file was replaced',
    (stash) => stash.items.set('scene:1', { ...anItem(1), files: anItem(99).files }),
    /file of Scene 1 was replaced/,
    'open',
  ],
] as [string, (stash: MemoryStash) => void, RegExp, SuggestionState][])
  test(`accepting refuses with the reason when ${what}`, async (t) => {
    const { context, stash, id } = await suggested(t);
    spoil(stash);
    const report = await acceptSuggestions(context, [id], KEEP);
    assert.deepEqual(report.accepted, []);
    assert.match(inEnglish(report.refused[0]!.reason), reason);
    assert.equal(report.refused[0]?.state, state);
    assert.equal((await context.store.suggestions.get(id))?.state, state);
  });

test('one that another process has closed since, because its scene is gone, is refused for that reason', async (t) => {
  const { context, stash, id } = await suggested(t);
  stash.items.delete('scene:1');
  await context.store.suggestions.changeState(id, ['open'], 'stale');
  const { refused } = await acceptSuggestions(context, [id], KEEP);
  assert.match(inEnglish(refused[0]!.reason), /Stash has "Scene 1" no more/);
});

test('one that cannot be accepted does not keep the others from it', async (t) => {
  const { context, id } = await suggested(t);
  const report = await acceptSuggestions(context, ['12345', id], KEEP);
  assert.equal(report.accepted.length, 1);
  assert.equal(report.refused.length, 1);
});

test('undo takes back exactly what was added, and what others wrote meanwhile stays', async (t) => {
  const { context, stash, id } = await suggested(t);
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  stash.items.set('scene:1', anItem(1, { performerIds: ['7', '5', '9'], tagIds: ['1', '2'] }));
  const journalId = accepted[0]?.journalId ?? '';
  assert.deepEqual(await undo(context, { ids: [journalId] }), { undone: [journalId], refused: [] });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '9']);
  assert.deepEqual(stash.items.get('scene:1')?.tagIds, ['1', '2']);
  assert.equal((await context.store.suggestions.get(id))?.state, 'open');
  // It is undone once: a second call counts nothing.
  assert.deepEqual(await undo(context, { ids: [journalId] }), { undone: [], refused: [] });
});

test('undo refuses where the very thing was changed since, and says what', async (t) => {
  const { context, stash, id } = await suggested(t);
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  const ids = [accepted[0]?.journalId ?? ''];
  stash.items.set('scene:1', anItem(1, { performerIds: ['7'] }));
  assert.match(
    inEnglish((await undo(context, { ids })).refused[0]!.reason),
    /Performer 5 is no longer on "Scene 1"/,
  );
  stash.items.delete('scene:1');
  assert.match(inEnglish((await undo(context, { ids })).refused[0]!.reason), /no more/);
  assert.match(inEnglish((await undo(context, { ids: ['99'] })).refused[0]!.reason), /no entry 99/);
});

test('who is no longer in Stash is told by name: as learned, as suggested, as found', async (t) => {
  const { context, stash, id } = await suggested(t);
  const { store } = context;
  await store.people.putPerformer(aPerformer(5, { name: 'Jane Doe' }));
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  stash.performers.delete('5');
  stash.items.set('scene:1', anItem(1, { performerIds: ['7'] }));
  const undone = await undo(context, { ids: [accepted[0]?.journalId ?? ''] });
  assert.match(inEnglish(undone.refused[0]!.reason), /^Jane Doe is no longer on "Scene 1"/);
  const add = (performerId: string): Promise<unknown> =>
    addPerformer(context, { entity: SCENE, performerId, personKey: 0 });
  await assert.rejects(add('5'), { code: 'not-found', message: /^Jane Doe is no longer in Stash/ });
  await store.people.dropMissing(new Set());
  await assert.rejects(add('5'), { code: 'not-found', message: /^Performer 5 is no longer in Stash/ });
  const found = matchedWith('8');
  const candidates = found.candidates.map((candidate) => ({ ...candidate, name: 'Joan Roe' }));
  await store.identifications.save(SCENE, { matcherVersion: '1', persons: [{ ...found, candidates }] });
  await assert.rejects(add('8'), { code: 'not-found', message: /^Joan Roe is no longer in Stash/ });
  await assert.rejects(add('99'), { code: 'not-found', message: /^Performer 99 is no longer in Stash/ });
});

test('a refused undo and a refused addition call a performer as Stash does, with the disambiguation', async (t) => {
  const { context, stash, id } = await suggested(t);
  const jane = aPerformer(5, { name: 'Jane Doe', disambiguation: 'II' });
  stash.performers.set('5', jane);
  await context.store.people.putPerformer(jane);
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  stash.items.set('scene:1', anItem(1, { performerIds: ['7'] }));
  const ids = [accepted[0]?.journalId ?? ''];
  const refusal = async (): Promise<string> => inEnglish((await undo(context, { ids })).refused[0]!.reason);
  assert.match(await refusal(), /^Jane Doe \(II\) is no longer on "Scene 1"/);
  stash.performers.delete('5');
  assert.match(await refusal(), /^Jane Doe \(II\) is no longer on "Scene 1"/);
  await assert.rejects(addPerformer(context, { entity: SCENE, performerId: '5', personKey: 0 }), {
    code: 'not-found',
    message: /^Jane Doe \(II\) is no longer in Stash/,
  });
});

test('a batch is undone together, the last write first', async (t) => {
  const { context, stash } = await suggested(t);
  await propose(context, SCENE, ['5', '6']);
  const { items } = await context.store.suggestions.list({ state: 'open' }, 'confidence', 10, 0);
  const { batchId } = await acceptSuggestions(
    context,
    items.map(({ id }) => id),
    KEEP,
  );
  assert.deepEqual(stash.items.get('scene:1')?.performerIds.toSorted(), ['5', '6', '7']);
  assert.equal((await undo(context, { batchId })).undone.length, 2);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
  assert.deepEqual(await undo(context, { batchId }), { undone: [], refused: [] });
  await assert.rejects(undo(context, { batchId: 'of nobody' }), { code: 'not-found' });
});

test('a batch is counted as a whole, and undone in as many calls as are wanted', async (t) => {
  const { context, stash } = await suggested(t);
  await propose(context, SCENE, ['5', '6']);
  const { items } = await context.store.suggestions.list({ state: 'open' }, 'confidence', 10, 0);
  const { batchId, accepted } = await acceptSuggestions(
    context,
    items.map(({ id }) => id),
    KEEP,
  );
  const [first, second] = accepted.map(({ journalId }) => journalId ?? '');
  const counts = async () => await journalOperations['journal.batch'](context, { batchId });
  const changes = [{ op: 'add', what: 'performers', count: 2 }];
  assert.deepEqual(await counts(), { batchId, total: 2, written: 2, undone: 0, gone: 0, changes });
  assert.deepEqual(await journalOperations['journal.list'](context, { limit: 1, offset: 0 }), {
    total: 2,
    items: (await context.store.journal.list({}, 1, 0)).items,
    batches: [{ batchId, total: 2, written: 2, undone: 0 }],
    gone: [],
  });

  // Stash does not answer: the batch is counted as it was written, and can be undone.
  const library = new Proxy(context.library, { get: () => silent });
  assert.deepEqual(await journalOperations['journal.batch']({ ...context, library }, { batchId }), {
    batchId,
    total: 2,
    written: 2,
    undone: 0,
    gone: 0,
    changes,
  });

  const begun = await undo(context, { batchId, limit: 1 });
  assert.deepEqual(begun, { undone: [second], refused: [], next: second });
  assert.deepEqual(await counts(), {
    batchId,
    total: 2,
    written: 1,
    undone: 1,
    gone: 0,
    changes: [{ op: 'add', what: 'performers', count: 1 }],
  });
  // What is refused stays written, and the next call goes past it.
  stash.items.set('scene:1', anItem(1, { performerIds: ['7'] }));
  assert.deepEqual(await counts(), { batchId, total: 2, written: 1, undone: 1, gone: 1, changes: [] });
  const { gone } = await journalOperations['journal.list'](context, { limit: 9, offset: 0 });
  assert.deepEqual(gone, [first]);
  const { undone, refused, next } = await undo(context, { batchId, limit: 1, before: begun.next });
  assert.deepEqual([undone, refused.map(({ id }) => id), next], [[], [first], undefined]);
  assert.deepEqual(await undo(context, { batchId, limit: 1, before: first }), { undone: [], refused: [] });
});

test('a write that Stash refuses is void, and the next one is not held up by it', async (t) => {
  const { context, stash, id } = await suggested(t);
  stash.before = (call) => {
    if (call === 'change') throw new StashSenseError('stash-refused', plain('Stash refused: no.'));
  };
  assert.deepEqual((await acceptSuggestions(context, [id], KEEP)).refused, [
    { id, reason: plain('Stash refused: no.'), state: 'open' },
  ]);
  stash.before = () => undefined;
  assert.equal((await context.store.journal.planned()).length, 0);
  assert.equal((await acceptSuggestions(context, [id], KEEP)).accepted.length, 1);
});

for (const [what, { isThere, isUsed, stays }] of Object.entries({
  'a tag that was made for it is deleted': { isThere: false, isUsed: false, stays: false },
  'a tag that was there stays': { isThere: true, isUsed: false, stays: true },
  'a tag that was made and something else has by now stays': { isThere: false, isUsed: true, stays: true },
}))
  test(`where Stash refuses the write, ${what}`, async (t) => {
    const settings = { autoAcceptTag: 'Recognised' };
    const { context, stash, id } = await suggested(t, { settings });
    if (isThere) stash.tags.set('Recognised', '30');
    stash.before = (call) => {
      if (call !== 'change') return;
      const tagId = stash.tags.get('Recognised')!;
      if (isUsed) stash.items.set('scene:2', anItem(2, { tagIds: [tagId] }));
      throw new StashSenseError('stash-refused', plain('Stash refused: no.'));
    };
    const choices = { [id]: { tag: true } };
    const { accepted, refused } = await acceptSuggestions(context, [id], { ...KEEP, choices });
    assert.deepEqual([accepted, refused.map(({ state }) => state)], [[], ['open']]);
    assert.equal(stash.tags.has('Recognised'), stays);
    const { items } = await context.store.journal.list({ state: 'written' }, 9, 0);
    assert.equal(items.length, isUsed ? 1 : 0);
    stash.before = () => undefined;
    assert.equal((await acceptSuggestions(context, [id], { ...KEEP, choices })).accepted.length, 1);
    assert.ok(stash.items.get('scene:1')?.tagIds.includes(stash.tags.get('Recognised')!));
  });

for (const [when, moment, performerIds] of [
  ['before it reached Stash', 'before', ['7', '6']],
  ['after Stash had done it', 'after', ['7', '6', '5']],
] as const)
  test(`an undo of a batch takes back a write of it whose answer was lost ${when}`, async (t) => {
    const { context, stash } = await suggested(t);
    await propose(context, SCENE, ['5', '6']);
    const { items } = await context.store.suggestions.list({ state: 'open' }, 'confidence', 10, 0);
    const ids = items.map(({ id }) => id);
    let changes = 0;
    stash[moment] = (call) => {
      if (call === 'change' && ++changes === 2)
        throw new StashSenseError('stash-unreachable', plain('The line went dead.'));
    };
    const batch = { ...KEEP, batchId: 'all' };
    await assert.rejects(acceptSuggestions(context, ids, batch), { code: 'stash-unreachable' });
    stash[moment] = () => undefined;
    assert.deepEqual(stash.items.get('scene:1')?.performerIds, performerIds);
    const { undone, refused } = await undo(context, { batchId: 'all' });
    assert.deepEqual([undone.length, refused], [performerIds.length - 1, []]);
    assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
    assert.deepEqual(await undo(context, { batchId: 'all' }), { undone: [], refused: [] });
  });

for (const [when, moment, state] of [
  ['before it reached Stash', 'before', 'void'],
  ['after Stash had done it', 'after', 'written'],
] as const)
  test(`a write whose answer was lost ${when} is looked up in Stash before the next one`, async (t) => {
    const { context, stash, id } = await suggested(t);
    stash[moment] = (call) => {
      if (call === 'change') throw new StashSenseError('stash-unreachable', plain('The line went dead.'));
    };
    await assert.rejects(acceptSuggestions(context, [id], KEEP), { code: 'stash-unreachable' });
    stash[moment] = () => undefined;
    const [planned] = await context.store.journal.planned();
    const { accepted } = await acceptSuggestions(context, [id], KEEP);
    assert.equal((await context.store.journal.get(planned?.id ?? ''))?.state, state);
    assert.equal(accepted.length, 1);
    assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
    const written = await context.store.journal.list({ state: 'written' }, 10, 0);
    assert.equal(written.total, 1);
    assert.equal(accepted[0]?.journalId, written.items[0]?.id);
  });

test('an undo whose answer was lost after Stash had done it counts as undone', async (t) => {
  const { context, stash, id } = await suggested(t);
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  const journalId = accepted[0]?.journalId ?? '';
  stash.after = (call) => {
    if (call === 'change') throw new StashSenseError('stash-unreachable', plain('The line went dead.'));
  };
  await assert.rejects(undo(context, { ids: [journalId] }), { code: 'stash-unreachable' });
  stash.after = () => undefined;
  assert.deepEqual(await undo(context, { ids: [journalId] }), { undone: [journalId], refused: [] });
  assert.equal((await context.store.suggestions.get(id))?.state, 'open');
});

test('an accepted face becomes a reference, and undo takes it back', async (t) => {
  const { context, id } = await suggested(t);
  const { people } = context.store;
  const before = await people.version();
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  const confirmed = (await people.references('5', PACK)).filter((it) => it.source === 'confirmed');
  assert.deepEqual(
    confirmed.map(({ state, sourceKey, quality }) => ({ state, sourceKey, quality })),
    [{ state: 'used', sourceKey: 'oshash:0000000000000001#0', quality: 0.8 }],
  );
  assert.ok(confirmed[0]?.crop);
  assert.ok((await people.version()) > before);
  await undo(context, { ids: [accepted[0]?.journalId ?? ''] });
  assert.equal((await people.reference(confirmed[0]?.id ?? ''))?.state, 'withdrawn');
});

test('a match that rested on one weak reference alone confirms nothing', async (t) => {
  const { context, id } = await suggested(t, { referenceQuality: 0.3 });
  await acceptSuggestions(context, [id], KEEP);
  const references = await context.store.people.references('5', PACK);
  assert.deepEqual(
    references.map(({ source }) => source),
    ['profile'],
  );
});

test('a rejection is remembered for the content; it is taken back by reopening', async (t) => {
  const { context, id } = await suggested(t);
  const performer = aPerformer(5);
  const contentIds = ['oshash:0000000000000001'] as const;
  const rejected = await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  assert.deepEqual(rejected, { rejected: [id], refused: [] });
  assert.equal(await context.store.dismissals.isDismissed(notSeen(contentIds, performer)), true);
  assert.match(inEnglish((await acceptSuggestions(context, [id], KEEP)).refused[0]!.reason), /undo that/);
  assert.deepEqual(await suggestionOperations['suggestions.reopen'](context, { ids: [id] }), {
    reopened: [id],
  });
  assert.equal(await context.store.dismissals.isDismissed(notSeen(contentIds, performer)), false);
  assert.equal((await context.store.suggestions.get(id))?.state, 'open');
});

test('what was added must be undone before it can be rejected', async (t) => {
  const { context, id } = await suggested(t);
  await acceptSuggestions(context, [id], KEEP);
  const { refused } = await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  assert.match(inEnglish(refused[0]!.reason), /undo that first/);
});

test('a performer nobody suggested can be added, and undone', async (t) => {
  const { context, stash } = await suggested(t);
  const { journalId } = await addPerformer(context, { entity: SCENE, performerId: '6', personKey: 0 });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '6']);
  assert.deepEqual(await undo(context, { ids: [journalId ?? ''] }), { undone: [journalId], refused: [] });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
});

test('"accept all" takes what is open above the threshold and nothing else', async (t) => {
  const { context, stash } = await suggested(t);
  await propose(context, SCENE, ['5', '6'], [0.99, 0.5]);
  const { accepted } = await suggestionOperations['suggestions.accept'](context, {
    all: { state: 'open', minConfidence: 0.9 },
    limit: 500,
    offset: 0,
    dryRun: false,
  });
  assert.equal(accepted.length, 1);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
});

test('a scan writes by itself only above the threshold of the user, tags it, and never again what was undone', async (t) => {
  const { context, stash } = await suggested(t, {
    settings: { autoAcceptConfidence: 90, autoAcceptTag: 'Found by face' },
  });
  await propose(context, SCENE, ['5', '6'], [0.95, 0.8]);
  const slice = await scanning(context);
  await autoAccept(context, slice);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
  assert.deepEqual(stash.items.get('scene:1')?.tagIds, ['1', stash.tags.get('Found by face')]);
  const { items } = await journalOperations['journal.list'](context, {
    entity: SCENE,
    limit: 10,
    offset: 0,
  });
  assert.deepEqual(
    items.map(({ by, batchId }) => ({ by, batchId })),
    [{ by: 'scan', batchId: 'run-3' }],
  );
  await undo(context, { batchId: 'run-3' });
  assert.deepEqual(stash.items.get('scene:1')?.tagIds, ['1']);
  assert.equal(stash.tags.get('Found by face'), undefined, 'the scan had made it');
  await autoAccept(context, slice);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
  // What nobody has looked at is no confirmation.
  const references = await context.store.people.references('5', PACK);
  assert.deepEqual(
    references.map(({ source }) => source),
    ['profile'],
  );
});

test('by itself a scan writes only to what its settings name, and leaves the rest when somebody else writes', async (t) => {
  const { context, stash } = await suggested(t, { settings: { autoAcceptConfidence: 90 } });
  const slice = await scanning(context);
  await context.store.work.dropMissing('scan', 'scene', new Set());
  await autoAccept(context, slice);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
  const busy: FakeContext = {
    ...(await fakeContext(t, stash, { folder: context.dataFolder })),
    settings: context.settings,
    changes: {
      exclusively: () => Promise.reject(new StashSenseError('busy', plain('Somebody else writes.'))),
    },
  };
  await autoAccept(busy, slice, SCENE);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
  await autoAccept(context, slice, SCENE);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
});

test('while somebody else writes for long, a scan waits for them once and not for each of its pieces', async (t) => {
  const { context } = await suggested(t, { settings: { autoAcceptConfidence: 80 } });
  const slice = await scanning(context);
  for (let n = 2; n <= 61; n++) {
    const scene: EntityRef = { kind: 'scene', id: String(n) };
    await propose(context, scene, ['5']);
    await context.store.work.enqueue('scan', [{ ...scene, title: '', revision: '', priority: 0 }]);
  }
  let waits = 0;
  const exclusively = async (): Promise<never> => {
    waits++;
    throw new StashSenseError('busy', plain('Somebody else writes.'));
  };
  await autoAccept({ ...context, changes: { exclusively } }, slice);
  assert.equal(waits, 1);
});

test('with decisions erased what was written can still be undone, and nothing holds up the next write', async (t) => {
  const { context, stash, id } = await suggested(t);
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  await context.store.erase(['decisions']);
  const journalId = accepted[0]?.journalId ?? '';
  assert.deepEqual(await undo(context, { ids: [journalId] }), { undone: [journalId], refused: [] });
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
  const { journalId: next } = await addPerformer(context, { entity: SCENE, performerId: '6', personKey: 0 });
  assert.ok(next);
});

test('an undo in a dry run writes nothing and says so', async (t) => {
  const { context, stash, id } = await suggested(t);
  const { accepted } = await acceptSuggestions(context, [id], KEEP);
  const dry = { ...context, settings: { ...context.settings, dryRun: true } };
  const { undone, refused } = await undo(dry, { ids: [accepted[0]?.journalId ?? ''] });
  assert.deepEqual(undone, []);
  assert.match(inEnglish(refused[0]!.reason), /"Dry run" is on/);
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
});

test('whoever else wants to write gets a turn between the writes of "accept all"', async (t) => {
  const { context, stash } = await suggested(t);
  for (let n = 2; n <= 61; n++) {
    stash.items.set(`scene:${n}`, { ...anItem(n), files: anItem(1).files });
    await propose(context, { kind: 'scene', id: String(n) }, ['5']);
  }
  const other = await fakeContext(t, stash, { folder: context.dataFolder });
  const { items } = await context.store.suggestions.list({ state: 'open' }, 'newest', 100, 0);
  let left = items.length;
  const all = acceptSuggestions(
    context,
    items.map((it) => it.id),
    KEEP,
  );
  await addPerformer(other, { entity: SCENE, performerId: '6', personKey: 0 });
  left = (await context.store.suggestions.list({ state: 'open' }, 'newest', 1, 0)).total;
  assert.ok(left > 0, 'it waited for all of them');
  assert.equal((await all).accepted.length, items.length);
});

test('a refused write leaves the "no" that was said before', async (t) => {
  const { context, stash, id } = await suggested(t);
  await suggestionOperations['suggestions.reject'](context, { ids: [id] });
  stash.before = (call) => {
    if (call === 'change') throw new StashSenseError('stash-refused', plain('Stash refused: no.'));
  };
  await assert.rejects(addPerformer(context, { entity: SCENE, performerId: '5', personKey: 0 }));
  assert.equal(
    await context.store.dismissals.isDismissed(notSeen(['oshash:0000000000000001'], aPerformer(5))),
    true,
  );
  stash.before = () => undefined;
  await addPerformer(context, { entity: SCENE, performerId: '5', personKey: 0 });
  assert.equal(
    await context.store.dismissals.isDismissed(notSeen(['oshash:0000000000000001'], aPerformer(5))),
    false,
  );
});

test('of many confirmed faces the best are kept', async (t) => {
  const { context, stash } = await suggested(t);
  const { store } = context;
  for (let n = 2; n <= 15; n++) {
    const observation = anObservation(n, { persons: [aPerson(0, { quality: 0.5 + n / 100 })] });
    await store.observations.put({ observation, crops: [] });
    stash.items.set(`scene:${n}`, anItem(n));
    const scene: EntityRef = { kind: 'scene', id: String(n) };
    await store.observations.link(scene, `Scene ${n}`, [observation.contentId]);
    await addPerformer(context, { entity: scene, performerId: '5', personKey: 0 });
  }
  const confirmed = (await store.people.vectors('5', PACK)).filter(
    ({ source, state }) => source === 'confirmed' && state === 'used',
  );
  assert.equal(confirmed.length, 12);
  assert.equal(Math.min(...confirmed.map(({ quality }) => quality)).toFixed(2), '0.54');
});

test('what a scan writes by itself goes on in its next turn when this one is over', async (t) => {
  const { context, stash } = await suggested(t, { settings: { autoAcceptConfidence: 80 } });
  const slice = await scanning(context);
  const ending = { ...slice, shouldYield: () => Promise.resolve(true) };
  assert.equal(await autoAccept(context, ending), 'yielded');
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7']);
  assert.equal(await autoAccept(context, slice), 'done');
  assert.deepEqual(stash.items.get('scene:1')?.performerIds, ['7', '5']);
});

/** The states of what performer 5 is known by beside their picture. */
async function learnt({ store }: FakeContext): Promise<string[]> {
  const known = await store.people.vectors('5', PACK);
  return known.flatMap(({ source, state }) => (source === 'confirmed' ? state : []));
}

/** A run of "Scan library" whose list holds scene 1. */
async function scanning({ store }: FakeContext): Promise<Slice> {
  await store.work.enqueue('scan', [{ ...SCENE, title: 'Scene 1', revision: '', priority: 0 }]);
  return aSlice();
}

/** Scene 1 (with performer 7 and tag 1), looked at, with a suggestion of performer 5. */
async function suggested(
  t: TestContext,
  {
    settings = {},
    referenceQuality = 0.9,
  }: { settings?: Partial<FakeContext['settings']>; referenceQuality?: number } = {},
): Promise<{ context: FakeContext; stash: MemoryStash; id: string }> {
  const stash = memoryStash({
    items: [anItem(1, { performerIds: ['7'], tagIds: ['1'] })],
    performers: [aPerformer(5), aPerformer(6), aPerformer(7), aPerformer(9)],
  });
  stash.tags.set('Of the user', '1');
  const context = await fakeContext(t, stash, { settings });
  const { store } = context;
  await store.people.putPerformer(aPerformer(5));
  await store.people.putReference({
    performerId: '5',
    source: 'profile',
    sourceKey: 'profile',
    revision: '1',
    contentHash: 'a',
    packId: PACK,
    state: 'used',
    embedding: aVector(0, { lean: 0.3 }),
    quality: referenceQuality,
    crop: CROP,
  });
  const observation = anObservation(1);
  await store.observations.put({
    observation,
    crops: [{ ...CROP, personKey: 0, rank: 0, timeMs: 1000 }],
  });
  await store.observations.link(SCENE, 'Scene 1', [observation.contentId]);
  await propose(context, SCENE, ['5']);
  const { items } = await store.suggestions.list({ target: { kind: 'performer', id: '5' } }, 'newest', 1, 0);
  return { context, stash, id: items[0]?.id ?? '' };
}

function matchedWith(performerId: string): IdentifiedCluster {
  return {
    key: 0,
    members: [{ contentId: 'oshash:0000000000000001', personKey: 0 }],
    decision: 'match',
    confidence: 0.9,
    margin: 0.4,
    candidates: [
      {
        personId: `stash:${performerId}`,
        performerId,
        name: `Performer ${performerId}`,
        similarity: 0.9,
        confidence: 0.9,
        referenceId: '1',
      },
    ],
  };
}

async function propose(
  { store }: FakeContext,
  entity: EntityRef,
  performerIds: readonly string[],
  confidences: readonly number[] = [],
): Promise<void> {
  const proposals = performerIds.map((performerId, n): Proposal => ({
    kind: 'performer-seen',
    entity,
    entityTitle: `Scene ${entity.id}`,
    target: { kind: 'performer', id: performerId },
    targetName: `Performer ${performerId}`,
    severity: 'info',
    confidence: confidences[n] ?? 0.9,
    analyzer: ANALYZER,
    analyzerVersion: 1,
    payload: { seen: [{ contentId: 'oshash:0000000000000001', personKey: 0 }] },
    evidence: {
      timesMs: [1000],
      faceCount: 1,
      similarity: 0.9,
      margin: 0.4,
      referenceId: '1',
      alternatives: [],
    },
  }));
  await store.suggestions.replace(entity, ANALYZER, proposals);
}

function silent(): Promise<never> {
  return Promise.reject(new Error('fetch failed'));
}
