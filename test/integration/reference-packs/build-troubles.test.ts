/** "Build reference pack" through the real client, with a stash-box that has trouble in the middle of it. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { runTask } from '../../../tasks/compose/dispatch.ts';
import { buildReferencePack } from '../../../tasks/reference-packs/task.ts';
import { boxesOf, startedBox } from '../../contract/opened-box.ts';
import type { BoxDouble } from '../../double/stash-box/box-double.ts';
import { idFor } from '../../double/stash-box/portraits.ts';
import type { Fault } from '../../double/faults.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../../fakes/context.ts';
import { smallLibrary } from '../../fakes/small-library.ts';
import { turningClock } from '../../fakes/turning-clock.ts';
import { fakeVision } from '../../fakes/vision.ts';

const PEOPLE = 8;

const TROUBLES: Readonly<Record<string, Fault | 'database down' | 'another key'>> = {
  'too many requests': { kind: 'status', status: 429 },
  'status 500': { kind: 'status', status: 500 },
  'status 503': { kind: 'status', status: 503 },
  'a page of a proxy': { kind: 'page' },
  'connections that are cut': { kind: 'cut' },
  'no answer': { kind: 'hang' },
  'a key that is not taken': 'another key',
  'no database': 'database down',
};

for (const [name, trouble] of Object.entries(TROUBLES))
  test(`with ${name} a build ends in a sentence, and goes on where it was`, async (t) => {
    // Of the others none is silent: a busy machine must not pass for a box that is.
    const limitMs = name === 'no answer' ? 200 : 10_000;
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
      if (trouble === 'database down') double.databaseIsDown = true;
      else if (trouble === 'another key') double.key = 'another';
      else double.addFault(trouble);
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
    double.clearFaults();
    double.databaseIsDown = false;
    double.key = key;
    pass(3_600_000);
    await build(context);
    assert.deepEqual((await context.referencePacks.list())[0]?.manifest?.files, expected);
  });

test('the box is asked no more often a minute than its setting says', async (t) => {
  const { context, double } = await opened(t, { perMinute: 600 });
  await build(context);
  assert.ok(double.mostWithin(1000) <= 600 / 60 + 10, `${double.mostWithin(1000)} within a second`);
});

async function build(context: FakeContext): Promise<void> {
  await runTask(context, buildReferencePack, { scope: 'box' });
}

async function opened(
  t: TestContext,
  {
    known,
    perMinute,
    limitMs = 10_000,
  }: { readonly known?: BoxDouble; readonly perMinute?: number; readonly limitMs?: number } = {},
): Promise<{ context: FakeContext; double: BoxDouble; pass: (ms: number) => void }> {
  const double = known ?? (await startedBox(t));
  if (known === undefined) fill(double);
  const stash = smallLibrary(tempFolder(t));
  // Of its own: two connections of one process to one file wait for each other, and nothing else happens meanwhile.
  const store = await openStore({ folder: tempFolder(t) });
  t.after(() => store.close());
  // Pauses are passed over, but where requests are counted.
  const clock = perMinute === undefined ? turningClock() : undefined;
  const { boxes } = boxesOf(t, {
    double,
    store,
    ...(perMinute !== undefined && { perMinute }),
    parts: {
      ...(clock && { now: clock.now, sleep: (ms: number) => clock.sleep(Math.ceil(ms)) }),
      limits: { withinMs: limitMs, silenceMs: limitMs },
    },
  });
  const context = await fakeContext(t, stash, {
    vision: fakeVision(),
    stashBoxes: boxes,
    limits: { ...FAST, sliceMs: Infinity, leaseMs: 1e9 },
    ...(clock && { now: clock.now, sleep: clock.sleep }),
  });
  return { context, double, pass: (ms) => clock?.turn(ms) };
}

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
