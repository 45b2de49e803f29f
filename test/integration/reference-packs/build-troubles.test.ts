/** "Build reference pack" through the real client, with a stash-box that has trouble in the middle of it. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { packBuildOperations } from '../../../tasks/reference-packs/build-operations.ts';
import { runSlice } from '../../../tasks/runs/run-slice.ts';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { boxesOf, startedBox } from '../../contract/opened-box.ts';
import type { BoxDouble } from '../../double/stash-box/box-double.ts';
import { idFor } from '../../double/stash-box/portraits.ts';
import type { Fault } from '../../double/faults.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { smallLibrary, type SmallLibrary } from '../../fakes/small-library.ts';
import { turningClock, type TurningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';

const PEOPLE = 8;

type Trouble = Fault | 'database down' | 'another key';

const TROUBLES: Readonly<Record<string, Trouble>> = {
  'too many requests': { kind: 'status', status: 429 },
  'a pause of a minute': {
    kind: 'answer',
    status: 429,
    answer: { headers: { 'Retry-After': '60' }, body: '' },
  },
  'status 500': { kind: 'status', status: 500 },
  'status 503': { kind: 'status', status: 503 },
  'a page of a proxy': { kind: 'page' },
  'connections that are cut': { kind: 'cut' },
  'no answer': { kind: 'hang' },
  'a key that is not taken': 'another key',
  'no database': 'database down',
};

/** Of the others none is silent: a busy machine must not pass for a box that is. */
const SILENCE_MS: Readonly<Record<string, number>> = { 'no answer': 200 };

for (const [name, trouble] of Object.entries(TROUBLES))
  test(`with ${name} a build ends in a sentence, and goes on where it was`, async (t) => {
    const limitMs = SILENCE_MS[name];
    const { context, double, pass } = await opened(t, { limitMs });
    const undisturbed = await opened(t, { limitMs, known: double });
    await build(undisturbed.context);
    const expected = (await undisturbed.context.referencePacks.list())[0]?.manifest?.files;

    const from = double.requests.length;
    // Within listing or within the pictures: it begins after some requests.
    let left = 7;
    const key = double.key;
    const begin = setInterval(() => {
      if (double.requests.length - from < left) return;
      left = Infinity;
      bring(double, trouble);
    }, 1);
    const ended = await build(context).then(
      () => null,
      (error: unknown) => (error as Error).message,
    );
    clearInterval(begin);
    // On a fast machine it may have been done before.
    if (ended !== null) {
      assert.match(ended, /^[A-Z][^\n]+\.$/);
      assert.doesNotMatch(ended, /fault/);
    }
    // What was under way when the build ended fails too, and not an hour later.
    await setTimeout(300);
    double.clearFaults();
    double.databaseIsDown = false;
    double.key = key;
    pass(3_600_000);
    await build(context);
    assert.deepEqual((await context.referencePacks.list())[0]?.manifest?.files, expected);
  });

for (const [name, trouble] of Object.entries(TROUBLES))
  test(`with ${name} a measurement ends soon in a sentence, and is not asked for any longer`, async (t) => {
    const { context, double, stash, passed } = await opened(t, { limitMs: SILENCE_MS[name], pauses: 'real' });
    bring(double, trouble);
    await assert.rejects(runTask(context, buildReferencePack, { scope: 'box', estimate: true }), {
      message: /^[A-Z][^\n]+\.$/,
    });
    assert.ok(passed() <= 10_000, `${passed()} ms`);
    // Who waits is not told of a silent box after several times its silence.
    if (name === 'no answer') assert.equal(double.requests.length, 1);
    const run = (await context.store.runs.recent(1))[0];
    assert.equal(run?.state, 'failed');
    const estimate = () => packBuildOperations['referencePacks.estimate'](context, { scope: 'box' });
    const { isMeasuring, problem } = await estimate();
    assert.equal(isMeasuring, false);
    assert.deepEqual(problem, run?.message);
    assert.equal(stash.started.length, 0);
    // Asking once more makes it a thing of the past.
    await packBuildOperations['referencePacks.measure'](context, { scope: 'box' });
    assert.equal((await estimate()).problem, null);
  });

for (const scope of ['mine', 'without-picture'] as const)
  for (const estimate of [true, false])
    test(`a key that is not taken fails ${estimate ? 'a measurement' : 'a build'} of "${scope}" where nothing is linked, and its setting is named`, async (t) => {
      const { context, double } = await opened(t, { pauses: 'real' });
      bring(double, 'another key');
      await assert.rejects(runTask(context, buildReferencePack, { scope, estimate }), {
        message: /refused the API key of Stash's settings .* Settings, Metadata Providers/,
      });
      assert.equal((await context.store.runs.recent(1))[0]?.state, 'failed');
    });

