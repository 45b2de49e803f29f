/** Whatever a task is at for long, it gives Stash's queue back in between, and goes on where it was. By a clock of the test's own. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Settings } from '../../core/settings.ts';
import { autoAccept } from '../../tasks/suggestions/auto-accept.ts';
import { enqueueEntities } from '../../tasks/scan/enqueue.ts';
import { enqueuePerformers } from '../../tasks/people/enqueue.ts';
import { people } from '../../tasks/people/task.ts';
import { ANALYZER } from '../../tasks/matching/proposals.ts';
import { rematchAll } from '../../tasks/matching/rematch.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { scan } from '../../tasks/scan/task.ts';
import { buildReferencePack } from '../../tasks/reference-packs/task.ts';
import { setUp } from '../../tasks/setup/task.ts';
import type { StashBoxes } from '../../core/ports/stash-box.ts';
import type { Acceleration, Task } from '../../tasks/runs/task.ts';
import { proposal } from '../contract/store-samples.ts';
import {
  anObservation,
  aVector,
  bareAcceleration,
  FAST,
  fakeContext,
  PACK,
  tempFolder,
  type FakeContext,
} from '../fakes/context.ts';
import { memoryBox } from '../fakes/memory-box.ts';
import { aPerformer, anItem } from '../fakes/memory-stash.ts';
import { fakeVision, type FakeVision } from '../fakes/vision.ts';
import { aSlice } from '../fakes/slice.ts';
import { smallLibrary, type SmallLibrary } from '../fakes/small-library.ts';
import { turningClock, type TurningClock } from '../fakes/turning-clock.ts';

const SLICE_MS = 1000;
/** No slice is followed by so many: then one of them did nothing. */
const MAX_SLICES = 100;

for (const task of [people, scan])
  test(`learning people gives the queue back in "${task.mode}", and each is learnt once`, async (t) => {
    const { context, stash, vision, clock } = await opened(t);
    for (let n = 1; n <= 10; n++) stash.addPerformer(n, `face ${n}`);
    costs(stash, clock, 'fetchMedia', 600);
    const slices = await runInSlices(context, stash, task);
    // Two in each, and one that finds the list empty.
    assert.equal(slices.length, 6);
    for (const ms of slices) assert.ok(ms < SLICE_MS + 600, `${ms} ms`);
    assert.equal(vision.looked.length, 10);
    assert.equal((await context.store.people.counts(PACK)).withReference, 10);
  });

test('learning more pictures gives the queue back, in a scan too, and matches again only at its end', async (t) => {
  const { context, stash, clock, vision } = await opened(t);
  for (let n = 1; n <= 120; n++) {
    stash.addPerformer(n, null);
    stash.addImage(n, `one ${n % 6}`, { performerIds: [String(n)] });
    stash.addImage(1000 + n, `two ${n % 6}`, { performerIds: [String(n)] });
  }
  await runInSlices(context, stash, people);
  for (let n = 1; n <= 120; n++) stash.addImage(2000 + n, `three ${n % 6}`, { performerIds: [String(n)] });
  stash.addScene(1, 'shows 1');
  let matched = 0;
  counting(context.store.suggestions, 'replace', () => matched++);
  costs(stash, clock, 'fetchMedia', 90);
  const slices = await runInSlices(context, stash, scan);
  assert.ok(slices.length > 8 && slices.length < 20, `${slices.length} slices`);
  assert.equal(vision.looked.filter((it) => it.startsWith('picture three')).length, 120);
  assert.ok(matched <= 3, `${matched} times`);
});

