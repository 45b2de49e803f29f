/** Packs that were built here are kept current by "Update people", over a stash-box in memory. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { people } from '../../../tasks/people/task.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { smallLibrary, type SmallLibrary } from '../../fakes/small-library.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';

const PACK = 'box-box-example';
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

test('only whom the stash-box has changed is asked for and looked at again', async (t) => {
  const { context, box, later } = await opened(t);
  for (let n = 1; n <= 3; n++) box.add(n, [`face ${n}`]);
  await build(context, { scope: 'box' });
  box.add(2, ['face 2', 'one 2'], { updatedAt: later() });
  box.add(4, ['face 4'], { updatedAt: later() });
  box.calls.length = 0;
  await update(context);
  assert.deepEqual(
    box.calls.filter((call) => !call.startsWith('picture')),
    ['changed 1', 'edits'],
  );
  assert.equal(box.calls.length, 2 + 3);
  assert.deepEqual(await peopleOf(context), [1, 2, 3, 4]);
  assert.equal(await versionOf(context), '2');
});

test('where nothing has changed the pack stays as it is', async (t) => {
  const { context, box, later } = await opened(t);
  box.add(1, ['face 1']);
  await build(context, { scope: 'box' });
  later();
  box.calls.length = 0;
  await update(context);
  assert.deepEqual(box.calls, ['changed 1', 'edits']);
  assert.equal(await versionOf(context), '1');
  // Within the hour the box is left alone.
  await update(context);
  assert.equal(box.calls.length, 2);
});

test('who was deleted is dropped, and who was merged is there as the one they were merged into', async (t) => {
  const { context, box, later } = await opened(t);
  for (let n = 1; n <= 5; n++) box.add(n, [`face ${n}`]);
  box.add(6, ['face 6']);
  await build(context, { scope: 'ids', ids: [1, 2, 3, 5].map(boxId).join(' ') });
  merge(box, 1, 2, later());
  merge(box, 3, 4, later());
  merge(box, 4, 6, later());
  destroy(box, 5, later());
  await update(context);
  assert.deepEqual(await peopleOf(context, 'ids-box-example'), [2, 6]);
  assert.equal(await context.store.boxPeople.get('1'), null);
});

test('a performer of another pack alone is left alone', async (t) => {
  const { context, box, later } = await opened(t);
  for (let n = 1; n <= 3; n++) box.add(n, [`face ${n}`]);
  await build(context, { scope: 'ids', ids: boxId(1) });
  box.add(2, ['face 2', 'one 2'], { updatedAt: later() });
  merge(box, 2, 3, later());
  await update(context);
  assert.deepEqual(await peopleOf(context, 'ids-box-example'), [1]);
  assert.equal(await versionOf(context, 'ids-box-example'), '1');
});

test('a stash-box in trouble does not keep the performers from being learnt, and is asked the next time', async (t) => {
  const { context, box, later } = await opened(t);
  for (let n = 1; n <= 3; n++) box.add(n, [`face ${n}`]);
  await build(context, { scope: 'box' });
  for (const trouble of ['changed', 'edits', 'picture']) {
    box.add(1, ['face 1', `${trouble} 1`], { updatedAt: later() });
    box.before = (call) => {
      if (call.startsWith(trouble))
        throw new StashSenseError('stash-box-unreachable', plain('The box is away.'));
    };
    await update(context);
    assert.ok(context.said.some((line) => line.includes('The box is away.')));
    box.before = () => undefined;
  }
  later();
  await update(context);
  assert.equal(await versionOf(context), '2');
  assert.deepEqual(await peopleOf(context), [1, 2, 3]);
});

test('now and then everybody is asked for, so that who vanished without an edit is dropped too', async (t) => {
  const { context, box, later } = await opened(t);
  for (let n = 1; n <= 3; n++) box.add(n, [`face ${n}`]);
  box.edits = null;
  await build(context, { scope: 'box' });
  box.performers.delete(boxId(2));
  later();
  await update(context);
  assert.deepEqual(await peopleOf(context), [1, 2, 3]);
  later(31 * DAY_MS);
  await update(context);
  assert.deepEqual(await peopleOf(context), [1, 3]);
  assert.equal(await versionOf(context), '2');
});

test('cut into as many slices as can be, an updated pack is that of a new build, byte for byte', async (t) => {
  const ends: unknown[] = [];
  for (const sliceMs of [Infinity, 0]) {
    const { context, box, stash, later } = await opened(t, sliceMs);
    for (let n = 1; n <= 12; n++) box.add(n, [`a ${n % 6}`, `b ${n % 6}`]);
    await inSlices(context, stash, buildReferencePack, { scope: 'box', keep_crops: false, estimate: false });
    for (const n of [2, 3, 13, 14]) box.add(n, [`a ${n % 6}`, `c ${n % 6}`], { updatedAt: later() });
    merge(box, 5, 6, later());
    destroy(box, 7, later());
    const slices = await inSlices(context, stash, people, {});
    if (sliceMs === 0) assert.ok(slices > 5, `${slices} slices`);
    ends.push(filesOf(context));

    const fresh = await opened(t);
    for (const [id, performer] of box.performers) fresh.box.performers.set(id, performer);
    for (const [id, picture] of box.pictures) fresh.box.pictures.set(id, picture);
    await build(fresh.context, { scope: 'box' });
    ends.push(filesOf(fresh.context));
  }
  for (const end of ends) assert.deepEqual(end, ends[0]);
});

test('an update that dies at any request goes on, and ends as one that was never disturbed', async (t) => {
  const ends: unknown[] = [];
  for (const last of [Infinity, 0, 1, 2, 3, 5]) {
    const { context, box, later } = await opened(t);
    for (let n = 1; n <= 6; n++) box.add(n, [`a ${n % 6}`]);
    await build(context, { scope: 'box' });
    for (const n of [2, 3, 7]) box.add(n, [`a ${n % 6}`, `c ${n % 6}`], { updatedAt: later() });
    merge(box, 5, 6, later());
    let left = last;
    box.before = () => {
      if (left-- <= 0) throw new StashSenseError('stash-unreachable', plain('The process dies.'));
    };
    if (last !== Infinity) await assert.rejects(update(context), /dies/);
    assert.equal(await versionOf(context), '1');
    box.before = () => undefined;
    await update(context);
    assert.equal(await versionOf(context), '2');
    ends.push(filesOf(context));
  }
  for (const end of ends) assert.deepEqual(end, ends[0]);
});

test('of new scenes and their studios the performers are learnt, and no others are asked for', async (t) => {
  const fields: Record<string, Record<string, object>> = {
    scene: { 1: { ...linkedTo(boxId(101)), studio: '7' }, 2: { ...linkedTo(boxId(102)), studio: '8' } },
    studio: { 7: linkedTo(boxId(207)), 8: linkedTo(boxId(208)) },
    performer: {},
  };
  const { context, box, stash, later } = await opened(t, Infinity, fields);
  for (let n = 1; n <= 6; n++) box.add(n, [`face ${n % 6}`]);
  for (const [scene, n] of [
    [101, 1],
    [102, 2],
  ] as const)
    box.casts.set(boxId(scene), [boxId(n)]);
  for (const [studio, n] of [
    [207, 3],
    [208, 4],
  ] as const)
    box.studios.set(boxId(studio), [boxId(n)]);
  stash.addScene(1, '');
  await build(context, { scope: 'mine' });
  assert.deepEqual(await peopleOf(context, 'mine-box-example'), [1, 3]);
  stash.addScene(2, '');
  stash.addPerformer(9, null, linkedTo(boxId(5)));
  later();
  box.calls.length = 0;
  await update(context);
  assert.deepEqual(
    box.calls.filter((call) => !call.startsWith('picture')),
    ['changed 1', 'edits', 'cast 1', `page 1 of ${boxId(208)}`, 'performers 2'],
  );
  assert.deepEqual(await peopleOf(context, 'mine-box-example'), [1, 2, 3, 4, 5]);
});

test('a pack that was removed is not built again', async (t) => {
  const { context, box, later } = await opened(t);
  box.add(1, ['face 1']);
  await build(context, { scope: 'box' });
  await context.referencePacks.remove(PACK);
  later();
  box.calls.length = 0;
  await update(context);
  assert.deepEqual(box.calls, []);
});

function linkedTo(stashId: string) {
  return { stashIds: [{ endpoint: BOX, stashId }] };
}

function merge(box: MemoryBox, from: number, to: number, at: number): void {
  const [source, target] = [from, to].map((n) => box.performers.get(boxId(n))!);
  const gone = { deleted: true, images: [], aliases: [], urls: [], updatedAt: at };
  box.performers.set(source!.id, { ...source!, ...gone, mergedIntoId: target!.id });
  box.performers.set(target!.id, { ...target!, mergedIds: [source!.id], updatedAt: at });
  const id = `edit ${box.edits!.length}`;
  box.edits!.push({ id, operation: 'MERGE', targetId: target!.id, sourceIds: [source!.id], closedAt: at });
}

function destroy(box: MemoryBox, n: number, at: number): void {
  const gone = box.performers.get(boxId(n))!;
  box.performers.set(gone.id, { ...gone, deleted: true, images: [], updatedAt: at });
  const id = `edit ${box.edits!.length}`;
  box.edits!.push({ id, operation: 'DESTROY', targetId: gone.id, sourceIds: [], closedAt: at });
}

async function build(context: FakeContext, args: Record<string, unknown>): Promise<void> {
  await runTask(context, buildReferencePack, args);
}

async function update(context: FakeContext): Promise<void> {
  await runTask(context, people, {});
}

async function inSlices(
  context: FakeContext,
  stash: SmallLibrary,
  task: typeof buildReferencePack | typeof people,
  args: object,
): Promise<number> {
  let next: object = {};
  for (let slices = 1; ; slices++) {
    assert.ok(slices < 200, 'it never ends');
    const { end } = await runSlice(context, task as typeof people, args as never, next);
    if (end === 'finished') return slices;
    assert.equal(end, 'requeued');
    const { run, token } = stash.started.at(-1)?.args ?? {};
    next = { run: String(run), token: String(token) };
  }
}

/** Numbers of the people of a pack. */
async function peopleOf(context: FakeContext, packId = PACK): Promise<number[]> {
  const found: number[] = [];
  for (let n = 1; n <= 20; n++)
    if ((await context.referencePacks.person(packId, boxId(n))) !== null) found.push(n);
  return found;
}

