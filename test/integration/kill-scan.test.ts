/** "Scan library" on real pictures with the real weights, killed again and again on the way. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { addImageFile } from '../fixtures/image-file.ts';
import { endState } from './end-state.ts';
import { seeded } from '../fixtures/random.ts';
import { runPlugin, type Ended, type KillPoint } from './plugin-process.ts';
import { numbers, sample } from '../fixtures/sweep.ts';

const CHAINS = numbers(18);
const SAMPLE = 4;
/** Fewer than what makes a file count as one that takes the process with it. */
const KILLS_EACH = 4;

type World = { readonly double: StashDouble; readonly configDir: string };
let folder: string;
let worlds: World[];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-'));
  worlds = await Promise.all(
    [1, 2].map((n) => openWorld(path.join(folder, `config-${n}`), path.join(folder, 'pictures'))),
  );
});

after(async () => {
  await Promise.all(worlds.map(({ double }) => double.close()));
  rmSync(folder, { recursive: true, force: true });
});

test(`a scan ends the same after SIGKILL at any of ${CHAINS.length * KILLS_EACH} points`, async (t) => {
  const [first] = worlds as [World];
  reset(first);
  const whole = await scan(first);
  assert.equal(whole.error, null);
  const expected = await stateOf(first);
  assert.match(
    JSON.stringify(expected),
    /history\.added\W+values\W+name\W+Franck/,
    'the scan wrote by itself',
  );

  const random = seeded(3);
  const all = CHAINS.map(() => numbers(KILLS_EACH).map((n) => killPoint(random, whole, n)));
  const chains = sample(all, SAMPLE);
  const kills = chains.length * KILLS_EACH;
  let killed = 0;
  await Promise.all(
    worlds.map(async (world) => {
      for (let chain = chains.pop(); chain; chain = chains.pop()) {
        reset(world);
        for (const point of chain) if ((await scan(world, point)).killed) killed++;
        const { error } = await scan(world);
        assert.equal(error, null);
        assert.deepEqual(await stateOf(world), expected, `killed at ${JSON.stringify(chain)}`);
      }
    }),
  );
  // How long one takes depends on what else the machine does.
  assert.ok(killed > kills * 0.5, `only ${killed} of ${kills} were killed before they had ended`);
  t.diagnostic(`${killed} killed; ${whole.requests} requests and ${Math.round(whole.ms)} ms uninterrupted`);
});

/** A later one of a chain comes earlier in its process: there is less left to do. */
function killPoint(random: () => number, whole: Ended, n: number): KillPoint {
  const rest = 1 - n / (KILLS_EACH + 1);
  if (random() < 0.5) return { afterMs: Math.ceil(150 + random() * whole.ms * rest * 0.8) };
  return {
    request: 1 + Math.floor(random() * whole.requests * rest * 0.7),
    moment: (['lost', 'late', 'answered', 'answered'] as const)[Math.floor(random() * 4)] ?? 'lost',
    thenMs: random() < 0.3 ? 0 : Math.ceil(random() * 30),
  };
}

async function scan({ double, configDir }: World, kill: KillPoint | null = null): Promise<Ended> {
  return await runPlugin({ stashUrl: double.url, configDir }, { mode: 'scan' }, kill);
}

function reset({ double, configDir }: World): void {
  for (const row of [...double.library.images.all(), ...double.library.scenes.all()]) {
    row.performerIds = [];
    row.tagIds = [];
  }
  rmSync(path.join(configDir, 'stash-sense'), { recursive: true, force: true });
}

async function stateOf({ double, configDir }: World): Promise<unknown> {
  return await endState(double.library, path.join(configDir, 'stash-sense'), packInUse.id);
}

/** Three people with a portrait each; pictures of them, of a stranger, and one that is none. Matches are written. */
async function openWorld(configDir: string, pictures: string): Promise<World> {
  const double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
  double.config.plugins['stash-sense'] = {
    scanImages: true,
    autoAcceptConfidence: 90,
    autoAcceptTag: 'Found by face',
  };
  const { library } = double;
  for (const [name, file] of [
    ['Franck', 'franck_02045.jpg'],
    ['Audrey Hepburn', 'audrey_crop.jpg'],
    ['Sean Connery', 'sean_guru2_crop.jpg'],
  ] as const)
    library.addPerformer({ name, image: readFileSync(mediaFile(file)) });
  library.addPerformer({ name: 'Nobody Yet' });
  library.addTag({ name: 'Found by face' });
  for (const [n, file] of ['franck_02159.jpg', 'audrey.jpg', 'SeanConnery.jpg', 'cage.jpg'].entries())
    addImageFile(library, copyTo(pictures, file), { width: 100 + n });
  const broken = path.join(pictures, 'broken.jpg');
  writeFileSync(broken, 'this is no picture');
  addImageFile(library, broken, { width: 109 });
  return { double, configDir };
}

function copyTo(target: string, file: string): string {
  const copy = path.join(target, file);
  cpSync(mediaFile(file), copy);
  return copy;
}