test('matching again gives the queue back and ends, also where people change during each slice', async (t) => {
  const { context, stash, clock } = await opened(t);
  await seen(context, stash, 2100);
  for (const n of [1, 2]) await known(context, n);
  costs(stash, clock, 'entitiesAfter', SLICE_MS);
  let asked = 0;
  counting(context.store.observations, 'entitiesAfter', () => asked++);
  let slice = 0;
  const slices = await runInSlices(context, stash, people, { only: 'match' }, async () => {
    // Somebody confirms a face.
    if (++slice <= 20) await known(context, 2, slice % 5);
  });
  assert.ok(slices.length > 3 && slices.length <= 6, `${slices.length} slices`);
  for (const ms of slices) assert.ok(ms <= 2 * SLICE_MS, `${ms} ms`);
  assert.ok(asked <= 6, `${asked} pages were asked for`);
  // What changed meanwhile is matched by the next run, which begins from the start.
  await runInSlices(context, stash, people, { only: 'match' });
  const versions = new Set<string | null>();
  for (let n = 1; n <= 2100; n++)
    versions.add(await context.store.observations.matchedWith({ kind: 'scene', id: String(n) }));
  assert.equal(versions.size, 1);
});

test('a scan whose matching takes a slice, and whose people change in each, still gets to its scenes', async (t) => {
  const { context, stash, clock, vision } = await opened(t);
  await seen(context, stash, 1100);
  stash.addPerformer(1, 'face 1');
  stash.addPerformer(2, 'face 2');
  for (let n = 2001; n <= 2003; n++) stash.addScene(n, 'shows 1');
  let slice = 0;
  costs(stash, clock, 'entitiesAfter', SLICE_MS);
  await runInSlices(context, stash, scan, {}, async () => {
    if (++slice <= MAX_SLICES) await known(context, 2, slice % 5);
  });
  assert.equal(vision.looked.filter((it) => it.endsWith('.mp4')).length, 3);
});

test('listing scenes gives the queue back, asks for each page once, and drops what Stash has no more', async (t) => {
  const { context, stash } = await opened(t);
  for (let n = 1; n <= 1700; n++) stash.items.set(`scene:${n}`, anItem(n));
  const gone = [3, 600, 1700, 1702].map(String);
  for (const id of gone) stash.items.delete(`scene:${id}`);
  const { store } = context;
  await store.work.enqueue(
    'scan',
    gone.map((id) => ({ kind: 'scene' as const, id, title: '', revision: '', priority: 0 })),
  );
  for (const id of [...gone, '7'])
    await store.suggestions.replace({ kind: 'scene', id }, ANALYZER, [
      proposal(Number(id), 5, { analyzer: ANALYZER }),
    ]);
  let pages = 0;
  stash.before = (call) => void (call === 'entitiesAfter' && pages++);
  let slices = 0;
  do assert.ok(++slices < MAX_SLICES);
  while ((await enqueueEntities(context, aSlice({ isOver: (advances) => advances > 0 }))) === 'yielded');
  // Four of 500, and the empty ones at the end.
  assert.deepEqual({ slices, pages }, { slices: 5, pages: 5 });
  assert.equal((await store.work.counts('scan')).pending, 1697);
  for (const id of gone) assert.equal(await store.work.get('scan', 'scene', id), null);
  const { items } = await store.suggestions.list({ state: 'open' }, 'newest', 10, 0);
  assert.deepEqual(
    items.map(({ entity }) => entity.id),
    ['7'],
  );
});

test('listing performers gives the queue back, asks for each page once, and drops who is no more', async (t) => {
  const { context, stash } = await opened(t);
  for (let n = 1; n <= 700; n++) stash.performers.set(String(n), aPerformer(n));
  await enqueuePerformers(context, aSlice({ run: { id: '1' } }), 'news');
  const gone = [2, 450, 700].map(String);
  for (const id of gone) stash.performers.delete(id);
  let pages = 0;
  stash.before = (call) => void (call === 'performersAfter' && pages++);
  let slices = 0;
  do assert.ok(++slices < MAX_SLICES);
  while (
    (await enqueuePerformers(context, aSlice({ isOver: (advances) => advances > 0 }), 'news')) === 'yielded'
  );
  assert.deepEqual({ slices, pages }, { slices: 5, pages: 5 });
  const { performers } = await context.store.people.counts(PACK);
  assert.deepEqual([performers, (await context.store.work.counts('people')).pending], [697, 697]);
  for (const id of gone) assert.equal(await context.store.people.performer(id), null);
});

