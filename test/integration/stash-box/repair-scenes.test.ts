/** Stash IDs of scenes that are wrong: found by "Link scenes", corrected by a yes, and left alone while a stash-box is in trouble. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { StashIdValue } from '../../../core/changes/change.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import type { StashBoxes } from '../../../core/ports/stash-box.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { runSlice, type SliceReport } from '../../../tasks/runs/run-slice.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { FAST, fakeContext, type FakeContext } from '../../fakes/context.ts';
import { aBoxScene, BOX, boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { aFile, anItem, memoryStash, type MemoryStash } from '../../fakes/memory-stash.ts';

const OTHER_BOX = 'https://other.example/graphql';
const at = (n: number) => ({ endpoint: BOX, stashId: boxId(n) });
const NOTHING = '99999999-0000-4000-8000-000000000009';
const IN_CAPITALS = boxId(5).replace('8000', 'a000');

/** [what, the id that is there, why it is wrong and what is right; null: it is right] */
const IDS: readonly [string, string, readonly [reason: string, right: string | null] | null][] = [
  ['as it is', boxId(1), null],
  ['merged, through two merges', boxId(2), ['merged', boxId(1)]],
  ['deleted by an edit', boxId(4), ['deleted', null]],
  ['destroyed by an administrator', NOTHING, ['deleted', null]],
  ['merged into one that was deleted since', boxId(7), ['deleted', null]],
  ['in capitals', IN_CAPITALS.toUpperCase(), ['malformed', IN_CAPITALS]],
  ['an address', `https://box.example/scenes/${boxId(1)}`, ['malformed', boxId(1)]],
  ['no id at all', 'notes', ['malformed', null]],
  ['of another stash-box', boxId(77), ['otherBox', boxId(77)]],
  ['of which the box cannot answer', boxId(6), null],
  ['merged into one of which the box cannot answer', boxId(9), null],
  ['deleted, where the box could not answer of its edits', boxId(11), null],
  ['merged more often than is followed', boxId(20), null],
  ['merged in a circle', boxId(40), null],
];

for (const [what, stashId, expected] of IDS)
  test(`an id ${what} is ${expected === null ? 'left alone' : 'corrected, and the undo puts it back'}`, async (t) => {
    const elsewhere = { endpoint: 'https://third.example/graphql', stashId: boxId(50) };
    const { context, stash } = await opened(t, { 1: [{ endpoint: BOX, stashId }, elsewhere] });
    await link(context);
    const [found, ...more] = await wrongOnes(context);
    if (expected === null) return assert.equal(found, undefined);
    const [reason, right] = expected;
    const endpoint = reason === 'otherBox' ? OTHER_BOX : BOX;
    assert.ok(found);
    assert.deepEqual(more, []);
    const rightOne = right === null ? null : { endpoint, stashId: right };
    assert.deepEqual(
      [found.evidence.reason, found.payload.wrong, found.payload.right, found.confidence],
      [reason, { endpoint: BOX, stashId }, rightOne, right === null ? 0.9 : 0.98],
    );
    const { accepted, refused } = await accept(context, found.id);
    assert.deepEqual([accepted.length, refused], [1, []]);
    assert.deepEqual(stash.sceneStashIds.get('1'), [elsewhere, ...(rightOne === null ? [] : [rightOne])]);
    await link(context, { force: true });
    assert.deepEqual(await wrongOnes(context), []);
    await undo(context, { ids: [accepted[0]!.journalId!] });
    assert.deepEqual(sorted(stash.sceneStashIds.get('1')!), sorted([{ endpoint: BOX, stashId }, elsewhere]));
    return undefined;
  });

test('of two ids that were merged into different scenes the fingerprints say which, and the other is taken off', async (t) => {
  const { context, box } = await opened(t, {
    1: [
      { endpoint: BOX, stashId: boxId(3) },
      { endpoint: BOX, stashId: boxId(12) },
    ],
  });
  box.scenes.push(aBoxScene(13, [oshash(1)]));
  box.sceneStates.set(boxId(12), deleted(12));
  box.sceneMerges?.set(boxId(12), boxId(13));
  await link(context);
  assert.deepEqual(
    (await wrongOnes(context)).map(({ payload, confidence }) => [
      payload.wrong.stashId,
      payload.right?.stashId ?? null,
      confidence,
    ]),
    [
      [boxId(12), boxId(13), 0.98],
      [boxId(3), null, 0.9],
    ],
  );
});

