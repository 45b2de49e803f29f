/** "Link stash-box IDs" as Stash starts it, with real portraits and weights, killed again and again on the way. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openStore } from '../../../plugin/store/store.ts';
import { idFor, PORTRAYED } from '../../double/stash-box/portraits.ts';
import { photograph } from '../../fixtures/models.ts';
import { seeded } from '../../fixtures/random.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { openBoxWorld, type BoxWorld } from '../reference-packs/box-world.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';

const CHAINS = numbers(10);
const KILLS_EACH = 5;
const SAMPLE = 1;
const CAGE = 'Nicolas Cage';
/** Of those who are asked about together, and of what a process asks first. */
const ASKED_TOGETHER = 4;

let world: BoxWorld;
before(async () => {
  world = await openBoxWorld();
  const { library } = world.stash;
  const mine = PORTRAYED.slice(0, 5).map(({ name, files }) => {
    // Cage is called otherwise: a face and the scene say who it is.
    const called = name === CAGE ? 'Called Otherwise' : name;
    return library.addPerformer({ name: called, image: photograph(files.at(-1)!) });
  });
  const cast = [1, 2];
  const scene = world.box.data.addScene({
    performers: cast.map((at) => ({ id: idFor(PORTRAYED[at]!.name), as: null })),
  });
  library.addScene({
    title: 'A scene with people',
    fileIds: [],
    performerIds: cast.map((at) => mine[at]!.id),
    stashIds: [{ endpoint: world.box.endpoint, stash_id: scene.id, updatedAt: 1_700_000_000_000 }],
  });
});
after(() => world.close());

test(`the same is suggested after SIGKILL at any of ${CHAINS.length * KILLS_EACH} points`, async (t) => {
  assert.equal((await run('people')).error, null);
  const whole = await run('link-stash-ids');
  assert.equal(whole.error, null);
  const expected = await suggested();
  // The ID of "Audrey" was merged there into that of Audrey Hepburn, who is thus nobody else; the other four are found.
  assert.deepEqual(
    expected.map((one) => one.split(' ')[0]),
    [...Array<string>(4).fill('performer-stash-id'), 'stash-id-repair'],
  );
  assert.equal(expected.filter((one) => one.includes('scenes')).length, 2);
  const asked = questions();

  const random = seeded(7);
  const chains = CHAINS.map(() => numbers(KILLS_EACH).map((n) => killPoint(random, whole, n)));
  let killed = 0;
  for (const chain of sample(chains, SAMPLE)) {
    world.forget();
    assert.equal((await run('people')).error, null);
    const from = questions();
    let kills = 0;
    for (const point of chain) if ((await run('link-stash-ids', point)).killed) kills++;
    assert.equal((await run('link-stash-ids')).error, null);
    assert.deepEqual(await suggested(), expected, `killed at ${JSON.stringify(chain)}`);
    // What was stored is not asked again: at most the five that are asked about together, in four questions.
    assert.ok(questions() - from <= asked + kills * ASKED_TOGETHER, `${questions() - from} questions`);
    killed += kills;
  }
  assert.ok(killed > 0, 'none was killed before it had ended');
  t.diagnostic(`${killed} killed; ${Math.round(whole.ms)} ms and ${asked} questions uninterrupted`);
});

test('two runs at once suggest what one suggests, and ask the stash-box no more', async () => {
  world.forget();
  assert.equal((await run('people')).error, null);
  let from = questions();
  assert.equal((await run('link-stash-ids')).error, null);
  const [expected, asked] = [await suggested(), questions() - from];
  world.forget();
  assert.equal((await run('people')).error, null);
  from = questions();
  const both = await Promise.all([run('link-stash-ids'), run('link-stash-ids')]);
  assert.deepEqual(
    both.map(({ error }) => error),
    [null, null],
  );
  assert.deepEqual(await suggested(), expected);
  // Under load the one that waits may take the other for dead, and goes on where it was.
  assert.ok(questions() - from <= asked + ASKED_TOGETHER, `${questions() - from} questions`);
});

/** The last of a chain comes while it starts, however fast it is. */
function killPoint(random: () => number, whole: Ended, n: number): KillPoint {
  if (n === KILLS_EACH - 1) return { afterMs: 200 };
  return { afterMs: Math.ceil(300 + random() * whole.ms * 0.9) };
}

function questions(): number {
  return world.box.requests.filter(({ kind }) => kind === 'graphql').length;
}

async function suggested(): Promise<string[]> {
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  try {
    const { items } = await store.suggestions.list({ state: 'open' }, 'confidence', 100, 0);
    return items
      .map(({ kind, key, confidence, evidence }) =>
        [
          kind,
          key,
          confidence.toFixed(3),
          ...('signs' in evidence ? [evidence.isStrong, ...evidence.signs.map(({ sign }) => sign)] : []),
        ].join(' '),
      )
      .toSorted();
  } finally {
    await store.close();
  }
}

async function run(mode: 'people' | 'link-stash-ids', kill: KillPoint | null = null): Promise<Ended> {
  return await runPlugin({ stashUrl: world.stash.url, configDir: world.configDir }, { mode }, kill);
}