test('accepting by itself gives the queue back, and asks for each once in a run, the refused too', async (t) => {
  const { context, stash, clock } = await opened(t, { settings: { autoAcceptConfidence: 80 } });
  for (let n = 1; n <= 90; n++) {
    // Of every third the file was replaced.
    stash.items.set(`scene:${n}`, anItem(n, n % 3 === 0 ? { files: anItem(1000 + n).files } : {}));
    await context.store.suggestions.replace({ kind: 'scene', id: String(n) }, ANALYZER, [
      proposal(n, 5, { analyzer: ANALYZER, confidence: 0.9, payload: seenIn(n) }),
    ]);
  }
  stash.performers.set('5', aPerformer(5));
  await enqueueEntities(context, aSlice());
  clock.turn(1);
  let asked = 0;
  stash.before = (call) => void (call === 'item' && asked++);
  let slices = 0;
  do assert.ok(++slices < MAX_SLICES);
  while ((await autoAccept(context, aSlice({ isOver: (advances) => advances > 0 }))) === 'yielded');
  assert.deepEqual({ slices, asked }, { slices: 5, asked: 90 });
  assert.equal((await context.store.journal.list({ state: 'written' }, 1, 0)).total, 60);
  // The slices after these say no more of it; the next run tries once more.
  assert.equal(await autoAccept(context, aSlice()), 'done');
  assert.equal(asked, 90);
  assert.equal(await autoAccept(context, aSlice({ run: { id: '4' } })), 'done');
  assert.equal(asked, 120);
});

test('fetching gives the queue back and goes on with the bytes that are there; a trial does not', async (t) => {
  const clock = turningClock();
  let bytes = 0;
  let isInstalled = false;
  let tried = 0;
  const acceleration: Acceleration = {
    ...bareAcceleration,
    state: () => offering(isInstalled),
    install: async (_id, { onProgress, signal }) => {
      while (bytes < ARTIFACT.size) {
        signal.throwIfAborted();
        bytes += 100;
        clock.turn(SLICE_MS);
        onProgress(bytes, ARTIFACT.size);
        await abortedOrAfter(signal, 1000);
      }
      isInstalled = true;
    },
    tryOut: async () => {
      tried++;
      clock.turn(10 * SLICE_MS);
      return await Promise.resolve({ choice: null, engines: [], failures: [] });
    },
  };
  const { context, stash } = await opened(t, { acceleration, clock });
  await context.store.state.set('artifact-consent', { artifacts: [ARTIFACT.id], at: 1 });
  const slices = await runInSlices(context, stash, setUp);
  assert.ok(isInstalled);
  assert.equal(bytes, ARTIFACT.size);
  assert.equal(slices.length, 5);
  assert.equal(tried, 1);
});

/** A page of the list; another request asks first who was changed last. */
const LISTED = /^page \d+$/;

test('building a reference pack gives the queue back while it lists and while it learns, and learns each once', async (t) => {
  const box = memoryBox();
  for (let n = 1; n <= 250; n++) box.add(n, n <= 10 ? [`face ${n % 6}`] : []);
  const { context, stash, clock, vision } = await opened(t, { stashBoxes: box });
  // Without it a sample would be looked at first.
  const estimate = { packId: 'box-box-example', endpoint: '', scope: 'box', at: 0, people: 250 } as const;
  const measured = { ...estimate, pictures: 10, bytes: 0, hours: 0, sampled: 40 };
  await context.store.state.set('reference-pack-estimates', { [estimate.packId]: measured });
  box.before = (call) => {
    if (LISTED.test(call)) clock.turn(SLICE_MS);
  };
  counting(vision, 'openForPictures', () => clock.turn(600));
  const args = { scope: 'box', keep_crops: false, estimate: false };
  const slices = await runInSlices(context, stash, buildReferencePack, args);
  // Three pages, and two people in each of the others.
  assert.ok(slices.length >= 3 + 5 && slices.length <= 3 + 5 + 2, `${slices.length} slices`);
  for (const ms of slices) assert.ok(ms <= SLICE_MS + 600, `${ms} ms`);
  assert.equal(box.calls.filter((call) => LISTED.test(call)).length, 3);
  assert.equal(vision.looked.length, 10);
  assert.equal((await context.referencePacks.list())[0]?.manifest?.people, 10);
});

