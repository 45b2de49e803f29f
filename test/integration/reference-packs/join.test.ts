/** Performers of several stash-boxes are one person in every pack that was built of them, over stash-boxes in memory. */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { inEnglish } from '../../../core/messages/english.ts';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { people } from '../../../tasks/people/task.ts';
import { packBuildOperations } from '../../../tasks/reference-packs/build-operations.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { aVector, FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { boxId, memoryBox, severalBoxes, type MemoryBox } from '../../fakes/memory-box.ts';
import { smallLibrary } from '../../fakes/small-library.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';

const ENDPOINTS = ['a', 'b', 'c'].map((name) => `https://${name}.example/graphql`);
const HOUR_MS = 3_600_000;

/**
Of the boxes a, b and c: Ann is in all of them, by a page of one and by face and name of another; Bea by face and birth date;
the two Cleos only have their name in common, and Dora has nobody's face.
*/
function fill([a, b, c]: readonly MemoryBox[]): void {
  a!.add(1, ['face 1'], { name: 'Ann One', birthDate: '1990-05-17' });
  a!.add(2, ['face 2'], { name: 'Bea Two', birthDate: '1981-02-03' });
  a!.add(3, ['face 3'], { name: 'Cleo Same', birthDate: null });
  b!.add(11, ['face 1'], {
    name: 'Annie',
    birthDate: null,
    urls: [`https://a.example/performers/${boxId(1)}`],
  });
  b!.add(12, ['face 2'], { name: 'Bee', birthDate: '1981-02-03' });
  b!.add(13, ['face 4'], { name: 'Cleo Same', birthDate: null });
  c!.add(21, ['face 1'], { name: 'Ann One', birthDate: '1990' });
  c!.add(22, ['face 5'], { name: 'Dora', birthDate: null });
  c!.add(23, ['face 3'], { name: 'Somebody Else', birthDate: null });
}

test('each pack names all ids of a person with why, whichever box was built first, byte for byte', async (t) => {
  const ends: unknown[] = [];
  for (const order of [
    [0, 1, 2],
    [2, 1, 0],
    [1, 2, 0],
  ]) {
    const { context, boxes } = await opened(t);
    fill(boxes);
    for (const n of order) await build(context, n);
    ends.push(ENDPOINTS.map((_, n) => filesOf(context, n)));
    assert.deepEqual(await idsOf(context, 0, 1), ['a 1', 'b 11', 'c 21']);
    assert.deepEqual(await idsOf(context, 1, 11), ['b 11', 'a 1', 'c 21']);
    assert.deepEqual(await idsOf(context, 2, 21), ['c 21', 'a 1', 'b 11']);
    assert.deepEqual(await idsOf(context, 1, 12), ['b 12', 'a 2']);
    assert.deepEqual(await idsOf(context, 0, 3), ['a 3']);
    const ann = await context.referencePacks.person(packOf(2), boxId(21));
    assert.deepEqual(
      ann?.joins?.map(({ one, other, link, similarity, facts }) => [
        ...[one, other].map(({ endpoint }) => new URL(endpoint).host[0]),
        link,
        similarity,
        facts.join('+'),
      ]),
      [
        ['a', 'b', 'page', 1, ''],
        ['a', 'c', null, 1, 'name+birth-part'],
      ],
    );
    const gallery = await context.openGallery('few probes');
    assert.equal(gallery.size, 9 - 3);
    const found = (await gallery.search([aVector(1)], 3))[0]!.filter(({ similarity }) => similarity > 0.9);
    assert.equal(found.length, 1);
  }
  for (const end of ends) assert.deepEqual(end, ends[0]);
});

test('who could be one person is listed with the reason, and is two candidates', async (t) => {
  const { context, boxes } = await opened(t);
  fill(boxes);
  // No fact agrees: the faces alone are compared where something else leads there.
  boxes[2]!.add(23, ['face 3'], { name: 'Cleo', birthDate: null, aliases: ['Cleo Same'], gender: 'MALE' });
  for (const n of [0, 1, 2]) await build(context, n);
  const { total, items } = await packBuildOperations['referencePacks.doubtful'](context, {
    limit: 20,
    offset: 0,
  });
  assert.equal(total, items.length);
  assert.deepEqual(
    items.map(({ one, other, why }) => `${one.name} / ${other.name}: ${inEnglish(why)}`),
    ['Cleo Same / Cleo: The faces agree, and one is published as a man and the other as a woman.'],
  );
  assert.deepEqual(await idsOf(context, 0, 3), ['a 3']);
  const second = await packBuildOperations['referencePacks.doubtful'](context, { limit: 1, offset: 1 });
  assert.deepEqual([second.total, second.items.length], [1, 0]);
});