test('what the fingerprints say of one id of two scenes: of copies nothing, of another film that it is to be taken off, else a person is told', async (t) => {
  const ada = [{ endpoint: BOX, stashId: boxId(1) }];
  const { context, stash, box } = await opened(t, { 1: ada, 2: ada });
  const shown = async () =>
    (await wrongOnes(context)).map(({ entity, evidence, confidence }) => [
      entity.id,
      evidence.reason,
      evidence.isTold,
      evidence.others.map(({ id }) => id),
      confidence,
    ]);
  box.scenes[0] = aBoxScene(1, [oshash(1), oshash(2)]);
  await link(context);
  assert.deepEqual(await shown(), [], 'copies of one film');

  box.scenes[0] = aBoxScene(1, [oshash(1)]);
  box.scenes.push(aBoxScene(14, [oshash(2)]));
  await link(context, { force: true });
  assert.deepEqual(await shown(), [['2', 'shared', true, ['1'], 0.9]]);

  box.scenes.splice(0, box.scenes.length, aBoxScene(1, []));
  const asked = box.calls.length;
  await link(context, { force: true });
  assert.deepEqual(box.calls.slice(asked), ['states 1', 'fingerprints 2']);
  assert.deepEqual(
    (await shown()).toSorted(([a], [b]) => Number(a) - Number(b)),
    [
      ['1', 'shared', false, ['2'], 0.5],
      ['2', 'shared', false, ['1'], 0.5],
    ],
  );
  // Together with others neither is accepted.
  assert.deepEqual(await context.store.suggestions.acceptable({ minConfidence: 0.95 }, null, 10), []);
  const [first, second] = (await wrongOnes(context)).toSorted(
    (a, b) => Number(a.entity.id) - Number(b.entity.id),
  );
  const { accepted } = await accept(context, first!.id);
  assert.deepEqual([stash.sceneStashIds.get('1'), stash.sceneStashIds.get('2')], [[], ada]);
  assert.match(
    inEnglish((await accept(context, second!.id)).refused[0]!.reason),
    /no longer counts as wrong/,
  );
  assert.deepEqual(stash.sceneStashIds.get('2'), ada, 'the last one keeps it');
  await undo(context, { ids: [accepted[0]!.journalId!] });
  assert.deepEqual(stash.sceneStashIds.get('1'), ada);
});

test('beside an id that another scene has too, and that may be right, another one is only taken off', async (t) => {
  const { context, stash, box } = await opened(t, { 1: [at(2), at(14)], 2: [at(14)] });
  box.scenes.push(aBoxScene(14, []));
  await link(context);
  const ofFirst = async () => (await wrongOnes(context)).filter(({ entity }) => entity.id === '1');
  const shown = (await ofFirst()).map(({ payload }) => [payload.wrong, payload.right]);
  assert.deepEqual(shown, [
    [at(2), null],
    [at(14), null],
  ]);
  const [merged] = await ofFirst();
  assert.deepEqual((await accept(context, merged!.id)).refused, []);
  assert.deepEqual(stash.sceneStashIds.get('1'), [at(14)]);
});

test('what was suggested before another scene got the id is refused while that may stay', async (t) => {
  const { context, stash, box } = await opened(t, { 1: [at(2), at(4)], 2: [at(14)] });
  box.scenes.push(aBoxScene(14, []));
  await link(context);
  const found = await wrongOnes(context);
  const merged = found.find(({ payload }) => payload.right !== null)!;
  const [{ id: _, state: __, ...shared }] = [found.find(({ payload }) => payload.right === null)!];
  await context.store.suggestions.replace(shared.entity, 'another', [
    {
      ...shared,
      analyzer: 'another',
      payload: { ...shared.payload, wrong: at(14) },
      evidence: { ...shared.evidence, reason: 'shared', isTold: false },
    },
  ]);
  stash.sceneStashIds.set('1', [at(2), at(14)]);
  const { refused } = await accept(context, merged.id);
  assert.match(
    inEnglish(refused[0]!.reason),
    /another stash ID of box\.example by now\. Look which one is right/,
  );
  assert.deepEqual(stash.sceneStashIds.get('1'), [at(2), at(14)]);
});

test('where no other scene has the id any more nothing is taken off, and that is said', async (t) => {
  const ada = [{ endpoint: BOX, stashId: boxId(1) }];
  const { context, stash } = await opened(t, { 1: ada, 2: ada });
  await link(context);
  const one = (await wrongOnes(context)).find(({ entity }) => entity.id === '1');
  stash.sceneStashIds.set('2', []);
  const { refused } = await accept(context, one!.id);
  assert.match(inEnglish(refused[0]!.reason), /No other scene has the stash ID of box\.example by now/);
  assert.deepEqual(stash.sceneStashIds.get('1'), ada);
});

