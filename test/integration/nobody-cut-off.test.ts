/** Hiding somebody, taking it back and naming them end the same wherever they are cut off, and are bounded however often they were seen. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { namingOperations } from '../../tasks/naming/operations.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { undo } from '../../tasks/suggestions/undo.ts';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { runOperation } from '../../tasks/compose/dispatch.ts';
import { fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { smallLibrary } from '../fakes/small-library.ts';
import { fakeVision } from '../fakes/vision.ts';

const face = (n: number) => ({ entity: { kind: 'scene' as const, id: String(n) }, personKey: 0 });
/** Nothing is asked of them. */
const NONE: readonly string[] = [];
const ALL = ['1', '2', '3'];

test('hiding that is cut off asks nothing any more, once it is hidden', async (t) => {
  const context = await world(t, 3);
  assert.deepEqual(await asked(context), ALL);
  await assert.rejects(() => namingOperations['faces.hide'](cutOff(context), face(1)), /cut off/);
  assert.equal(await context.store.hiddenPeople.count(), 1);
  assert.deepEqual(await asked(context), NONE);
});

test('the same call again repairs it too', async (t) => {
  const context = await world(t, 3);
  await assert.rejects(() => namingOperations['faces.hide'](cutOff(context), face(1)), /cut off/);
  await namingOperations['faces.hide'](context, face(1));
  assert.deepEqual(await open(context), NONE);
});

test('taking it back that is cut off asks again', async (t) => {
  const context = await world(t, 3);
  const { hiddenId } = await namingOperations['faces.hide'](context, face(1));
  await assert.rejects(() => namingOperations['faces.unhide'](cutOff(context), { hiddenId }), /cut off/);
  await assert.rejects(() => namingOperations['faces.unhide'](context, { hiddenId }), {
    code: 'changed-since',
  });
  assert.deepEqual(await open(context), ALL);
});

test('who is named in one place is asked about in the others again', async (t) => {
  const context = await world(t, 3);
  await namingOperations['faces.hide'](context, face(1));
  assert.deepEqual(await open(context), NONE);
  await namingOperations['faces.name'](context, { faces: [face(2)], who: { performerId: '1' } });
  assert.deepEqual(await open(context), ['1', '3']);
});

test('a name says who was hidden, who is hidden again where it is taken back', async (t) => {
  const context = await world(t, 3);
  await namingOperations['faces.hide'](context, face(1));
  const who = { performerId: '1' };
  const { wereHidden, batchId } = await namingOperations['faces.name'](context, { faces: [face(2)], who });
  assert.deepEqual(wereHidden, [face(2)]);
  await undo(context, { batchId });
  for (const one of wereHidden) await namingOperations['faces.hide'](context, one);
  assert.equal(await context.store.hiddenPeople.count(), 1);
  assert.deepEqual(await asked(context), NONE);
  const again = await namingOperations['faces.name'](context, { faces: [face(2), face(3)], who });
  assert.deepEqual(again.wereHidden, [face(2)], 'told once');
});

test('whom a name showed again is hidden again where History takes the name back, also by the same undo once it was cut off', async (t) => {
  for (const isCutOff of [false, true]) {
    const context = await world(t, 3);
    await namingOperations['faces.hide'](context, face(1));
    const { batchId } = await namingOperations['faces.name'](context, {
      faces: [face(2)],
      who: { performerId: '1' },
    });
    const { items } = await context.store.journal.list({ batchId }, 10, 0);
    const ids = items.map(({ id }) => id);
    if (isCutOff) await undo(context, { ids });
    await runOperation(context, 'journal.undo', isCutOff ? { ids } : { batchId });
    assert.equal(await context.store.hiddenPeople.count(), 1);
    assert.deepEqual(await asked(context), NONE);
    // Taken back by hand they stay so, however often that is undone.
    const [hidden] = await context.store.hiddenPeople.pictures(1, 0);
    await namingOperations['faces.unhide'](context, { hiddenId: hidden!.id });
    await runOperation(context, 'journal.undo', { ids });
    assert.equal(await context.store.hiddenPeople.count(), 0);
  }
});

test('where the people are too many to be matched in a click, what is looked at is right at once', async (t) => {
  const context = await world(t, 3);
  const { hiddenId } = await namingOperations['faces.hide'](large(context), face(1));
  assert.deepEqual(await open(context), NONE);
  await namingOperations['faces.unhide'](large(context), { hiddenId });
  assert.deepEqual(await open(context), ALL);
});

test('a click suggests anew for a part of very many places, and the next match for the others', async (t) => {
  const context = await world(t, 55);
  assert.equal((await open(context)).length, 55);
  await namingOperations['faces.hide'](large(context), face(55));
  assert.equal((await open(context)).length, 5);
  assert.deepEqual(await asked(context), NONE);
});

/** Two performers look like the person of each of so many scenes: it is asked which. */
async function world(t: TestContext, scenes: number): Promise<FakeContext> {
  const stash = smallLibrary(tempFolder(t));
  for (const n of [1, 2]) stash.addPerformer(n, 'face 1');
  for (let n = 1; n <= scenes; n++) stash.addScene(n, '1');
  const context = await fakeContext(t, stash, { folder: tempFolder(t), vision: fakeVision() });
  await runSlice(context, scan, {}, {});
  return context;
}

/** Knows more people than are compared within a click. */
function large(context: FakeContext): FakeContext {
  const { people } = context.store;
  const counts = async (packId: string): ReturnType<typeof people.counts> => ({
    ...(await people.counts(packId)),
    withReference: 100_000,
  });
  return { ...context, store: { ...context.store, people: { ...people, counts } } };
}

function revisions(): never {
  throw new Error('cut off');
}

/** Ends where suggestions are changed, as a killed process does. */
function cutOff(context: FakeContext): FakeContext {
  const { store } = context;
  return { ...context, store: { ...store, suggestions: { ...store.suggestions, revisions } } };
}

/** Of which scenes the page asks. */
async function asked(context: FakeContext): Promise<string[]> {
  const input = { state: 'open', kind: 'performer-ambiguous', order: 'newest', limit: 9, offset: 0 } as const;
  const { items } = await suggestionOperations['suggestions.list'](context, input);
  return items.map(({ entity }) => entity.id).toSorted();
}

/** The same, as it is stored. */
async function open({ store }: FakeContext): Promise<string[]> {
  const filter = { state: 'open', kind: 'performer-ambiguous' } as const;
  const { items } = await store.suggestions.list(filter, 'newest', 500, 0);
  return items.map(({ entity }) => entity.id).toSorted();
}
