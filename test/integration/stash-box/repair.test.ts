/** Stash IDs that are wrong: found by "Link stash-box IDs", corrected by a yes, and left alone while a stash-box is in trouble. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { StashIdValue } from '../../../core/changes/change.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { StashBoxes } from '../../../core/ports/stash-box.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { runSlice, type SliceReport } from '../../../tasks/runs/run-slice.ts';
import { linkStashIds } from '../../../tasks/stash-box/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { fakeContext, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox } from '../../fakes/memory-box.ts';
import { aPerformer, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';
import { fakeVision } from '../../fakes/vision.ts';

const OTHER_BOX = 'https://other.example/graphql';
const NOBODY = '99999999-0000-4000-8000-000000000009';

/** [what, the id that is there, why it is wrong and what is right; null: it is right] */
const IDS: readonly [string, string, readonly [reason: string, right: string | null] | null][] = [
  ['as it is', boxId(1), null],
  ['merged, through two merges', boxId(2), ['merged', boxId(1)]],
  ['deleted by an edit', boxId(4), ['deleted', null]],
  ['destroyed by an administrator', NOBODY, ['deleted', null]],
  [
    'in capitals',
    boxId(5).replace('8000', 'A000').toUpperCase(),
    ['malformed', boxId(5).replace('8000', 'a000')],
  ],
  ['an address', `https://box.example/performers/${boxId(1)}`, ['malformed', boxId(1)]],
  ['no id at all', 'ada', ['malformed', null]],
  ['of another stash-box', boxId(77), ['otherBox', boxId(77)]],
  ['of whom the box cannot answer', boxId(6), null],
  ['merged, through two merges, into whom the box cannot answer', boxId(9), null],
  ['merged more often than is followed', boxId(20), null],
  ['deleted, where the box does not tell merges', boxId(11), null],
];

for (const [what, stashId, expected] of IDS)
  test(`an id ${what} is ${expected === null ? 'left alone' : 'corrected, and the undo puts it back'}`, async (t) => {
    const { context, stash } = await opened(t, [{ endpoint: BOX, stashId }]);
    await link(context);
    const [found, ...more] = await wrongOnes(context);
    if (expected === null) return assert.equal(found, undefined);
    const [reason, right] = expected;
    const endpoint = reason === 'otherBox' ? OTHER_BOX : BOX;
    assert.ok(found);
    assert.deepEqual(more, []);
    assert.deepEqual(
      [found.evidence.reason, found.payload],
      [
        reason,
        {
          wrong: { endpoint: BOX, stashId },
          right: right === null ? null : { endpoint, stashId: right },
        },
      ],
    );
    const { accepted, refused } = await accept(context, found.id);
    assert.deepEqual([accepted.length, refused], [1, []]);
    assert.deepEqual(idsOf(stash), right === null ? [] : [{ endpoint, stashId: right }]);
    await link(context, { force: true });
    assert.deepEqual(await wrongOnes(context), []);
    await undo(context, { ids: [accepted[0]!.journalId!] });
    assert.deepEqual(idsOf(stash), [{ endpoint: BOX, stashId }]);
    return undefined;
  });

test('what is right already is only freed of the wrong one, and ids of other stash-boxes stay', async (t) => {
  const right = { endpoint: BOX, stashId: boxId(1) };
  const other = { endpoint: OTHER_BOX, stashId: boxId(77) };
  const { context, stash } = await opened(t, [{ endpoint: BOX, stashId: boxId(2) }, right, other]);
  await link(context);
  const [found] = await wrongOnes(context);
  assert.equal(found?.payload.right, null);
  await accept(context, found.id);
  assert.deepEqual(idsOf(stash), [right, other]);
});

for (const first of ['corrected', 'taken off'] as const)
  test(`of two ids that were merged into one, that one stays, whichever is accepted first: ${first}`, async (t) => {
    const { context, stash } = await opened(t, [
      { endpoint: BOX, stashId: boxId(2) },
      { endpoint: BOX, stashId: boxId(3) },
    ]);
    await link(context);
    const found = (await wrongOnes(context)).toSorted(
      (a, b) => Number(a.payload.right === null) - Number(b.payload.right === null),
    );
    assert.deepEqual(
      found.map(({ payload }) => payload.right),
      [{ endpoint: BOX, stashId: boxId(1) }, null],
    );
    for (const { id } of first === 'corrected' ? found : found.toReversed())
      assert.deepEqual((await accept(context, id)).refused, []);
    assert.deepEqual(idsOf(stash), [{ endpoint: BOX, stashId: boxId(1) }]);
  });

