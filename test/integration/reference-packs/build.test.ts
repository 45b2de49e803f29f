/** "Build reference pack" over a stash-box in memory: who is in it, which pictures count, and how it goes on. */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { inEnglish } from '../../../core/messages/english.ts';
import { plain } from '../../../core/messages/message.ts';
import type { ErrorCode } from '../../../core/errors.ts';
import type { OperationName } from '../../../core/contract/operations.ts';
import { handlers } from '../../../tasks/compose/registry.ts';
import { runSlice, type SliceReport } from '../../../tasks/runs/run-slice.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { BOX, boxId, memoryBox, type MemoryBox } from '../../fakes/memory-box.ts';
import { smallLibrary, type SmallLibrary } from '../../fakes/small-library.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision, type FakeVision } from '../../fakes/vision.ts';

test('everybody of a stash-box with a good picture is in its pack', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, ['face 1', 'one 1']);
  box.add(2, ['face 2'], { birthDate: '1815-12-10', aliases: ['Ada'], disambiguation: 'the first' });
  box.add(3, []);
  box.add(4, ['nobody', 'broken']);
  const { message } = await build(context, { scope: 'box' });
  assert.equal(inEnglish(message), '"Box: all performers" knows 2 people of 4 by face.');
  const [pack] = await context.referencePacks.list();
  assert.deepEqual(
    { ...pack?.manifest, builtAt: '', files: {}, sources: [] },
    {
      ...pack?.manifest,
      id: 'box-box-example',
      name: 'Box: all performers',
      version: '1',
      facePack: 'test-1',
      embedders: ['test-1'],
      people: 2,
      references: 3,
      builtAt: '',
      files: {},
      sources: [],
    },
  );
  assert.deepEqual(await context.referencePacks.person('box-box-example', boxId(2)), {
    id: boxId(2),
    name: 'Person 2',
    disambiguation: 'the first',
    aliases: ['Ada'],
    stashIds: [{ endpoint: BOX, stashId: boxId(2) }],
    birthYear: 1815,
    gender: 'FEMALE',
    country: 'FR',
    picture: { endpoint: BOX, imageId: [...box.pictures.keys()][2] },
  });
});

test('pictures of somebody else, of several and of nobody are refused, and it can be read why', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, ['a 1', 'b 1', 'wrong 2', 'group 1 3', 'broken', 'nobody']);
  box.add(2, ['a 4', 'b 5']);
  box.pictures.delete([...box.pictures.keys()].at(-1) ?? '');
  await build(context, { scope: 'box' });
  const { items, people, usable } = await ask(context, 'referencePacks.learnt', {
    packId: 'box-box-example',
  });
  assert.deepEqual([people, usable], [2, 2]);
  assert.deepEqual(
    items.map(({ name, pictures }) => [name, pictures.map(({ state }) => state)]),
    [
      ['Person 1', ['used', 'used', 'outlier', 'used', 'unreadable', 'no-face']],
      ['Person 2', ['used', 'missing']],
    ],
  );
});

test('without two pictures that agree nobody says who it is', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, ['a 1', 'b 2']);
  await build(context, { scope: 'box' });
  const { items, usable } = await ask(context, 'referencePacks.learnt', {
    packId: 'box-box-example',
    without: true,
  });
  assert.equal(usable, 0);
  assert.deepEqual(
    items[0]?.pictures.map(({ state }) => state),
    ['disagrees', 'disagrees'],
  );
  assert.equal((await context.referencePacks.list())[0]?.manifest?.people, 0);
});

test('from the menu it is performers of the studios and scenes of the library, and those of the library itself', async (t) => {
  const { context, box, stash } = await opened(t);
  for (let n = 1; n <= 8; n++) box.add(n, [`face ${n}`]);
  box.casts.set(boxId(100), [boxId(1), boxId(2)]);
  box.studios.set(boxId(200), [boxId(3)]);
  stash.addPerformer(1, null, { stashIds: [{ endpoint: BOX, stashId: boxId(4) }] });
  stash.addPerformer(2, null, {
    stashIds: [{ endpoint: 'https://other.example/graphql', stashId: boxId(5) }],
  });
  stash.addScene(1, '');
  fieldsAre(stash, { scene: { stashIds: [boxId(100)], studio: '7' }, studio: { stashIds: [boxId(200)] } });
  await build(context, {});
  assert.deepEqual(await peopleOf(context, 'mine-box-example'), [1, 2, 3, 4]);
});