test('while a stash-box is in trouble nothing is proposed, of itself and of what only it could know', async (t) => {
  const { context, box, other } = await opened(t, { 1: [{ endpoint: BOX, stashId: NOTHING }] });
  box.before = () => fail('stash-box-unreachable');
  await assert.rejects(link(context, { endpoint: BOX }), /failed to connect/);
  assert.deepEqual(await wrongOnes(context), []);
  box.before = () => undefined;
  other.before = () => fail();
  await link(context, { endpoint: BOX });
  assert.deepEqual(await wrongOnes(context), []);
  other.before = () => undefined;
  const { message } = await link(context, { endpoint: BOX });
  assert.match(inEnglish(message), /1 stash ID is wrong\./);
  assert.equal((await wrongOnes(context)).length, 1);
});

test('a box that does not answer of scenes by their ids is still asked which ones it has', async (t) => {
  const { context, stash, box } = await opened(t, { 1: [{ endpoint: BOX, stashId: boxId(4) }] });
  stash.items.set('scene:2', anItem(2));
  box.scenes.push(aBoxScene(15, [oshash(2)]));
  box.before = (call) => void (call.startsWith('states') && fail());
  const { message } = await link(context, { endpoint: BOX });
  assert.match(inEnglish(message), /1 scene was looked up: 1 is suggested[^]*failed to connect/);
  assert.deepEqual(await wrongOnes(context), []);
});

test('a box without edits hides merges: what it has deleted is left alone', async (t) => {
  const { context, box } = await opened(t, {
    1: [{ endpoint: BOX, stashId: boxId(4) }],
    2: [{ endpoint: BOX, stashId: NOTHING }],
  });
  box.sceneMerges = null;
  await link(context);
  assert.deepEqual(
    (await wrongOnes(context)).map(({ entity }) => entity.id),
    ['2'],
  );
});

test('an id that a person says is right is not asked about again, also where the file comes back as another scene', async (t) => {
  const wrong = [{ endpoint: BOX, stashId: boxId(2) }];
  const { context, stash } = await opened(t, { 1: wrong });
  await link(context);
  const [found] = await wrongOnes(context);
  await suggestionOperations['suggestions.reject'](context, { ids: [found!.id], choices: {} });
  await link(context, { force: true });
  assert.deepEqual(await wrongOnes(context), []);
  stash.items.delete('scene:1');
  stash.items.set('scene:8', anItem(8, { files: [aFile(1)] }));
  stash.sceneStashIds.set('8', wrong);
  await link(context);
  assert.deepEqual(await wrongOnes(context), []);
});

test('where the wrong id is gone a yes writes nothing, and the next run closes it; so does a box that was removed', async (t) => {
  const { context, stash } = await opened(t, {
    1: [{ endpoint: BOX, stashId: boxId(2) }],
    2: [{ endpoint: BOX, stashId: boxId(4) }],
  });
  await link(context);
  const found = await wrongOnes(context);
  stash.sceneStashIds.set('1', []);
  const { refused } = await accept(context, found.find(({ entity }) => entity.id === '1')!.id);
  assert.match(inEnglish(refused[0]!.reason), /no longer has the stash ID of box\.example/);
  await link(context);
  assert.deepEqual(
    (await wrongOnes(context)).map(({ entity }) => entity.id),
    ['2'],
  );
  const list: StashBoxes['list'] = async () =>
    (await context.stashBoxes.list()).filter(({ endpoint }) => endpoint === OTHER_BOX);
  await link({ ...context, stashBoxes: { ...context.stashBoxes, list } });
  assert.deepEqual(await wrongOnes(context), []);
});

test('hundreds of linked scenes are checked in few questions, slice by slice alike, and not again within the week', async (t) => {
  const linked = Object.fromEntries(
    Array.from({ length: 250 }, (_, n) => [100 + n, [{ endpoint: BOX, stashId: boxId(100 + n) }]]),
  );
  const { context, stash, box } = await opened(t, linked);
  for (let n = 0; n < 250; n++) box.scenes.push(aBoxScene(100 + n, []));
  box.sceneStates.set(boxId(111), deleted(111));
  await link(context, { endpoint: BOX });
  // The client asks for 50 in a request.
  assert.deepEqual(box.calls, ['states 200', 'merges 1', 'states 50']);
  assert.deepEqual(
    (await wrongOnes(context)).map(({ entity }) => entity.id),
    ['111'],
  );
  box.calls.length = 0;
  await link(context, { endpoint: BOX });
  assert.deepEqual([...box.calls], []);
  const later = { ...context, now: () => Date.now() + 8 * 86_400_000, limits: { ...FAST, sliceMs: 0 } };
  let { end } = await link(later, { endpoint: BOX });
  for (let slices = 0; end === 'requeued' && slices < 50; slices++) {
    const { run, token } = stash.started.at(-1)?.args ?? {};
    const next = { run: String(run), token: String(token) };
    ({ end } = await runSlice(later, linkScenesTask, taskArgsSchema('link-scenes').parse({}), next));
  }
  assert.equal(end, 'finished');
  assert.equal((await wrongOnes(context)).length, 1);
  const states = box.calls.filter((call) => call.startsWith('states'));
  assert.equal(
    states.reduce((sum, call) => sum + Number(call.split(' ')[1]), 0),
    250,
  );
});