/** [what, what Stash has of the performer, the corrections: of which id into which, and whether it is sure] */
const SURVIVORS: readonly [
  string,
  Readonly<Record<string, string>>,
  readonly (readonly [number, number | null, boolean])[],
][] = [
  [
    'a person says which, whatever the name',
    {},
    [
      [3, 1, false],
      [7, 8, false],
    ],
  ],
  [
    'the birth date says which, and the other is taken off',
    { birthdate: '1815-12-10' },
    [
      [3, 1, true],
      [7, null, false],
    ],
  ],
];
for (const [what, fields, expected] of SURVIVORS)
  test(`of two ids that were merged into different performers ${what}`, async (t) => {
    const { context, stash, box } = await opened(t, [
      { endpoint: BOX, stashId: boxId(3) },
      { endpoint: BOX, stashId: boxId(7) },
    ]);
    box.add(1, [], { name: 'Mine', birthDate: '1815-12-10' });
    box.add(7, [], { deleted: true, mergedIntoId: boxId(8) });
    box.add(8, [], { name: 'Mine', birthDate: '1906-12-09' });
    stash.performerFields.set('1', fields);
    await link(context);
    const found = (await wrongOnes(context)).toSorted((a, b) =>
      a.payload.wrong.stashId < b.payload.wrong.stashId ? -1 : 1,
    );
    assert.deepEqual(
      found.map(({ payload: { wrong, right }, confidence }) => [
        numberOf(wrong.stashId),
        right && numberOf(right.stashId),
        confidence >= 0.95,
      ]),
      expected,
    );
    // Whichever a person says, the other is only to be taken off then, and is not corrected into a second one.
    await accept(context, found[0]!.id);
    await link(context);
    const [rest, ...more] = await wrongOnes(context);
    assert.deepEqual([rest?.payload.right, more.length], [null, 0]);
    await accept(context, rest!.id);
    assert.deepEqual(idsOf(stash), [{ endpoint: BOX, stashId: boxId(1) }]);
  });

function numberOf(stashId: string): number {
  return Number(stashId.slice(-6));
}

test('a right id that another performer has is given to nobody else', async (t) => {
  const wrong = { endpoint: BOX, stashId: boxId(2) };
  const { context, stash } = await opened(t, [wrong]);
  const right = [{ endpoint: BOX, stashId: boxId(1) }];
  stash.performers.set('2', aPerformer(2, { name: 'Owner', stashIds: right }));
  await link(context);
  const [found] = await wrongOnes(context);
  const { refused } = await accept(context, found!.id);
  assert.match(inEnglish(refused[0]!.reason), /Owner has this stash ID of box\.example already/);
  assert.deepEqual(idsOf(stash), [wrong]);
});

test('where the wrong id is gone a yes writes nothing and says so, and the next look closes it', async (t) => {
  const { context, stash } = await opened(t, [{ endpoint: BOX, stashId: boxId(2) }]);
  await link(context);
  const [found] = await wrongOnes(context);
  stash.performers.set('1', { ...stash.performers.get('1')!, stashIds: [] });
  const { refused } = await accept(context, found!.id);
  assert.match(inEnglish(refused[0]!.reason), /Mine no longer has the stash ID of box\.example/);
  await link(context);
  assert.deepEqual(await wrongOnes(context), []);
});

test('while a stash-box is in trouble nothing is proposed, of itself and of what only it could know', async (t) => {
  const { context, box, other } = await opened(t, [{ endpoint: BOX, stashId: NOBODY }]);
  box.before = fail;
  await assert.rejects(link(context, { endpoint: BOX }), /failed to connect/);
  assert.deepEqual(await wrongOnes(context), []);
  box.before = () => undefined;
  other.before = fail;
  await link(context, { endpoint: BOX });
  assert.deepEqual(await wrongOnes(context), []);
  other.before = () => undefined;
  const { message } = await link(context, { endpoint: BOX, force: true });
  assert.match(inEnglish(message), /1 stash ID is wrong\./);
  assert.equal((await wrongOnes(context)).length, 1);
});

test('an id that the box has deleted itself waits for no other one', async (t) => {
  const { context, other } = await opened(t, [{ endpoint: BOX, stashId: boxId(4) }]);
  other.before = fail;
  await link(context, { endpoint: BOX });
  assert.deepEqual(
    (await wrongOnes(context)).map(({ evidence }) => evidence.reason),
    ['deleted'],
  );
  assert.deepEqual(other.calls, []);
});

