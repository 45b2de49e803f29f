/** "Build reference pack" on real portraits with the real weights, killed again and again on the way. */
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { headLine, personLine } from '../../../core/reference-packs/contributed/reference-file.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { packIdOf } from '../../../tasks/reference-packs/build/pack-id.ts';
import { near, randomUnit, seeded } from '../../fixtures/random.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';
import { openBoxWorld, packIn, type BoxWorld } from './box-world.ts';

const CHAINS = numbers(6);
const KILLS_EACH = 4;
const SAMPLE = 1;

let world: BoxWorld;
/** A file of references of somebody of whom the box has no picture with a face. */
let references: string;
before(async () => {
  world = await openBoxWorld();
  const icon = [...world.box.data.performers.values()].find(({ name }) => name === 'An icon')!;
  const random = seeded(17);
  const face = randomUnit(512, random);
  const line = personLine({
    stashIds: [{ endpoint: world.box.endpoint, stashId: icon.id }],
    references: [0.5, 0.6].map((distance) => ({
      quality: 0.8,
      embeddings: { [packInUse.id]: near(face, distance, random) },
    })),
  });
  references = path.join(world.configDir, 'theirs.references.jsonl');
  writeFileSync(references, `${headLine({ [packInUse.id]: 512 })}\n${line}\n`);
});
after(() => world.close());

test(`a pack has the same bytes after SIGKILL at any of ${CHAINS.length * KILLS_EACH} points`, async (t) => {
  const packId = packIdOf('mine', world.box.endpoint);
  const whole = await build();
  assert.equal(whole.error, null);
  const expected = packIn(world, packId);
  // Five by the pictures of the box, and one by the file alone.
  assert.equal((expected as { people: number }).people, 6);
  const pictures = picturesFetched();

  const random = seeded(5);
  const chains = CHAINS.map(() => numbers(KILLS_EACH).map((n) => killPoint(random, whole, n)));
  let killed = 0;
  for (const chain of sample(chains, SAMPLE)) {
    world.forget();
    const from = picturesFetched();
    let kills = 0;
    for (const point of chain) if ((await build(point)).killed) kills++;
    assert.equal((await build()).error, null);
    assert.deepEqual(packIn(world, packId), expected, `killed at ${JSON.stringify(chain)}`);
    // What was stored is not fetched again: at most the person at work and those that were fetched ahead, two pictures each.
    assert.ok(picturesFetched() - from <= pictures + kills * 8, `${picturesFetched() - from} pictures`);
    killed += kills;
  }
  assert.ok(killed > 0, 'none was killed before it had ended');
  t.diagnostic(`${killed} killed; ${Math.round(whole.ms)} ms and ${pictures} pictures uninterrupted`);
});

/** A later one of a chain comes earlier in its process: there is less left to do. The last comes while it starts, however fast it is. */
function killPoint(random: () => number, whole: Ended, n: number): KillPoint {
  if (n === KILLS_EACH - 1) return { afterMs: 200 };
  const rest = 1 - n / (KILLS_EACH + 1);
  return { afterMs: Math.ceil(300 + random() * whole.ms * rest * 0.9) };
}

function picturesFetched(): number {
  return world.box.requests.filter(({ kind }) => kind === 'picture').length;
}

async function build(kill: KillPoint | null = null): Promise<Ended> {
  return await runPlugin(
    { stashUrl: world.stash.url, configDir: world.configDir },
    { mode: 'build-reference-pack', references: [references] },
    kill,
  );
}