async function versionOf({ referencePacks }: FakeContext, packId = PACK): Promise<string | undefined> {
  return (await referencePacks.list()).find(({ id }) => id === packId)?.manifest?.version;
}

/** Checksums of the files of the pack. */
function filesOf({ dataFolder }: FakeContext): unknown {
  const text = readFileSync(path.join(dataFolder, 'reference-packs', PACK, 'manifest.json'), 'utf8');
  return (JSON.parse(text) as { files: unknown }).files;
}

type Opened = {
  readonly context: FakeContext;
  readonly box: MemoryBox;
  readonly stash: SmallLibrary;
  /** Turns the clock, and says what it is then. */
  readonly later: (ms?: number) => number;
};

/** @param fields what Stash says of its objects, by kind and id */
async function opened(
  t: TestContext,
  sliceMs = Infinity,
  fields: Readonly<Record<string, Readonly<Record<string, object>>>> = {},
): Promise<Opened> {
  const stash = smallLibrary(tempFolder(t));
  Object.assign(stash.library, {
    fieldsOf: (kind: string, ids: readonly string[]) =>
      Promise.resolve(new Map(ids.map((id) => [id, fields[kind]?.[id] ?? { stashIds: [] }]))),
  });
  const box = memoryBox();
  const clock = turningClock(1_800_000_000_000);
  const context = await fakeContext(t, stash, {
    vision: fakeVision({ now: clock.now }),
    stashBoxes: box,
    now: clock.now,
    sleep: clock.sleep,
    limits: { ...FAST, sliceMs, leaseMs: 600_000 },
  });
  return {
    context,
    box,
    stash,
    later: (ms = 2 * HOUR_MS) => {
      clock.turn(ms);
      return clock.now();
    },
  };
}
