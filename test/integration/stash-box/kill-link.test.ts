/** "Link stash-box IDs" as Stash starts it, with real portraits and weights, killed again and again on the way. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { openStore } from '../../../plugin/store/store.ts';
import { PORTRAYED } from '../../double/stash-box/portraits.ts';
import { photograph } from '../../fixtures/models.ts';
import { seeded } from '../../fixtures/random.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { openBoxWorld, type BoxWorld } from '../reference-packs/box-world.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';

const CHAINS = numbers(10);
const KILLS_EACH = 5;
const SAMPLE = 1;

let world: BoxWorld;
before(async () => {
  world = await openBoxWorld();
  for (const { name, files } of PORTRAYED.slice(0, 5)) {
    world.stash.library.addPerformer({ name, image: photograph(files.at(-1)!) });
  }
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
    assert.ok(questions() - from <= asked + kills * 4, `${questions() - from} questions`);
    killed += kills;
  }
  assert.ok(killed > 0, 'none was killed before it had ended');
  t.diagnostic(`${killed} killed; ${Math.round(whole.ms)} ms and ${asked} questions uninterrupted`);
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
        [kind, key, confidence.toFixed(3), 'isStrong' in evidence && evidence.isStrong].join(' '),
      )
      .toSorted();
  } finally {
    await store.close();
  }
}

async function run(mode: 'people' | 'link-stash-ids', kill: KillPoint | null = null): Promise<Ended> {
  return await runPlugin({ stashUrl: world.stash.url, configDir: world.configDir }, { mode }, kill);
}