test('a file that comes damaged every time does not keep "Set up" going for ever', async (t) => {
  const clock = turningClock();
  let tries = 0;
  const acceleration: Acceleration = {
    ...bareAcceleration,
    state: () => offering(false),
    install: async (_id, { onProgress, signal }) => {
      tries++;
      clock.turn(SLICE_MS);
      onProgress(100, ARTIFACT.size);
      await abortedOrAfter(signal, 400);
      throw new Error('damaged');
    },
  };
  const { context } = await opened(t, { acceleration, clock });
  await context.store.state.set('artifact-consent', { artifacts: [ARTIFACT.id], at: 1 });
  const late = aSlice({ run: { slices: 101 }, isOver: (advances) => advances > 0 });
  assert.equal((await setUp.work(context, {}, late)).end, 'finished');
  assert.equal(tries, 1);
  const early = aSlice({ run: { slices: 100 }, isOver: (advances) => advances > 0 });
  assert.equal((await setUp.work(context, {}, early)).end, 'more');
});

test('cut into as many slices as can be, a scan ends as one that was never cut', async (t) => {
  const ends: unknown[] = [];
  for (const sliceMs of [Infinity, 0]) {
    const { context, stash, clock } = await opened(t, { sliceMs });
    for (let n = 1; n <= 5; n++) stash.addPerformer(n, `face ${n}`);
    for (let n = 1; n <= 5; n++) stash.addImage(n, `one ${n}`, { performerIds: [String(n)] });
    for (let n = 1; n <= 10; n++) stash.addScene(n, `shows ${n % 6}`);
    stash.after = () => clock.turn(1);
    const slices = await runInSlices(context, stash, scan);
    if (sliceMs === 0) assert.ok(slices.length > 20, `${slices.length} slices`);
    const { items } = await context.store.suggestions.list({}, 'newest', 100, 0);
    ends.push(items.map(({ key, state }) => `${key} ${state}`).toSorted());
  }
  assert.deepEqual(ends[1], ends[0]);
});

test('a pass begun by another run is not continued: that one may have left its first entities long ago', async (t) => {
  const { context, stash } = await opened(t);
  await seen(context, stash, 600);
  await known(context, 1);
  assert.equal(await rematchAll(context, aSlice({ run: { id: '1' }, isOver: () => true })), 'yielded');
  await known(context, 2);
  assert.equal(await rematchAll(context, aSlice({ run: { id: '2' } })), 'done');
  const [first, last] = await Promise.all(
    ['1', '600'].map((id) => context.store.observations.matchedWith({ kind: 'scene', id })),
  );
  assert.equal(first, last);
});

const ARTIFACT = {
  id: 'an-artifact',
  kind: 'runtime',
  provides: 'sharp',
  version: '1',
  name: 'an-artifact.tar.gz',
  size: 400,
} as AccelerationState['artifacts'][number]['artifact'];

type AccelerationState = Awaited<ReturnType<Acceleration['state']>>;

/** A channel that has this one artifact. */
async function offering(installed: boolean): Promise<AccelerationState> {
  return {
    ...(await bareAcceleration.state()),
    channel: 'a channel',
    artifacts: [{ artifact: ARTIFACT, installed }],
  };
}

