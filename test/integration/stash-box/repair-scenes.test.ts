/** Stash IDs of scenes that are wrong: found by "Link scenes", corrected by a yes, and left alone while a stash-box is in trouble. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import type { StashBoxes } from '../../../core/ports/stash-box.ts';
import { taskArgsSchema } from '../../../core/runs/task-args.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { sceneBoxOperations } from '../../../tasks/stash-box/scenes/operations.ts';
import { linkScenesTask } from '../../../tasks/stash-box/scenes/task.ts';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { undo } from '../../../tasks/suggestions/undo.ts';
import { FAST } from '../../fakes/context.ts';
import { aBoxScene, BOX, boxId } from '../../fakes/memory-box.ts';
import { aFile, anItem } from '../../fakes/memory-stash.ts';
import {
  accept,
  deleted,
  IN_CAPITALS,
  link,
  opened,
  oshash,
  OTHER_BOX,
  sorted,
  wrongOnes,
} from './repairing.ts';

const NOTHING = '99999999-0000-4000-8000-000000000009';

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