test('where nothing of the library is linked to the box it is said, with what to do, and no empty pack is made', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, ['face 1']);
  const estimated = await build(context, { estimate: true });
  const built = await build(context, {});
  for (const { message } of [estimated, built])
    assert.match(
      inEnglish(message),
      /^Box names nobody for your performers, scenes and studios: [^\n]+ everybody of Box instead, or link scenes and studios to it in Stash/,
    );
  const { estimate } = await ask(context, 'referencePacks.estimate', {});
  assert.equal(estimate && inEnglish(estimate.text), inEnglish(built.message));
  const none = await build(context, { scope: 'without-picture' });
  assert.match(inEnglish(none.message), /^Nobody to learn: none of your performers is linked to Box/);
  assert.deepEqual(await context.referencePacks.list(), []);
});

test('a pack whose people are linked no more is emptied by the next build', async (t) => {
  const { context, box, stash } = await opened(t);
  box.add(1, ['face 1']);
  stash.addPerformer(1, null, { stashIds: [{ endpoint: BOX, stashId: boxId(1) }] });
  await build(context, {});
  assert.deepEqual(await peopleOf(context, 'mine-box-example'), [1]);
  stash.addPerformer(1, null);
  assert.match(inEnglish((await build(context, {})).message), /^Box names nobody/);
  assert.deepEqual(await peopleOf(context, 'mine-box-example'), []);
});

test('those of mine without a usable picture, and those that are named', async (t) => {
  const { context, box, stash } = await opened(t);
  for (let n = 1; n <= 4; n++) box.add(n, [`face ${n}`]);
  for (const n of [1, 2]) stash.addPerformer(n, null, { stashIds: [{ endpoint: BOX, stashId: boxId(n) }] });
  await context.store.people.putPerformer((await context.library.performer('1'))!);
  await context.store.people.putReference({
    performerId: '1',
    source: 'profile',
    sourceKey: 'profile',
    revision: '',
    contentHash: '',
    packId: 'test-1',
    state: 'used',
    embedding: Float32Array.of(1, 0, 0, 0, 0, 0, 0, 0) as never,
    quality: 0.9,
    crop: null,
  });
  await build(context, { scope: 'without-picture' });
  assert.deepEqual(await peopleOf(context, 'without-picture-box-example'), [2]);
  await build(context, { scope: 'ids', ids: `${boxId(3)}, ${boxId(4)} ${boxId(9)}` });
  assert.deepEqual(await peopleOf(context, 'ids-box-example'), [3, 4]);
  await assert.rejects(build(context, { scope: 'ids' }), /needs ids of the stash-box/);
  await assert.rejects(build(context, { scope: 'everything' }), /not of "everything"/);
  await assert.rejects(build(context, { endpoint: 'https://no.example/graphql' }), /no stash-box/);
});

test('who was merged is in the pack as the one they were merged into, who was deleted or opted out is not', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, [], { deleted: true, mergedIntoId: boxId(2) });
  box.add(2, [], { deleted: true, mergedIntoId: boxId(3) });
  box.add(3, ['face 3']);
  box.add(4, [], { deleted: true, mergedIntoId: boxId(5) });
  box.add(5, [], { deleted: true, mergedIntoId: boxId(4) });
  box.add(6, ['face 6'], { deleted: true });
  box.add(7, ['face 7']);
  mkdirSync(path.join(context.dataFolder, 'reference-packs'), { recursive: true });
  writeFileSync(path.join(context.dataFolder, 'reference-packs/opted-out.txt'), `${boxId(7)}\n`);
  await build(context, { scope: 'ids', ids: [1, 4, 6, 7, 8].map(boxId).join(' ') });
  assert.deepEqual(await peopleOf(context, 'ids-box-example'), [3]);
  assert.ok(!box.calls.some((call) => call.startsWith('picture') && call.includes('000007')));
});

