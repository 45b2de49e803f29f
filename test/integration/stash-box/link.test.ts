/** "Link stash-box IDs" over a stash-box in memory: who is suggested, how surely, and what a decision about it does. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { StashJob } from '../../../core/ports/library.ts';
import type { PackEntry } from '../../../core/ports/reference-packs.ts';
import type { StashBoxes } from '../../../core/ports/stash-box.ts';
import { linkStashIds } from '../../../tasks/stash-box/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { aVector, FAST, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { aPerformer } from '../../fakes/memory-stash.ts';
import { packPerson, writeReferencePack } from '../../fixtures/reference-packs.ts';
import { acceptance, addPerformer, link, opened, suggested } from './linking.ts';

const OTHER_BOX = 'https://other.example/graphql';
const NO_ARGS = taskArgsSchema('link-stash-ids').parse({});

test('a name and a face that agree are a strong find, whose yes adds the id and whose undo takes it off again', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, {
    name: 'Ada Lovelace',
    stashIds: [{ endpoint: OTHER_BOX, stashId: boxId(9) }],
  });
  box.add(1, ['face 1', 'again 1'], { name: 'Ada Lovelace' });
  box.add(2, ['face 2'], { name: 'Ada Lovelace', disambiguation: 'another' });
  const { message } = await link(context);
  assert.equal(
    inEnglish(message),
    '1 performer was looked up: 1 is suggested, 1 of them with more than a name.',
  );
  const [found, ...more] = await suggested(context);
  assert.ok(found);
  assert.deepEqual(more, []);
  assert.deepEqual(found.payload, { stashId: { endpoint: BOX, stashId: boxId(1) } });
  assert.equal(found.evidence.isStrong, true);
  assert.ok(found.confidence > 0.99, String(found.confidence));
  assert.deepEqual(
    found.evidence.signs.filter(({ weight }) => weight > 0).map(({ sign }) => sign),
    ['name', 'face'],
  );

  const before = structuredClone(stash.performers.get('1'));
  const { accepted } = await suggestionOperations['suggestions.accept'](context, acceptance([found.id]));
  assert.deepEqual(stash.performers.get('1')?.stashIds, [
    { endpoint: OTHER_BOX, stashId: boxId(9) },
    { endpoint: BOX, stashId: boxId(1) },
  ]);
  assert.equal((await context.store.suggestions.get(found.id))?.state, 'accepted');
  const { undone, refused } = await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual([undone.length, refused], [1, []]);
  assert.deepEqual(stash.performers.get('1'), before);
  assert.equal((await context.store.suggestions.get(found.id))?.state, 'open');
});

test('a name alone is never a strong find, and "accept all" leaves it to a person', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' }, { birthdate: '1815-12-10' }, null);
  box.add(1, [], { name: 'Ada Lovelace', birthDate: '1815-12-10', country: null });
  await link(context);
  const [found] = await suggested(context);
  assert.equal(found?.evidence.isStrong, false);
  assert.ok(found.confidence > 0.5 && found.confidence < 0.95, String(found.confidence));
  const { accepted } = await suggestionOperations['suggestions.accept'](context, {
    all: { minConfidence: 0, state: 'open' },
    limit: 20,
    offset: 0,
    dryRun: false,
  });
  assert.deepEqual([accepted, stash.performers.get('1')?.stashIds], [[], []]);
});

test('of a name that two people have the other face is left out, and an alias counts as a name', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace', aliases: ['Countess Ada'] });
  box.add(2, ['face 2'], { name: 'Ada Lovelace' });
  box.add(3, ['face 1'], { name: 'Augusta King', aliases: ['countess ada'] });
  await link(context);
  assert.deepEqual(
    (await suggested(context)).map(({ payload, evidence }) => [payload.stashId.stashId, evidence.isStrong]),
    [[boxId(3), true]],
  );
});

test('a link of the performer to their page, and one to the same page elsewhere, say who it is', async (t) => {
  const { context, stash, box } = await opened(t);
  const pages: readonly string[][] = [
    [`https://box.example/performers/${boxId(1)}`],
    ['https://www.example.org/people/ada/'],
    // Merged into 3 since.
    [`https://box.example/performers/${boxId(4)}/`],
    // The first page of a site is nobody's.
    ['https://www.example.org/'],
  ];
  for (const [n, urls] of pages.entries())
    await addPerformer(context, stash, n + 1, { name: `Mine ${n + 1}` }, { urls }, null);
  box.add(1, [], { name: 'Mine 1' });
  box.add(2, [], { name: 'Mine Two', aliases: ['Mine 2'], urls: ['https://www.example.org/people/Ada'] });
  box.add(3, [], { name: 'Mine 3', mergedIds: [boxId(4)] });
  box.add(4, [], { name: 'Somebody', deleted: true, mergedIntoId: boxId(3) });
  box.add(5, [], { name: 'Nobody', urls: ['https://www.example.org/'] });
  await link(context);
  assert.deepEqual(
    (await suggested(context))
      .map(({ entity, payload, evidence }) =>
        [entity.id, payload.stashId.stashId, evidence.isStrong].join(' '),
      )
      .toSorted(),
    [1, 2, 3].map((n) => `${n} ${boxId(n)} true`),
  );
});

test('a reference pack finds by face alone, and by the id of another stash-box that it joins', async (t) => {
  const { context, stash, box } = await opened(t);
  await writeReferencePack(context.referencePacks, [
    packEntry(1, [{ endpoint: BOX, stashId: boxId(1) }]),
    joinedEntry(2, 77, true),
    joinedEntry(3, 78, false),
  ]);
  await addPerformer(context, stash, 1, { name: 'By Face' });
  const linked = [{ endpoint: OTHER_BOX, stashId: boxId(77) }];
  await addPerformer(context, stash, 2, { name: 'By Another Box', stashIds: linked }, {}, null);
  box.add(1, ['unused 6'], { name: 'Called Otherwise' });
  box.add(2, ['unused 6'], { name: 'Called Otherwise Too' });
  const said = [{ endpoint: OTHER_BOX, stashId: boxId(78) }];
  await addPerformer(context, stash, 3, { name: 'By A Pack Without Reasons', stashIds: said }, {}, null);
  box.add(3, ['unused 6'], { name: 'By A Pack Without Reasons' });
  await link(context);
  const found = await suggested(context);
  assert.deepEqual(
    found.map(({ entity, payload, evidence }) => [
      entity.id,
      payload.stashId.stashId,
      evidence.isStrong,
      evidence.imageId,
    ]),
    [
      ['2', boxId(2), true, boxId(102)],
      // The pack does not say why both ids are of one person.
      ['3', boxId(3), false, boxId(103)],
      // A face alone is not enough to write by.
      ['1', boxId(1), false, boxId(101)],
    ],
  );
  // No picture is fetched of whom a pack has.
  assert.deepEqual(
    box.calls.filter((call) => call.startsWith('picture')),
    [],
  );
});

test('a pair that was refused never comes back, and another one does', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  await link(context);
  const [found] = await suggested(context);
  await suggestionOperations['suggestions.reject'](context, { ids: [found!.id], choices: {} });
  box.add(2, ['face 1'], { name: 'Ada Lovelace', disambiguation: 'II' });
  await link(context, { force: true });
  assert.deepEqual(
    (await suggested(context)).map(({ payload }) => payload.stashId.stashId),
    [boxId(2)],
  );
  // As after a merge in Stash, or where the performer was made anew.
  stash.performers.set('7', { ...stash.performers.get('1')!, id: '7' });
  stash.performers.delete('1');
  await link(context, { force: true });
  assert.deepEqual(
    (await suggested(context))
      .filter(({ entity }) => entity.id === '7')
      .map(({ payload }) => payload.stashId.stashId),
    [boxId(2)],
  );
});

test('who has an id there by now is not asked about, nor is one offered that another performer has', async (t) => {
  const { context, stash, box } = await opened(t);
  const taken = { endpoint: BOX, stashId: boxId(1) };
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace', stashIds: [taken] });
  await addPerformer(context, stash, 2, { name: 'Ada Lovelace', disambiguation: 'once more' });
  await addPerformer(context, stash, 3, { name: 'Grace Hopper' });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  box.add(3, ['face 3'], { name: 'Grace Hopper' });
  await link(context);
  const [found, ...more] = await suggested(context);
  assert.deepEqual([found?.entity.id, more.length], ['3', 0]);

  // Somebody gave it to another one in the meantime.
  stash.performers.set('2', {
    ...stash.performers.get('2')!,
    stashIds: [{ endpoint: BOX, stashId: boxId(3) }],
  });
  const { refused } = await suggestionOperations['suggestions.accept'](context, acceptance([found!.id]));
  assert.match(inEnglish(refused[0]!.reason), /has this stash ID of box\.example already/);
  assert.deepEqual(stash.performers.get('3')?.stashIds, []);

  // Linked in Stash itself: nothing is left to suggest.
  stash.performers.set('3', {
    ...stash.performers.get('3')!,
    stashIds: [{ endpoint: BOX, stashId: boxId(33) }],
  });
  const second = await suggestionOperations['suggestions.accept'](context, acceptance([found!.id]));
  assert.match(inEnglish(second.refused[0]!.reason), /none is replaced/);
  await link(context);
  assert.deepEqual(await suggested(context), []);
});

test('a stash ID that somebody has whom the settings exclude by now is given to nobody else', async (t) => {
  const { context, stash, box } = await opened(t, { settings: { excludedPerformers: 'Mine Secret' } });
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  stash.performers.set('2', aPerformer(2, { name: 'Mine Secret' }));
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  await link(context);
  const [found] = await suggested(context);
  const stashIds = [{ endpoint: BOX, stashId: boxId(1) }];
  stash.performers.set('2', aPerformer(2, { name: 'Mine Secret', stashIds }));
  const { refused } = await suggestionOperations['suggestions.accept'](context, acceptance([found!.id]));
  assert.match(inEnglish(refused[0]!.reason), /the settings exclude this performer/);
  assert.deepEqual(stash.performers.get('1')?.stashIds, []);
});

test('of a performer who is excluded since they were suggested nothing is asked when it is accepted', async (t) => {
  const { context, stash, box } = await opened(t, { settings: { excludedPerformers: 'Mine Secret' } });
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  stash.performers.set('2', aPerformer(2, { name: 'Mine Secret' }));
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  await link(context);
  const [found] = await suggested(context);
  const entity = { kind: 'performer', id: '2' } as const;
  await context.store.suggestions.replace(entity, 'test', [{ ...found!, entity, analyzer: 'test' }]);
  const of = await context.store.suggestions.list({ entity, state: 'open' }, 'newest', 1, 0);
  const id = of.items[0]!.id;
  const calls = box.calls.length;
  const asked = { ...acceptance([id]), choices: { [id]: { take: { country: '0'.repeat(16) } } } };
  const { refused } = await suggestionOperations['suggestions.accept'](context, asked);
  assert.match(inEnglish(refused[0]!.reason), /the settings exclude this performer/);
  assert.equal(box.calls.length, calls);
});

test('after the undo of a link the others who could be the performer are suggested again', async (t) => {
  const { context, stash, box } = await opened(t);
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' }, {}, null);
  for (const n of [1, 2]) box.add(n, [], { name: 'Ada Lovelace' });
  await link(context);
  const before = await suggested(context);
  assert.equal(before.length, 2);
  const { accepted } = await suggestionOperations['suggestions.accept'](context, acceptance([before[0]!.id]));
  assert.deepEqual(await suggested(context), []);
  await undo(context, { ids: [accepted[0]!.journalId!] });
  await link(context);
  assert.equal((await suggested(context)).length, 2);
});

test('a dry run writes nothing', async (t) => {
  const { context, stash, box } = await opened(t, { settings: { dryRun: true } });
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  await link(context);
  const [found] = await suggested(context);
  const { accepted, dryRun } = await suggestionOperations['suggestions.accept'](
    context,
    acceptance([found!.id]),
  );
  assert.deepEqual([accepted.length, dryRun, stash.performers.get('1')?.stashIds], [1, true, []]);
});

test('nobody is asked about again who has not changed, and whoever was changed is', async (t) => {
  const { context, stash, box } = await opened(t);
  for (let n = 1; n <= 12; n++) await addPerformer(context, stash, n, { name: `Mine Number${n}` }, {}, null);
  await link(context);
  // Five performers a question.
  assert.equal(box.calls.filter((call) => call.startsWith('search')).length, 3);
  box.calls.length = 0;
  await link(context);
  assert.deepEqual(box.calls, []);
  stash.performers.set('4', { ...stash.performers.get('4')!, aliases: ['Known As'] });
  await link(context);
  assert.deepEqual(box.calls, ['search 2']);
  box.calls.length = 0;
  await link(context, { performer_ids: '3,5' });
  assert.deepEqual(box.calls, []);
  await link(context, { performer_ids: '3,5', force: true });
  assert.deepEqual(box.calls, ['search 2']);
});

test('a stash-box in trouble keeps no other waiting, and what it said before stays', async (t) => {
  const { context, stash, box } = await opened(t);
  const broken = memoryBox();
  broken.before = fail;
  await addPerformer(context, stash, 1, { name: 'Ada Lovelace' });
  box.add(1, ['face 1'], { name: 'Ada Lovelace' });
  const both: FakeContext = { ...context, stashBoxes: twoBoxes(broken, box) };
  const { end, message } = await link(both);
  assert.equal(end, 'finished');
  assert.match(inEnglish(message), /1 is suggested.*\nOther does not answer\./);
  assert.equal((await suggested(context)).length, 1);
  box.before = fail;
  await assert.rejects(link(both, { force: true }), /does not answer/);
  assert.equal((await suggested(context)).length, 1);
  await assert.rejects(
    link({ ...context, stashBoxes: { ...box, list: () => Promise.resolve([]) } }),
    /no stash-box/,
  );
});

test('each slice goes on behind the last, and asks nothing twice', async (t) => {
  const { context, stash, box } = await opened(t);
  const short: FakeContext = { ...context, limits: { ...FAST, sliceMs: 0 } };
  for (let n = 1; n <= 23; n++) await addPerformer(context, stash, n, { name: `Mine Number${n}` }, {}, null);
  let slices = 1;
  let { end } = await link(short);
  for (; end === 'requeued' && slices < 20; slices++) {
    const { run, token } = stash.started.at(-1)?.args ?? {};
    const next = { run: String(run), token: String(token) };
    ({ end } = await runSlice(short, linkStashIds, NO_ARGS, next));
  }
  assert.equal(end, 'finished');
  assert.ok(slices > 3, `${slices} slices`);
  assert.equal(box.calls.filter((call) => call.startsWith('search')).length, 5);
});

for (const what of ['look-ups', 'checks'] as const)
  test(`where another job waits a slice gives the queue back, and the ${what} go on behind it`, async (t) => {
    const { context, stash, box } = await opened(t);
    const count = what === 'checks' ? 450 : 12;
    for (let n = 1; n <= count; n++) {
      const stashIds = what === 'checks' ? [{ endpoint: BOX, stashId: boxId(n) }] : [];
      stash.performers.set(String(n), aPerformer(n, { name: `Mine Number${n}`, stashIds }));
      box.add(n, [], { name: `Theirs Number${n}` });
    }
    const job = { id: 'other', status: 'READY', description: 'Scanning...', addedAt: '2026-01-10T12:00:00Z' };
    stash.jobs.push(job as StashJob);
    const slices: string[][] = [];
    const keep = (): void => {
      slices.push(box.calls.splice(0).filter((call) => /^(?:search|performers) /.test(call)));
    };
    let { end } = await link(context);
    keep();
    while (end === 'requeued' && slices.length < 20) {
      const { run, token } = stash.started.at(-1)?.args ?? {};
      const next = { run: String(run), token: String(token) };
      ({ end } = await runSlice(context, linkStashIds, NO_ARGS, next));
      keep();
    }
    assert.equal(end, 'finished');
    assert.deepEqual(
      slices.filter((asked) => asked.length > 0),
      what === 'checks'
        ? [['performers 200'], ['performers 200'], ['performers 50']]
        : [['search 5'], ['search 5'], ['search 2']],
    );
  });

test('whom the settings exclude, and who opted out of being found, is left out', async (t) => {
  const { context, stash, box } = await opened(t, { settings: { excludedPerformers: 'Mine Secret' } });
  await addPerformer(context, stash, 1, { name: 'Mine Secret' });
  await addPerformer(context, stash, 2, { name: 'Ada Lovelace' });
  box.add(1, ['face 1'], { name: 'Mine Secret' });
  box.add(2, ['face 2'], { name: 'Ada Lovelace' });
  const packs = context.referencePacks;
  const optedOut = { everywhere: new Set([boxId(2)]), atBoxes: new Set<string>() };
  const referencePacks = { ...packs, optOuts: () => Promise.resolve(optedOut) };
  await link({ ...context, referencePacks });
  assert.deepEqual(await suggested(context), []);
  await link(context, { force: true });
  assert.deepEqual(
    (await suggested(context)).map(({ entity }) => entity.id),
    ['2'],
  );
});

function fail(): never {
  throw new StashSenseError('stash-box-unreachable', plain('Other does not answer.'));
}

/** The person along axis `n` of a reference pack. */
function packEntry(n: number, stashIds: { endpoint: string; stashId: string }[]): PackEntry {
  const picture = { endpoint: BOX, imageId: boxId(100 + n) };
  return {
    person: packPerson(n, { stashIds, picture }),
    template: aVector(n),
    quality: 0.9,
    references: 4,
  };
}

/** Person `n` joined with performer `other` of the other stash-box, with the reason or without. */
function joinedEntry(n: number, other: number, saysWhy: boolean): PackEntry {
  const one = { endpoint: BOX, stashId: boxId(n) };
  const joined = { endpoint: OTHER_BOX, stashId: boxId(other) };
  const entry = packEntry(n, [one, joined]);
  const joins = [{ one, other: joined, link: 'page' as const, similarity: null, facts: [] }];
  return saysWhy ? { ...entry, person: { ...entry.person, joins } } : entry;
}

/** The first under another address. */
function twoBoxes(other: MemoryBox, box: MemoryBox): StashBoxes {
  return {
    ...box,
    list: async () => [
      { endpoint: OTHER_BOX, name: 'Other', hasKey: true, maxRequestsPerMinute: 240 },
      ...(await box.list()),
    ],
    open: async (endpoint) => (endpoint === OTHER_BOX ? await other.open(BOX) : await box.open(endpoint)),
  };
}