test('what a box changes joins or parts people in the packs of the others too, and an update that changes nothing writes nothing', async (t) => {
  const { context, boxes, later } = await opened(t);
  fill(boxes);
  for (const n of [0, 1]) await build(context, n);
  const versions = async (): Promise<string[]> =>
    (await context.referencePacks.describe()).map(({ manifest }) => manifest!.version);
  assert.deepEqual(await versions(), ['2', '1']);
  boxes[1]!.add(11, ['face 6', 'one 6'], { name: 'Annie', birthDate: null, updatedAt: later() });
  await runTask(context, people, {});
  assert.deepEqual(await idsOf(context, 0, 1), ['a 1']);
  assert.deepEqual(await versions(), ['3', '2']);
  later();
  await runTask(context, people, {});
  assert.deepEqual(await versions(), ['3', '2']);
  boxes[1]!.add(11, ['face 6', 'one 6'], { name: 'Ann One', birthDate: '1990-05-17', updatedAt: later() });
  await runTask(context, people, {});
  // Name and date agree, the faces do not: nobody is joined by facts alone.
  assert.deepEqual(await idsOf(context, 0, 1), ['a 1']);
  assert.deepEqual(await versions(), ['3', '3']);
});

test('a pack whose joins changed and that could not be written is written by the next run', async (t) => {
  const { context, boxes, later } = await opened(t);
  fill(boxes);
  await build(context, 0);
  const write = context.referencePacks.write.bind(context.referencePacks);
  context.referencePacks.write = async (manifest, entries) => {
    if (manifest.id === packOf(0)) throw new Error('the disk is full');
    return await write(manifest, entries);
  };
  await assert.rejects(build(context, 1), /disk is full/);
  assert.deepEqual(await idsOf(context, 0, 1), ['a 1']);
  context.referencePacks.write = write;
  later();
  await runTask(context, people, {});
  assert.deepEqual(await idsOf(context, 0, 1), ['a 1', 'b 11']);
});

function packOf(n: number): string {
  return `box-${['a', 'b', 'c'][n]}-example`;
}

async function build(context: FakeContext, n: number): Promise<void> {
  await runTask(context, buildReferencePack, { scope: 'box', endpoint: ENDPOINTS[n]! });
}

/** Such as `a 1` for performer 1 of box a. */
async function idsOf({ referencePacks }: FakeContext, box: number, n: number): Promise<string[] | undefined> {
  const person = await referencePacks.person(packOf(box), boxId(n));
  return person?.stashIds.map(
    ({ endpoint, stashId }) => `${new URL(endpoint).host[0]} ${Number(stashId.slice(-12))}`,
  );
}

/** Checksums of the files of the pack. */
function filesOf({ dataFolder }: FakeContext, n: number): unknown {
  const text = readFileSync(path.join(dataFolder, 'reference-packs', packOf(n), 'manifest.json'), 'utf8');
  return (JSON.parse(text) as { files: unknown }).files;
}

async function opened(t: TestContext) {
  const boxes = ENDPOINTS.map((endpoint, n) => memoryBox(endpoint, `Box ${n}`));
  const clock = turningClock(1_800_000_000_000);
  const context = await fakeContext(t, smallLibrary(tempFolder(t)), {
    vision: fakeVision({ now: clock.now }),
    stashBoxes: severalBoxes(boxes),
    now: clock.now,
    sleep: clock.sleep,
    limits: { ...FAST, sliceMs: Infinity, leaseMs: 600_000 },
  });
  return {
    context,
    boxes,
    /** Turns the clock, and says what it is then. */
    later: (ms = 2 * HOUR_MS): number => {
      clock.turn(ms);
      return clock.now();
    },
  };
}