test('a box that does not take the key, or has been silent for days, keeps no id of another one waiting', async (t) => {
  for (const code of ['stash-box-refused', 'stash-box-unreachable'] as const) {
    const { context, other } = await opened(t, [{ endpoint: BOX, stashId: NOBODY }]);
    let reason = code as StashSenseError['code'];
    other.before = () => {
      throw new StashSenseError(reason, plain('no answer'));
    };
    const after = async (days: number): Promise<number> => {
      const now = (): number => Date.now() + days * 86_400_000;
      await link({ ...context, now }, { endpoint: BOX });
      return (await wrongOnes(context)).length;
    };
    const isClosed = code === 'stash-box-refused';
    assert.equal(await after(0), isClosed ? 1 : 0);
    if (isClosed) continue;
    assert.equal(await after(1), 0);
    // An answer in between: it is silent anew.
    other.before = () => undefined;
    other.add(99, [], { id: NOBODY, name: 'Elsewhere' });
    await link(context, { endpoint: BOX });
    assert.equal((await wrongOnes(context))[0]?.evidence.reason, 'otherBox');
    reason = 'stash-box-failed';
    other.before = () => {
      throw new StashSenseError(reason, plain('no answer'));
    };
    await context.store.boxLookUps.drop(BOX, '1');
    assert.equal(await after(3), 1);
    assert.equal((await wrongOnes(context))[0]?.evidence.reason, 'otherBox', 'what was found stays');
    assert.equal(await after(6), 1);
    assert.equal((await wrongOnes(context))[0]?.evidence.reason, 'deleted');
  }
});

test('an id that a person says is right is not asked about again', async (t) => {
  const { context } = await opened(t, [{ endpoint: BOX, stashId: boxId(2) }]);
  await link(context);
  const [found] = await wrongOnes(context);
  await suggestionOperations['suggestions.reject'](context, { ids: [found!.id], choices: {} });
  await link(context, { force: true });
  assert.deepEqual(await wrongOnes(context), []);
});

test('what is suggested of a stash-box that was removed from the settings is closed, and found again once it is back', async (t) => {
  const { context, stash, box } = await opened(t, [{ endpoint: BOX, stashId: boxId(2) }]);
  stash.performers.set('2', aPerformer(2, { name: 'Ada Unlinked' }));
  box.add(12, [], { name: 'Ada Unlinked' });
  const kinds = async (): Promise<string[]> =>
    (await context.store.suggestions.list({ state: 'open' }, 'newest', 9, 0)).items
      .map(({ kind }) => kind)
      .toSorted();
  await link(context);
  assert.deepEqual(await kinds(), ['performer-stash-id', 'stash-id-repair']);
  const boxes = (endpoints: readonly string[]): FakeContext => {
    const list: StashBoxes['list'] = async () =>
      (await context.stashBoxes.list()).filter(({ endpoint }) => endpoints.includes(endpoint));
    return { ...context, stashBoxes: { ...context.stashBoxes, list } };
  };
  await link(boxes([OTHER_BOX]));
  assert.deepEqual(await kinds(), []);
  await link(context);
  assert.deepEqual(await kinds(), ['performer-stash-id', 'stash-id-repair']);
  await assert.rejects(link(boxes([])), /have no stash-box with an API key/);
  assert.deepEqual(await kinds(), []);
});

test('a link that was accepted and is corrected later was not taken off', async (t) => {
  const { context, stash, box } = await opened(t, []);
  stash.performers.set('1', { ...stash.performers.get('1')!, name: 'Ada Lovelace' });
  box.add(8, [], { name: 'Ada Lovelace' });
  await link(context);
  const { items } = await context.store.suggestions.list(
    { kind: 'performer-stash-id', state: 'open' },
    'newest',
    9,
    0,
  );
  await accept(context, items[0]!.id);
  box.add(8, [], { name: 'Ada Lovelace', deleted: true, mergedIntoId: boxId(1) });
  await link(context, { force: true });
  const [found] = await wrongOnes(context);
  await accept(context, found!.id);
  assert.deepEqual(idsOf(stash), [{ endpoint: BOX, stashId: boxId(1) }]);
  assert.equal((await context.store.suggestions.get(items[0]!.id))?.state, 'stale');
});

test('of two performers who have one id, the one who was born on another day loses it, and one of another name alone does not', async (t) => {
  const ada = [{ endpoint: BOX, stashId: boxId(1) }];
  const { context, stash, box } = await opened(t, ada);
  box.add(1, [], { name: 'Ada Lovelace', birthDate: '1815-12-10' });
  const add = async (n: number, name: string, birthdate: string): Promise<void> => {
    const performer = aPerformer(n, { name, stashIds: ada });
    stash.performers.set(String(n), performer);
    stash.performerFields.set(String(n), { birthdate });
    await context.store.people.putPerformer(performer);
  };
  await add(1, 'Called Otherwise', '1815-12-10');
  await add(2, 'Ada Lovelace', '1815-12-10');
  await add(3, 'Ada Lovelace', '1906-12-09');
  await link(context);
  assert.deepEqual(
    (await wrongOnes(context)).map(({ entity, evidence, payload }) => [
      entity.id,
      evidence.reason,
      payload.right,
    ]),
    [['3', 'shared', null]],
  );
});