test('who opts out, or leaves the stash-box, is gone from the store and the next pack', async (t) => {
  const { context, box } = await opened(t);
  for (let n = 1; n <= 3; n++) box.add(n, [`face ${n}`]);
  await build(context, { scope: 'box' });
  box.performers.delete(boxId(1));
  mkdirSync(path.join(context.dataFolder, 'reference-packs'), { recursive: true });
  writeFileSync(path.join(context.dataFolder, 'reference-packs/opted-out.txt'), `${boxId(2)}\n`);
  await build(context, { scope: 'box' });
  assert.deepEqual(await peopleOf(context, 'box-box-example'), [3]);
  assert.equal(await context.store.boxPeople.get('1'), null);
  assert.equal(await context.store.boxPeople.get('2'), null);
});

test('a second build fetches the pictures of those alone who have new ones, and gives the version after', async (t) => {
  const { context, box } = await opened(t);
  for (let n = 1; n <= 3; n++) box.add(n, [`face ${n}`]);
  await build(context, { scope: 'box' });
  box.calls.length = 0;
  box.add(2, ['face 2', 'one 2']);
  await build(context, { scope: 'box' });
  assert.equal(box.calls.filter((call) => call.startsWith('picture')).length, 2);
  assert.equal((await context.referencePacks.list())[0]?.manifest?.version, '2');
});

test('cut into as many slices as can be, a build ends as one that was never cut', async (t) => {
  const ends: unknown[] = [];
  for (const sliceMs of [Infinity, 0]) {
    const { context, box, stash } = await opened(t, { sliceMs });
    fill(box, stash);
    const slices = await buildInSlices(context, stash);
    if (sliceMs === 0) assert.ok(slices > 10, `${slices} slices`);
    ends.push(filesOf(context, 'mine-box-example'));
    assert.deepEqual(
      await peopleOf(context, 'mine-box-example'),
      Array.from({ length: 12 }, (_, n) => n + 1),
    );
  }
  assert.deepEqual(ends[1], ends[0]);
});

for (const [code, said] of [
  ['stash-box-unreachable', 'The box does not answer.'],
  ['stash-box-refused', 'The box refused the key.'],
] as const)
  test(`a box that is ${code} for a while is waited for, and one that stays so ends the run in a sentence`, async (t) => {
    const { context, box, stash } = await opened(t);
    fill(box, stash);
    let calls = 0;
    box.before = () => void (++calls % 9 === 0 && fail(code, said));
    await build(context, {});
    assert.equal((await peopleOf(context, 'mine-box-example')).length, 12);

    const second = await opened(t);
    fill(second.box, second.stash);
    let left = 25;
    second.box.before = () => void (left-- <= 0 && fail(code, said));
    await assert.rejects(build(second.context, {}), new RegExp(said));
    second.box.before = () => undefined;
    second.box.calls.length = 0;
    await build(second.context, {});
    assert.deepEqual(filesOf(second.context, 'mine-box-example'), filesOf(context, 'mine-box-example'));
    // Nothing that was learnt is fetched again.
    assert.ok(second.box.calls.length < 40, `${second.box.calls.length} calls`);
  });

test('one picture that the box fails to give costs that picture and not the person', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, ['a 1', 'b 1', 'c 1']);
  const [, bad] = box.pictures.keys();
  box.before = (call) => void (call === `picture ${bad}` && fail('stash-box-failed', 'Internal error.'));
  const { message } = await build(context, { scope: 'box' });
  assert.match(inEnglish(message), /knows 1 person of 1/);
  assert.equal((await context.referencePacks.list())[0]?.manifest?.references, 2);
});

test('the estimate is measured on a sample, shown by its operation, and writes no pack', async (t) => {
  const { context, box } = await opened(t);
  for (let n = 1; n <= 200; n++) box.add(n, [`face ${n % 6}`]);
  const ended = await build(context, { scope: 'box', estimate: true });
  assert.match(
    inEnglish(ended.message),
    /^About 200 people with 200 pictures: .* \(measured on 40 of them\)\.$/,
  );
  const { estimate, isMeasuring } = await ask(context, 'referencePacks.estimate', { scope: 'box' });
  assert.equal(isMeasuring, false);
  assert.deepEqual([estimate?.people, estimate?.sampled], [200, 40]);
  assert.deepEqual(await context.referencePacks.list(), []);
  assert.ok(!context.said.some((line) => line.startsWith('warn')));
});

test('the menu says in the log what it will take before it begins', async (t) => {
  const { context, box } = await opened(t);
  for (let n = 1; n <= 50; n++) box.add(n, [`face ${n % 6}`]);
  await build(context, { scope: 'box' });
  assert.ok(
    context.said.some((line) => line.startsWith('info About 50 people with 50 pictures')),
    context.said.join('\n'),
  );
});

