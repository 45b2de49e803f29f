/** What was learnt for one pack outlasts every other build, and is fetched no second time. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { plain } from '../../../core/messages/message.ts';
import type { BoxImage } from '../../../core/ports/stash-box.ts';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { createDownloads } from '../../../tasks/reference-packs/build/downloads.ts';
import { requestPack, setAside } from '../../../tasks/reference-packs/build/requests.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { smallLibrary } from '../../fakes/small-library.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision, type FakeVision } from '../../fakes/vision.ts';

/** More than one page of the stash-box. */
const PEOPLE = 103;
const NAMED = { scope: 'ids', ids: `${boxId(1)} ${boxId(2)}` };

const STOPS: Readonly<Record<string, (world: World) => Promise<void>>> = {
  async 'before it ran'({ context }) {
    await requestPack(context, { scope: 'box', keep_crops: false, estimate: false });
    await setAside(context);
  },
  async 'in the middle of the list'(world) {
    await buildStoppedAt(world, (call) => call === 'page 2');
  },
  async 'among the pictures'(world) {
    world.box.add(50, ['face 1', 'one 1']);
    await buildStoppedAt(world, (call) => call.startsWith('picture'));
  },
};

for (const [when, stop] of Object.entries(STOPS))
  test(`a second build of all that is stopped ${when} loses nobody to another pack`, async (t) => {
    const world = await opened(t);
    const { context, box } = world;
    await build(context, { scope: 'box' });
    await stop(world);
    await build(context, NAMED);
    box.calls.length = 0;
    await build(context, { scope: 'box' });
    assert.ok(picturesOf(box) <= 2, `${picturesOf(box)} pictures were fetched again`);
    assert.equal(
      (await context.referencePacks.list()).find(({ id }) => id === 'box-box-example')?.manifest?.people,
      PEOPLE,
    );
  });

test('a pack shows what its last build learnt while it is listed anew', async (t) => {
  const world = await opened(t);
  const { boxPeople } = world.context.store;
  await build(world.context, { scope: 'box' });
  await buildStoppedAt(world, (call) => call === 'page 1');
  assert.equal((await boxPeople.counts('box-box-example')).usable, PEOPLE);
});

test('a build counts its list without a look at the pictures', async (t) => {
  const { context } = await opened(t);
  const { boxPeople } = context.store;
  let looks = 0;
  boxPeople.counts = () => {
    looks++;
    return Promise.resolve({ people: 0, usable: 0, pictures: {} });
  };
  await build(context, { scope: 'box' });
  assert.equal(looks, 0);
  assert.equal(await boxPeople.countMembers('box-box-example'), PEOPLE);
});

test('another embedder fetches no picture of those whose crops are kept', async (t) => {
  const { context, box, vision } = await opened(t);
  await build(context, { scope: 'box', keep_crops: true });
  box.calls.length = 0;
  box.add(50, ['face 1', 'one 1']);
  const embedding = new Float32Array([1, 0]) as Embedding;
  vision.addedBy = () =>
    Promise.resolve({
      fusion: { seenBy: 'test-1', adds: [{ embedder: 'other', dimensions: 2, share: 0.5 }] },
      embedder: { embed: () => Promise.resolve({ other: embedding }), close: () => Promise.resolve() },
    });
  await build(context, { scope: 'box', keep_crops: true });
  assert.equal(picturesOf(box), 2);
  assert.deepEqual(
    Object.keys((await context.store.boxPeople.pictures('1'))[0]?.face?.embeddings ?? {}).toSorted(),
    ['other', 'test-1'],
  );
});

test('pictures that are dropped make room for others, whether they had come or not', async () => {
  const asked: string[] = [];
  const downloads = createDownloads({
    picture({ id }) {
      asked.push(id);
      return Promise.resolve(new Uint8Array(40e6));
    },
  });
  downloads.ahead([image('a'), image('b')]);
  await settled();
  downloads.drop([image('a'), image('b'), image('never asked')]);
  await settled();
  downloads.ahead([image('c')]);
  downloads.drop([image('c')]);
  await settled();
  downloads.ahead([image('d'), image('e')]);
  await settled();
  downloads.ahead([image('too much')]);
  assert.deepEqual(asked, ['a', 'b', 'c', 'd', 'e']);
  assert.equal((await downloads.take([image('d')])).length, 1);
  assert.deepEqual(asked, ['a', 'b', 'c', 'd', 'e']);
});

type World = { readonly context: FakeContext; readonly box: MemoryBox; readonly vision: FakeVision };

function image(id: string): BoxImage {
  return { id, url: `https://box.example/images/${id}`, width: 800, height: 1200 };
}

async function settled(): Promise<void> {
  await new Promise((resolve) => void setImmediate(resolve));
}

async function build(context: FakeContext, args: Record<string, unknown>): Promise<string> {
  return (await runTask(context, buildReferencePack, args)).end;
}

/** A build of all that ends since the stash-box gives no answer to such a call, and is set aside as one that a user stops. */
async function buildStoppedAt({ context, box }: World, isThere: (call: string) => boolean): Promise<void> {
  box.before = (call) => {
    if (isThere(call)) throw new StashSenseError('stash-box-unreachable', plain('The box does not answer.'));
  };
  await assert.rejects(build(context, { scope: 'box' }), /The box does not answer/);
  await setAside(context);
  box.before = () => undefined;
}

/** How many pictures were fetched. */
function picturesOf(box: MemoryBox): number {
  return box.calls.filter((call) => call.startsWith('picture')).length;
}

async function opened(t: TestContext): Promise<World> {
  const box = memoryBox();
  for (let n = 1; n <= PEOPLE; n++) box.add(n, [`face ${n % 6}`]);
  const clock = turningClock();
  const vision = fakeVision({ now: clock.now });
  const context = await fakeContext(t, smallLibrary(tempFolder(t)), {
    vision,
    stashBoxes: box,
    now: clock.now,
    sleep: clock.sleep,
    limits: { ...FAST, sliceMs: Infinity, leaseMs: 600_000 },
  });
  return { context, box, vision };
}