for (const waiting of ['Scanning...', 'Running plugin task: Scan library'])
  for (const [name, trouble] of Object.entries(TROUBLES))
    test(`with ${name} a build lets "${waiting}" pass, and goes on after it`, async (t) => {
      const { context, double, stash, pass, passed } = await opened(t, {
        limitMs: SILENCE_MS[name],
        pauses: 'real',
        sliceMs: 60_000,
      });
      const key = double.key;
      bring(double, trouble);
      stash.jobs.push({ id: '1', status: 'READY', description: waiting, addedAt: '2026-01-10T12:00:00Z' });
      const args = { scope: 'box', keep_crops: false, estimate: false } as const;
      assert.equal((await runSlice(context, buildReferencePack, args, {})).end, 'requeued');
      assert.ok(passed() <= 55_000, `${passed()} ms`);
      double.clearFaults();
      double.databaseIsDown = false;
      double.key = key;
      stash.jobs.length = 0;
      pass(3_600_000);
      const { run, token } = stash.started.at(-1)?.args ?? {};
      const next = { run: String(run), token: String(token) };
      assert.equal((await runSlice(context, buildReferencePack, args, next)).end, 'finished');
      assert.equal((await context.referencePacks.list())[0]?.manifest?.people, PEOPLE);
    });

test('a build that waits for its box holds the queue while only the same task waits', async (t) => {
  const { context, double, stash, passed } = await opened(t, { pauses: 'real', sliceMs: 60_000 });
  bring(double, { kind: 'status', status: 500 });
  const description = 'Running plugin task: Build reference pack';
  stash.jobs.push({ id: '1', status: 'READY', description, addedAt: '2026-01-10T12:00:00Z' });
  await assert.rejects(runTask(context, buildReferencePack, { scope: 'box' }), /did not answer as it should/);
  assert.ok(passed() > 300_000, `${passed()} ms`);
});

test('the box is asked no more often a minute than its setting says', async (t) => {
  const { context, double } = await opened(t, { perMinute: 600 });
  await build(context);
  assert.ok(double.mostWithin(1000) <= 600 / 60 + 10, `${double.mostWithin(1000)} within a second`);
});

function bring(double: BoxDouble, trouble: Trouble): void {
  if (trouble === 'database down') double.databaseIsDown = true;
  else if (trouble === 'another key') double.key = 'another';
  else double.addFault(trouble);
}

async function build(context: FakeContext): Promise<void> {
  await runTask(context, buildReferencePack, { scope: 'box' });
}

async function opened(
  t: TestContext,
  {
    known,
    perMinute,
    limitMs = 10_000,
    pauses = 'short',
    sliceMs = Infinity,
  }: {
    readonly known?: BoxDouble;
    readonly perMinute?: number;
    readonly limitMs?: number | undefined;
    readonly pauses?: 'short' | 'real';
    readonly sliceMs?: number;
  } = {},
): Promise<{
  context: FakeContext;
  double: BoxDouble;
  stash: SmallLibrary;
  pass: (ms: number) => void;
  /** Milliseconds on the clock since the beginning. */
  passed: () => number;
}> {
  const double = known ?? (await startedBox(t));
  if (known === undefined) fill(double);
  const stash = smallLibrary(tempFolder(t));
  // Of its own: two connections of one process to one file wait for each other, and nothing else happens meanwhile.
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  // Pauses are passed over, but where requests are counted.
  const clock = perMinute === undefined ? turningClock() : undefined;
  // What Stash's settings have stays, whichever key the box takes.
  const box = {
    endpoint: double.endpoint,
    name: 'The box',
    apiKey: double.key,
    maxRequestsPerMinute: 600_000,
  };
  const { boxes } = boxesOf(t, {
    double,
    store,
    ...(perMinute !== undefined && { perMinute }),
    ...(pauses === 'real' && { limits: {} }),
    parts: {
      ...(pauses === 'real' && { settings: () => Promise.resolve([box]) }),
      ...(clock && { now: clock.now, sleep: async (ms: number) => await passOver(clock, Math.ceil(ms)) }),
      limits: { withinMs: limitMs, silenceMs: limitMs },
    },
  });
  const context = await fakeContext(t, stash, {
    vision: fakeVision(),
    stashBoxes: boxes,
    limits: { ...FAST, sliceMs, leaseMs: 1e9 },
    ...(clock && { now: clock.now, sleep: async (ms: number) => await passOver(clock, ms) }),
  });
  const began = context.now();
  return {
    context,
    double,
    stash,
    pass: (ms) => clock?.turn(ms),
    passed: () => context.now() - began,
  };
}

/**
A pause of the clock also takes real time, since the box answers in real time: one that is asked whether it is back has answered
before a builder has asked three times in vain. A builder looks around each second of a pause.
*/
async function passOver(clock: TurningClock, ms: number): Promise<void> {
  await clock.sleep(ms);
  if (ms >= LONG_MS) await setTimeout(LONG_REAL_MS);
}
const LONG_MS = 1000;
const LONG_REAL_MS = 5;

function fill({ data }: BoxDouble): void {
  for (let n = 1; n <= PEOPLE; n++) {
    const imageIds = ['a', 'b'].map((which) => {
      const id = idFor(`${n} ${which}`);
      const bytes = Buffer.concat([Buffer.of(0xff, 0xd8, 0xff), Buffer.from(` ${which} ${n % 6}`)]);
      data.addImage({ id, width: 600, height: 800, bytes });
      return id;
    });
    data.addPerformer({ id: idFor(`person ${n}`), name: `Person ${n}`, imageIds });
  }
}