test('a build that is stopped goes on when it is asked for, and not with another one', async (t) => {
  const { context, box, stash } = await opened(t);
  fill(box, stash);
  box.before = async (call) => {
    if (!call.startsWith('picture')) return;
    await context.store.runs.askStop('build-reference-pack');
    // The slice learns of it at its next heartbeat.
    await setTimeout(10 * FAST.heartbeatMs);
  };
  assert.equal((await build(context, {})).end, 'stopped');
  box.before = () => undefined;
  await build(context, { scope: 'ids', ids: boxId(3) });
  assert.deepEqual(
    (await context.referencePacks.list()).map(({ id }) => id),
    ['ids-box-example'],
  );
  await build(context, {});
  assert.deepEqual(
    await peopleOf(context, 'mine-box-example'),
    Array.from({ length: 12 }, (_, n) => n + 1),
  );
});

test('a pack is copied to a folder that is named, besides being in use', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, ['face 1']);
  const out = path.join(tempFolder(t), 'made by it');
  await build(context, { scope: 'box', out });
  for (const name of ['manifest.json', ...Object.keys(filesOf(context, 'box-box-example') as object)])
    assert.deepEqual(
      readFileSync(path.join(out, 'box-box-example', name)),
      readFileSync(path.join(context.dataFolder, 'reference-packs/box-box-example', name)),
    );
  await assert.rejects(build(context, { scope: 'box', out: 'here' }), /whole path/);
});

test('kept crops and embeddings go with the people that are erased', async (t) => {
  const { context, box } = await opened(t);
  box.add(1, ['face 1']);
  await build(context, { scope: 'box', keep_crops: true });
  assert.equal((await context.store.boxPeople.crops('1')).size, 1);
  const { people } = await context.store.measure();
  assert.ok(people.count === 1 && people.bytes > 0);
  await context.store.erase(['people']);
  assert.equal(await context.store.boxPeople.get('1'), null);
  assert.equal((await context.store.measure()).people.count, 0);
});

test('for a face pack that adds an embedder kept crops are enough; where one is missing the pictures are fetched again', async (t) => {
  const { context, box, vision } = await opened(t);
  const { boxPeople } = context.store;
  box.add(1, ['a 1', 'b 1', 'wrong 2']);
  box.add(2, ['face 2']);
  const buildOf = async (adds: readonly string[]): Promise<{ fetched: number; embedded: number }> => {
    box.calls.length = 0;
    let embedded = 0;
    const embed = () => {
      embedded++;
      return Promise.resolve(Object.fromEntries(adds.map((id) => [id, Float32Array.of(0, 1)])));
    };
    const fusion = {
      seenBy: 'test-1',
      adds: adds.map((embedder) => ({ embedder, dimensions: 2, share: 0.2 })),
    };
    Object.assign(vision, {
      addedBy: () => Promise.resolve(adds.length === 0 ? null : { fusion, embedder: { embed } }),
    });
    await build(context, { scope: 'box', keep_crops: true });
    return { fetched: box.calls.filter((call) => call.startsWith('picture')).length, embedded };
  };
  assert.deepEqual(await buildOf([]), { fetched: 4, embedded: 0 });
  // Of the outlier nothing is kept.
  assert.deepEqual(await buildOf(['other-1']), { fetched: 0, embedded: 3 });
  assert.deepEqual(
    (await boxPeople.pictures('1')).map(({ state, face }) => [
      state,
      face && Object.keys(face.embeddings).toSorted(),
    ]),
    [
      ['used', ['other-1', 'test-1']],
      ['used', ['other-1', 'test-1']],
      ['outlier', null],
    ],
  );
  const { manifest } = (await context.referencePacks.list())[0]!;
  assert.deepEqual([manifest?.embedders, manifest?.people], [['test-1', 'other-1'], 2]);
  assert.deepEqual([(await boxPeople.crops('1')).size, (await boxPeople.crops('2')).size], [2, 1]);
  // Nothing is left to be done.
  assert.deepEqual(await buildOf(['other-1']), { fetched: 0, embedded: 0 });

  const { lookedAs } = (await boxPeople.get('1'))!;
  await boxPeople.putPictures('1', lookedAs!, await boxPeople.pictures('1'));
  assert.equal((await boxPeople.crops('1')).size, 0);
  assert.deepEqual(await buildOf(['other-1', 'other-2']), { fetched: 3, embedded: 1 });
  assert.deepEqual([(await boxPeople.crops('1')).size, (await boxPeople.crops('2')).size], [2, 1]);
});