test('the page of a scene shows what is wrong with its id, and checks it while the user waits', async (t) => {
  const { context, box } = await opened(t, { 1: [{ endpoint: BOX, stashId: boxId(2) }] });
  const find = () => sceneBoxOperations['sceneBoxes.findOne'](context, { sceneId: '1', endpoint: BOX });
  assert.deepEqual(await find(), { outcome: 'found', problem: null });
  const { boxes } = await sceneBoxOperations['sceneBoxes.ofScene'](context, { sceneId: '1' });
  const [first] = boxes;
  assert.deepEqual(
    [first?.ids, first?.suggestions.map(({ kind }) => kind), first?.lookedUpAt === null],
    [[boxId(2)], ['scene-id-repair'], false],
  );
  const [found] = await wrongOnes(context);
  await accept(context, found!.id);
  assert.deepEqual(await find(), { outcome: 'right', problem: null });
  box.before = () => fail();
  await assert.rejects(find(), /failed to connect/);
});

function fail(code: StashSenseError['code'] = 'stash-box-failed'): never {
  throw new StashSenseError(code, plain('failed to connect'));
}

const oshash = (n: number) => ({ algorithm: 'OSHASH' as const, hash: n.toString(16).padStart(16, '0') });
const deleted = (n: number) => ({
  id: boxId(n),
  deleted: true,
  title: `Gone ${n}`,
  date: null,
  studio: null,
  imageId: null,
});
const sorted = (ids: readonly StashIdValue[]) => ids.toSorted((a, b) => (a.endpoint < b.endpoint ? -1 : 1));

/** As the real client: what the box has and cannot answer is absent. */
function without<One>(found: ReadonlyMap<string, One>, n: number): Map<string, One> {
  return new Map([...found].filter(([id]) => id !== boxId(n)));
}

type Opened = {
  readonly context: FakeContext;
  readonly stash: MemoryStash;
  readonly box: MemoryBox;
  readonly other: MemoryBox;
};

/** @param ids of scenes, by their numbers */
async function opened(
  t: TestContext,
  ids: Readonly<Record<number, readonly StashIdValue[]>>,
): Promise<Opened> {
  const stash = memoryStash();
  for (const [n, stashIds] of Object.entries(ids)) {
    stash.items.set(`scene:${n}`, anItem(Number(n)));
    stash.sceneStashIds.set(n, stashIds);
  }
  const box = memoryBox();
  const other = memoryBox(OTHER_BOX, 'Other');
  box.scenes.push(aBoxScene(1, []));
  box.sceneStates.set(IN_CAPITALS, { ...deleted(5), id: IN_CAPITALS, deleted: false });
  const merges: [number, number][] = [
    [2, 3],
    [3, 1],
    [7, 4],
    [9, 6],
    [40, 41],
    [41, 40],
  ];
  for (let n = 20; n < 30; n++) merges.push([n, n + 1]);
  for (const [from, to] of merges) {
    box.sceneStates.set(boxId(from), deleted(from));
    box.sceneMerges?.set(boxId(from), boxId(to));
  }
  for (const n of [4, 11]) box.sceneStates.set(boxId(n), deleted(n));
  other.scenes.push(aBoxScene(77, []));
  const client = await box.open(BOX);
  const stashBoxes: StashBoxes = {
    ...box,
    list: async () => [...(await box.list()), ...(await other.list())],
    open: async (endpoint) =>
      endpoint === OTHER_BOX
        ? await other.open(OTHER_BOX)
        : {
            ...client,
            sceneStates: async (asked) => without(await client.sceneStates(asked), 6),
            sceneMerges: async (asked) => without(await client.sceneMerges(asked), 11),
          },
  };
  const context = await fakeContext(t, stash, { stashBoxes });
  const hashes = { ...context.hashes, phash: () => Promise.resolve(null) };
  return { context: { ...context, hashes }, stash, box, other };
}

async function link(context: FakeContext, args: Record<string, unknown> = {}): Promise<SliceReport> {
  return await runSlice(context, linkScenesTask, taskArgsSchema('link-scenes').parse(args), {});
}

async function wrongOnes({ store }: FakeContext): Promise<SuggestionOf<'scene-id-repair'>[]> {
  const filter = { kind: 'scene-id-repair', state: 'open' } as const;
  return (await store.suggestions.list(filter, 'confidence', 1000, 0)).items;
}

async function accept(context: FakeContext, id: string) {
  const input = { ids: [id], dryRun: false, choices: {}, again: [] };
  return await suggestionOperations['suggestions.accept'](context, input);
}