test('nobody loses an id because the store still counts one who no longer has it', async (t) => {
  const ada = [{ endpoint: BOX, stashId: boxId(1) }];
  const { context, stash, box } = await opened(t, ada);
  box.add(1, [], { name: 'Ada Lovelace', birthDate: '1815-12-10' });
  stash.performerFields.set('1', { birthdate: '1906-12-09' });
  const before = aPerformer(2, { name: 'Ada Lovelace', stashIds: ada });
  await context.store.people.putPerformer(before);
  stash.performers.set('2', { ...before, stashIds: [] });
  stash.performerFields.set('2', { birthdate: '1815-12-10' });
  await link(context);
  assert.deepEqual(await wrongOnes(context), []);
});

test('thousands of linked performers are checked in few questions, and not again within the week', async (t) => {
  const { context, stash, box } = await opened(t, []);
  for (let n = 100; n < 300; n++) {
    const stashIds = [{ endpoint: BOX, stashId: boxId(n) }];
    stash.performers.set(String(n), aPerformer(n, { stashIds }));
    box.add(n, []);
  }
  await link(context);
  const asked = box.calls.filter((call) => call.startsWith('performers '));
  // Those of two pages together; the client asks for 50 in a request.
  assert.deepEqual(asked, ['performers 200']);
  box.calls.length = 0;
  await link(context);
  assert.deepEqual(box.calls, []);
});

function fail(): never {
  throw new StashSenseError('stash-box-failed', plain('failed to connect'));
}

async function opened(t: TestContext, stashIds: readonly StashIdValue[]) {
  const stash = memoryStash({ performers: [aPerformer(1, { name: 'Mine', stashIds })] });
  const box = memoryBox();
  const other = memoryBox();
  box.add(1, [], { name: 'Ada' });
  box.add(2, [], { name: 'Ada before', deleted: true, mergedIntoId: boxId(3) });
  box.add(3, [], { name: 'Ada between', deleted: true, mergedIntoId: boxId(1) });
  box.add(4, [], { name: 'Ada deleted', deleted: true });
  box.add(5, [], { id: boxId(5).replace('8000', 'a000'), name: 'Ada in capitals' });
  box.add(9, [], { deleted: true, mergedIntoId: boxId(10) });
  box.add(10, [], { deleted: true, mergedIntoId: boxId(6) });
  box.add(6, [], {});
  box.add(11, [], { deleted: true, hidesMerges: true });
  for (let n = 20; n < 30; n++) box.add(n, [], { deleted: true, mergedIntoId: boxId(n + 1) });
  box.add(30, [], { name: 'Ada at last' });
  other.add(77, [], { name: 'Elsewhere' });
  const client = await box.open(BOX);
  const stashBoxes: StashBoxes = {
    ...box,
    list: () =>
      Promise.resolve(
        [BOX, OTHER_BOX].map((endpoint) => ({
          endpoint,
          name: endpoint,
          hasKey: true,
          maxRequestsPerMinute: 240,
        })),
      ),
    open: async (endpoint) =>
      endpoint === OTHER_BOX
        ? { ...(await other.open(BOX)), endpoint }
        : {
            ...client,
            // As the real client: whom the box has and cannot answer is absent.
            performers: async (ids) =>
              new Map([...(await client.performers(ids))].filter(([id]) => id !== boxId(6))),
          },
  };
  const context = await fakeContext(t, stash, { vision: fakeVision(), stashBoxes });
  return { context, stash, box, other };
}

async function link(context: FakeContext, args: Record<string, unknown> = {}): Promise<SliceReport> {
  return await runSlice(context, linkStashIds, taskArgsSchema('link-stash-ids').parse(args), {});
}

async function wrongOnes({ store }: FakeContext): Promise<SuggestionOf<'stash-id-repair'>[]> {
  const filter = { kind: 'stash-id-repair', state: 'open' } as const;
  return (await store.suggestions.list(filter, 'confidence', 100, 0)).items;
}

async function accept(context: FakeContext, id: string) {
  const input = { ids: [id], dryRun: false, choices: {}, again: [] };
  return await suggestionOperations['suggestions.accept'](context, input);
}

function idsOf(stash: MemoryStash): readonly StashIdValue[] {
  return stash.performers.get('1')!.stashIds;
}