/** Twelve people: of two scenes, of a studio and of the library itself. */
function fill(box: MemoryBox, stash: SmallLibrary): void {
  for (let n = 1; n <= 14; n++) box.add(n, [`a ${n % 6}`, `b ${n % 6}`, `c ${(n + 1) % 6}`]);
  box.casts.set(boxId(100), [boxId(1), boxId(2), boxId(3), boxId(4)]);
  box.studios.set(boxId(200), [5, 6, 7, 8, 9].map(boxId));
  for (const n of [10, 11, 12])
    stash.addPerformer(n, null, { stashIds: [{ endpoint: BOX, stashId: boxId(n) }] });
  stash.addScene(1, '');
  fieldsAre(stash, { scene: { stashIds: [boxId(100)], studio: '7' }, studio: { stashIds: [boxId(200)] } });
}

/** What Stash says of every scene and every studio. */
function fieldsAre(stash: SmallLibrary, fields: Fields): void {
  ofStudiosAndScenes.set(stash, fields);
}

type Fields = Readonly<Record<string, { readonly stashIds: readonly string[]; readonly studio?: string }>>;
const ofStudiosAndScenes = new WeakMap<SmallLibrary, Fields>();

function fail(code: ErrorCode, said: string): never {
  throw new StashSenseError(code, plain(said));
}

async function build(context: FakeContext, args: Record<string, unknown>): Promise<SliceReport> {
  const { runTask } = await import('../../../tasks/compose/dispatch.ts');
  return await runTask(context, buildReferencePack, args);
}

async function buildInSlices(context: FakeContext, stash: SmallLibrary): Promise<number> {
  let next: object = {};
  for (let slices = 1; ; slices++) {
    assert.ok(slices < 200, 'it never ends');
    const { end } = await runSlice(context, buildReferencePack, { keep_crops: false, estimate: false }, next);
    if (end === 'finished') return slices;
    assert.equal(end, 'requeued');
    const { run, token } = stash.started.at(-1)?.args ?? {};
    next = { run: String(run), token: String(token) };
  }
}

async function ask<Name extends OperationName>(context: FakeContext, name: Name, input: object) {
  const { runOperation } = await import('../../../tasks/compose/dispatch.ts');
  return (await runOperation(context, name, input)) as Awaited<ReturnType<(typeof handlers)[Name]>>;
}

/** Numbers of the people of a pack. */
async function peopleOf(context: FakeContext, packId: string): Promise<number[]> {
  const found: number[] = [];
  for (let n = 1; n <= 20; n++)
    if ((await context.referencePacks.person(packId, boxId(n))) !== null) found.push(n);
  return found;
}

/** Checksums of the files of a pack. */
function filesOf({ dataFolder }: FakeContext, packId: string): unknown {
  const text = readFileSync(path.join(dataFolder, 'reference-packs', packId, 'manifest.json'), 'utf8');
  return (JSON.parse(text) as { files: unknown }).files;
}

async function opened(
  t: TestContext,
  { sliceMs = Infinity }: { sliceMs?: number } = {},
): Promise<{ context: FakeContext; box: MemoryBox; stash: SmallLibrary; vision: FakeVision }> {
  const stash = smallLibrary(tempFolder(t));
  Object.assign(stash.library, {
    fieldsOf: (kind: string, ids: readonly string[]) => {
      const { stashIds = [], studio = null } = ofStudiosAndScenes.get(stash)?.[kind] ?? {};
      const values = { stashIds: stashIds.map((stashId) => ({ endpoint: BOX, stashId })), studio };
      return Promise.resolve(new Map(ids.map((id) => [id, values])));
    },
  });
  const box = memoryBox();
  const clock = turningClock();
  const vision = fakeVision({ now: clock.now });
  const context = await fakeContext(t, stash, {
    vision,
    stashBoxes: box,
    now: clock.now,
    sleep: clock.sleep,
    limits: { ...FAST, sliceMs, leaseMs: 600_000 },
  });
  return { context, box, stash, vision };
}