async function abortedOrAfter(signal: AbortSignal, ms: number): Promise<void> {
  await new Promise((resolve) => {
    setTimeout(resolve, ms).unref();
    signal.addEventListener('abort', resolve, { once: true });
  });
}

/** Runs a task and all its later slices, as Stash's queue would. @returns how long each slice took */
async function runInSlices(
  context: FakeContext,
  stash: SmallLibrary,
  task: Task,
  args: object = {},
  between: () => Promise<void> = () => Promise.resolve(),
): Promise<number[]> {
  const took: number[] = [];
  let next: object = {};
  for (;;) {
    assert.ok(took.length < MAX_SLICES, 'it never ends');
    const began = context.now();
    const { end } = await runSlice(context, task, args, next);
    took.push(context.now() - began);
    if (end === 'finished') return took;
    assert.equal(end, 'requeued');
    await between();
    const { run, token } = stash.started.at(-1)?.args ?? {};
    next = { run: String(run), token: String(token) };
  }
}

function costs(stash: SmallLibrary, clock: TurningClock, call: string, ms: number): void {
  stash.after = (made) => void (made === call && clock.turn(ms));
}

function counting<Name extends string>(
  of: Record<Name, (...args: never[]) => unknown>,
  name: Name,
  count: () => unknown,
): void {
  const before = of[name].bind(of) as (...args: unknown[]) => unknown;
  Object.assign(of, { [name]: (...args: unknown[]) => (count(), before(...args)) });
}

/** Scenes 1 to `count`, looked at and never matched: each shows the person along axis 1. */
async function seen({ store }: FakeContext, stash: SmallLibrary, count: number): Promise<void> {
  const shown = anObservation(1, { persons: [{ ...anObservation(1).persons[0]!, template: aVector(1) }] });
  await store.transaction(async () => {
    await store.observations.put({ observation: shown, crops: [] });
    for (let n = 1; n <= count; n++) {
      stash.items.set(`scene:${n}`, anItem(n, { files: [] }));
      await store.observations.link({ kind: 'scene', id: String(n) }, `Scene ${n}`, [shown.contentId]);
      await store.work.enqueue('scan', []);
    }
  });
}

/** Performer `n` has a picture of the person along their axis; `lean`: another picture. */
async function known({ store }: FakeContext, n: number, lean = 0): Promise<void> {
  await store.people.putPerformer(aPerformer(n));
  await store.people.putReference({
    performerId: String(n),
    source: 'profile',
    sourceKey: `picture ${lean}`,
    revision: '',
    contentHash: '',
    packId: PACK,
    state: 'used',
    embedding: aVector(n, { lean: lean / 50 }),
    quality: 0.8 + lean / 50,
    crop: null,
  });
}

function seenIn(n: number) {
  return { seen: [{ contentId: `oshash:${n.toString(16).padStart(16, '0')}` as const, personKey: 0 }] };
}

async function opened(
  t: TestContext,
  {
    settings = {},
    acceleration,
    stashBoxes,
    clock = turningClock(),
    sliceMs = SLICE_MS,
  }: {
    settings?: Partial<Settings>;
    acceleration?: Acceleration;
    stashBoxes?: StashBoxes;
    clock?: TurningClock;
    sliceMs?: number;
  } = {},
): Promise<{ context: FakeContext; stash: SmallLibrary; vision: FakeVision; clock: TurningClock }> {
  const stash = smallLibrary(tempFolder(t));
  const vision = fakeVision({ now: clock.now });
  const context = await fakeContext(t, stash, {
    vision,
    settings,
    now: clock.now,
    sleep: clock.sleep,
    limits: { ...FAST, sliceMs, leaseMs: 60_000 },
    ...(acceleration !== undefined && { acceleration }),
    ...(stashBoxes !== undefined && { stashBoxes }),
  });
  return { context, stash, vision, clock };
}
