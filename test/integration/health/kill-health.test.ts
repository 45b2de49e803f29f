/** "Check library health" killed again and again on the way. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { HEALTH_ANALYZERS } from '../../../core/health/analyzers.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { startStashDouble, type StashDouble } from '../../double/stash-double.ts';
import { seeded } from '../../fixtures/random.ts';
import { isWhole, numbers, sample } from '../../fixtures/sweep.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';

/** Two pages of scenes, several of tags. */
const SCENES = 520;
const TAGS = 70;
const KILLS = 60;
const SAMPLE = 6;
const BOX = 'https://box.example/graphql';
const DAY = 86_400;

type World = { readonly double: StashDouble; readonly configDir: string };
let folder: string;
/** The data folder after a first run, before the library was changed. */
let seed: string;
let worlds: World[];

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-'));
  const media = path.join(folder, 'media');
  mkdirSync(media);
  for (let n = 0; n < SCENES; n++) if (n % 40 !== 3) writeFileSync(path.join(media, `${n}.mp4`), '');
  worlds = await Promise.all([1, 2].map((n) => openWorld(path.join(folder, `config-${n}`), media)));
  const [world] = worlds as [World];
  const { error } = await check(world);
  assert.equal(error, null);
  seed = path.join(folder, 'seed');
  cpSync(dataOf(world), seed, { recursive: true });
  for (const { double } of worlds) change(double);
});

after(async () => {
  await Promise.all(worlds.map(({ double }) => double.close()));
  rmSync(folder, { recursive: true, force: true });
});

test(`a check ends the same after SIGKILL at any of ${KILLS} points, and goes on where it was`, async (t) => {
  const [first] = worlds as [World];
  reset(first);
  const begun = await stateOf(first);
  const whole = await check(first);
  assert.equal(whole.error, null);
  const expected = await stateOf(first);
  for (const id of ['files-gone', 'scenes-without-performers', 'nothing-uses-it', 'same-studios-and-tags'])
    assert.notDeepEqual(expected[id], begun[id], `${id} finds something else than before`);

  const random = seeded(5);
  const points = sample(
    numbers(KILLS).map((): KillPoint => {
      if (random() < 0.5) return { afterMs: Math.ceil(100 + random() * whole.ms * 0.9) };
      return {
        request: 1 + Math.floor(random() * whole.requests),
        moment: (['lost', 'late', 'answered', 'answered'] as const)[Math.floor(random() * 4)]!,
        thenMs: random() < 0.3 ? 0 : Math.ceil(random() * 30),
      };
    }),
    SAMPLE,
  );
  const count = points.length;
  let killed = 0;
  await Promise.all(
    worlds.map(async (world) => {
      for (let point = points.pop(); point; point = points.pop()) {
        reset(world);
        if ((await check(world, point)).killed) killed++;
        const { error } = await check(world);
        assert.equal(error, null);
        assert.deepEqual(await stateOf(world), expected, `killed at ${JSON.stringify(point)}`);
      }
    }),
  );
  reset(first);
  await check(first, { request: Math.floor(0.9 * whole.requests), moment: 'answered', thenMs: 0 });
  const { requests } = await check(first);
  assert.ok(requests < 0.6 * whole.requests, `it goes on with ${requests} of ${whole.requests} requests`);
  // Of a few, chance decides how many end before their point.
  assert.ok(
    killed > (isWhole ? count * 0.5 : 0),
    `only ${killed} of ${count} were killed before they had ended`,
  );
  t.diagnostic(`${killed} killed; ${whole.requests} requests and ${Math.round(whole.ms)} ms uninterrupted`);
});

async function check({ double, configDir }: World, kill: KillPoint | null = null): Promise<Ended> {
  return await runPlugin({ stashUrl: double.url, configDir }, { mode: 'health' }, kill);
}

function dataOf({ configDir }: World): string {
  return path.join(configDir, 'stash-sense');
}

function reset(world: World): void {
  rmSync(dataOf(world), { recursive: true, force: true });
  cpSync(seed, dataOf(world), { recursive: true });
}

/** By the analyzer what it tells of, in which state; and that nothing is left of the run. */
async function stateOf(world: World): Promise<Record<string, unknown>> {
  const store = await openStore({ folder: dataOf(world) });
  try {
    const found: Record<string, unknown> = {};
    for (const id of HEALTH_ANALYZERS) {
      const { items } = await store.suggestions.list({ analyzers: [id] }, 'newest', 10_000, 0);
      found[id] = items.map(({ key, state }) => `${key} ${state}`).toSorted();
    }
    return {
      ...found,
      at: await store.state.get('health-at'),
      files: await store.state.get('health-files-at'),
      running: (await store.runs.running()).length,
    };
  } finally {
    await store.close();
  }
}

async function openWorld(configDir: string, media: string): Promise<World> {
  const double = await startStashDouble({ configDir });
  double.config.stashes = [{ path: media, excludeVideo: false, excludeImage: false }];
  const { library } = double;
  const performer = library.addPerformer({ name: 'Jane Doe', image: Buffer.from([0xff, 0xd8, 0xff]) });
  const studio = library.addStudio({ name: 'Everyday' });
  for (let n = 0; n < TAGS; n++)
    library.addTag({ name: `Tag ${n}`, aliases: n % 9 === 0 ? [`tag ${n + 1}`] : [] });
  for (let n = 0; n < SCENES; n++) {
    const files = numbers(n % 50 === 5 ? 2 : 1).map((file) =>
      library.addFile({
        kind: 'video',
        path: path.join(media, `${n}.mp4`),
        fingerprints: [{ type: 'oshash', value: (2 * n + file).toString(16).padStart(16, '0') }],
      }),
    );
    library.addScene({
      title: `Scene ${n}`,
      fileIds: files.map(({ id }) => id),
      studioId: studio.id,
      performerIds: n % 8 === 0 ? [] : [performer.id],
      date: n % 16 === 1 ? null : '2026-01-01',
      stashIds: n % 2 === 1 ? [{ endpoint: BOX, stash_id: `scene-${n}`, updatedAt: 0 }] : [],
      updatedAt: library.seconds() - DAY * (1 + (n % 60)),
    });
  }
  return { double, configDir };
}

/** What was told of is mended, and there is something new to be told of. */
function change({ library }: StashDouble): void {
  const [tag] = library.tags.all();
  for (const [n, scene] of library.scenes.all().entries()) {
    if (n % 30 === 0) Object.assign(scene, { performerIds: ['1'], updatedAt: library.seconds() });
    if (n % 30 === 7) Object.assign(scene, { performerIds: [], date: null, updatedAt: library.seconds() });
    if (n % 20 === 3) scene.fileIds = n % 40 === 3 ? [library.scenes.get('1')!.fileIds[0]!] : scene.fileIds;
    if (n % 70 === 4) scene.tagIds = [tag!.id, String(2 + (n % TAGS))];
  }
  library.addTag({ name: 'TAG 5', aliases: ['Tag 6'] });
  library.addStudio({ name: 'Unused' });
}
