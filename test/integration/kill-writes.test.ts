/** Accept and undo, killed at every request they make and at moments between. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import type { Embedding, FaceCrop } from '../../core/faces/face.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';
import { openStore } from '../../plugin/store/store.ts';
import { ANALYZER } from '../../tasks/matching/proposals.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { endState } from './end-state.ts';
import { seeded } from '../fixtures/random.ts';
import { runPlugin, type Ended, type KillPoint } from './plugin-process.ts';
import { isWhole, numbers, sample } from '../fixtures/sweep.ts';

const SCENES = 4;
const KILLS = 70;
const SAMPLE = 4;
const PACK = packInUse.id;

/** Two at a time, each with a Stash of its own. */
type World = { readonly double: StashDouble; readonly configDir: string };
let folder: string;
let worlds: World[];
/** Data folders to begin with: everything suggested; everything accepted; and a scene that is recognised by the confirmed faces. */
let suggested: string;
let accepted: string;
let taught: string;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-'));
  suggested = path.join(folder, 'suggested');
  await seed(suggested);
  worlds = await Promise.all(
    [1, 2].map(async (n) => {
      const configDir = path.join(folder, `config-${n}`);
      const double = await startStashDouble({ configDir });
      for (let id = 1; id <= 2; id++) double.library.addPerformer({ name: `Performer ${id}` });
      const tag = double.library.addTag({ name: 'Of the user' });
      for (let id = 1; id <= SCENES; id++) {
        const file = double.library.addFile({
          kind: 'video',
          path: `/nowhere/${id}.mp4`,
          fingerprints: [{ type: 'oshash', value: id.toString(16).padStart(16, '0') }],
        });
        double.library.addScene({ title: `Scene ${id}`, fileIds: [file.id], tagIds: [tag.id] });
      }
      return { double, configDir };
    }),
  );
  const [world] = worlds as [World];
  reset(world, suggested, []);
  const { error } = await accept(world);
  assert.equal(error, null);
  accepted = path.join(folder, 'accepted');
  cpSync(path.join(world.configDir, 'stash-sense'), accepted, { recursive: true });
  taught = path.join(folder, 'taught');
  cpSync(accepted, taught, { recursive: true });
  await recogniseByConfirmed(taught);
});

after(async () => {
  await Promise.all(worlds.map(({ double }) => double.close()));
  rmSync(folder, { recursive: true, force: true });
});

test(`accepting ends the same after SIGKILL at any of ${KILLS} points`, async (t) => {
  await killEverywhere(t, { from: suggested, performers: [], seed: 1, work: accept });
});

test(`undoing ends the same after SIGKILL at any of ${KILLS} points`, async (t) => {
  await killEverywhere(t, { from: accepted, performers: ['1', '2'], seed: 2, work: undo });
});

test(`an undo that is refused and withdraws faces ends the same after SIGKILL at any of ${KILLS} points`, async (t) => {
  await killEverywhere(t, { from: taught, performers: [], seed: 3, work: undoInVain });
});

/** An uninterrupted one says what the end must be; then each kill is followed by the same call once more. */
async function killEverywhere(
  t: { diagnostic(message: string): void },
  {
    from,
    performers,
    seed: number,
    work,
  }: {
    from: string;
    performers: readonly string[];
    seed: number;
    work: (world: World, kill?: KillPoint) => Promise<Ended>;
  },
): Promise<void> {
  const [first] = worlds as [World];
  reset(first, from, performers);
  const whole = await work(first);
  assert.equal(whole.error, null);
  const expected = await stateOf(first);
  const random = seeded(number);
  const all = numbers(KILLS).map((n): KillPoint =>
    // Two of three at a request: lost on the way, done when we are dead, or answered and then.
    n % 3 < 2
      ? {
          request: 1 + Math.floor(random() * whole.requests),
          moment: (['lost', 'late', 'answered', 'answered'] as const)[Math.floor(random() * 4)] ?? 'lost',
          thenMs: random() < 0.3 ? 0 : Math.ceil(random() * 12),
        }
      : { afterMs: Math.ceil(random() * whole.ms) },
  );
  const points = sample(all, SAMPLE);
  const kills = points.length;
  let killed = 0;
  await Promise.all(
    worlds.map(async (world) => {
      for (let point = points.pop(); point; point = points.pop()) {
        reset(world, from, performers);
        if ((await work(world, point)).killed) killed++;
        const next = await work(world);
        assert.equal(next.error, null);
        assert.deepEqual(await stateOf(world), expected, `killed at ${JSON.stringify(point)}`);
      }
    }),
  );
  // How long one takes depends on what else the machine does.
  // Of a few, chance decides how many end before their point.
  assert.ok(
    killed > (isWhole ? kills * 0.5 : 0),
    `only ${killed} of ${kills} were killed before they had ended`,
  );
  t.diagnostic(`${killed} killed; ${whole.requests} requests and ${Math.round(whole.ms)} ms uninterrupted`);
}

async function accept(world: World, kill?: KillPoint): Promise<Ended> {
  const ended = await ask(world, 'suggestions.accept', { all: { state: 'open', minConfidence: 0.5 } }, kill);
  if (!ended.killed && ended.error === null)
    assert.deepEqual((ended.output as Output<'suggestions.accept'>).refused, []);
  return ended;
}

async function undo(world: World, kill?: KillPoint): Promise<Ended> {
  const ids = Array.from({ length: 2 * SCENES }, (_, n) => String(n + 1));
  const ended = await ask(world, 'journal.undo', { ids }, kill);
  if (!ended.killed && ended.error === null) {
    // What an interrupted call before it has undone and settled is not counted once more.
    const { undone, refused } = ended.output as Output<'journal.undo'>;
    assert.deepEqual(refused, []);
    assert.deepEqual(
      undone.filter((id) => !ids.includes(id)),
      [],
    );
  }
  return ended;
}

/** The performers were taken off in Stash. */
async function undoInVain(world: World, kill?: KillPoint): Promise<Ended> {
  const ids = Array.from({ length: 2 * SCENES }, (_, n) => String(n + 1));
  const ended = await ask(world, 'journal.undo', { ids }, kill);
  if (!ended.killed && ended.error === null)
    assert.deepEqual((ended.output as Output<'journal.undo'>).refused.length, ids.length);
  return ended;
}

async function ask(
  { double, configDir }: World,
  mode: string,
  input: unknown,
  kill: KillPoint | null = null,
): Promise<Ended> {
  return await runPlugin({ stashUrl: double.url, configDir }, { mode, input }, kill);
}

function reset({ double, configDir }: World, from: string, performers: readonly string[]): void {
  for (const scene of double.library.scenes.all()) scene.performerIds = [...performers];
  const data = path.join(configDir, 'stash-sense');
  rmSync(data, { recursive: true, force: true });
  cpSync(from, data, { recursive: true });
}

async function stateOf({ double, configDir }: World): Promise<unknown> {
  return await endState(double.library, path.join(configDir, 'stash-sense'), PACK);
}

/** Two people, both seen in every scene, both suggested. */
async function seed(data: string): Promise<void> {
  const store = await openStore({ folder: data });
  for (const n of [1, 2]) {
    await store.people.putPerformer({
      id: String(n),
      name: `Performer ${n}`,
      disambiguation: '',
      aliases: [],
      stashIds: [],
      imagePath: null,
    });
    await store.people.putReference({
      performerId: String(n),
      source: 'profile',
      sourceKey: 'profile',
      revision: '1',
      contentHash: 'x',
      packId: PACK,
      state: 'used',
      embedding: axis(n),
      quality: 0.9,
      crop: CROP,
    });
  }
  for (let id = 1; id <= SCENES; id++) {
    const contentId = `oshash:${id.toString(16).padStart(16, '0')}` as const;
    const entity = { kind: 'scene', id: String(id) } as const;
    await store.observations.put({
      observation: {
        contentId,
        media: 'video',
        sizeBytes: 1,
        durationMs: 1000,
        packId: PACK,
        samplingVersion: 1,
        frameCount: 1,
        observedAt: 1,
        persons: [1, 2].map((n) => ({
          key: n - 1,
          template: axis(n),
          exemplars: [axis(n)],
          faces: [],
          quality: 0.8,
          apartFrom: [],
        })),
      },
      crops: [0, 1].map((personKey) => ({ ...CROP, personKey, rank: 0, timeMs: 0 })),
    });
    await store.observations.link(entity, `Scene ${id}`, [contentId]);
    await store.suggestions.replace(
      entity,
      ANALYZER,
      [1, 2].map((n) => ({
        kind: 'performer-seen',
        entity,
        entityTitle: `Scene ${id}`,
        target: { kind: 'performer', id: String(n) },
        targetName: `Performer ${n}`,
        severity: 'info',
        confidence: 0.9,
        analyzer: ANALYZER,
        analyzerVersion: 1,
        payload: { seen: [{ contentId, personKey: n - 1 }] },
        evidence: {
          timesMs: [],
          faceCount: 1,
          similarity: 1,
          margin: 1,
          referenceId: String(n),
          alternatives: [],
        },
      })),
    );
  }
  await store.close();
}

/** One more scene, in which the first performer is suggested for being like a face that was confirmed. */
async function recogniseByConfirmed(data: string): Promise<void> {
  const store = await openStore({ folder: data });
  const confirmed = (await store.people.pictures('1')).find(({ source }) => source === 'confirmed');
  assert.ok(confirmed);
  const [proposal] = (
    await store.suggestions.list(
      { kind: 'performer-seen', target: { kind: 'performer', id: '1' } },
      'newest',
      1,
      0,
    )
  ).items;
  const observation = await store.observations.get('oshash:0000000000000001', PACK);
  const entity = { kind: 'scene', id: String(SCENES + 1) } as const;
  const contentId = 'oshash:00000000000000ff' as const;
  await store.observations.put({ observation: { ...observation!, contentId }, crops: [] });
  await store.observations.link(entity, 'One more', [contentId]);
  await store.suggestions.replace(entity, ANALYZER, [
    {
      ...proposal!,
      entity,
      payload: { seen: [{ contentId, personKey: 0 }] },
      evidence: { ...proposal!.evidence, referenceId: confirmed.id },
    },
  ]);
  await store.identifications.save(entity, { matcherVersion: '1', persons: [] });
  await store.observations.setMatchedWith(entity, '1');
  await store.close();
}

function axis(n: number): Embedding {
  const vector = new Float32Array(packInUse.dimensions);
  vector[n] = 1;
  return vector as Embedding;
}

const CROP: FaceCrop = {
  jpeg: Uint8Array.of(255, 216, 255, 217),
  width: 3,
  height: 4,
  landmarks: [
    { x: 0, y: 0 },
    { x: 1, y: 0 },
    { x: 2, y: 0 },
    { x: 0, y: 1 },
    { x: 1, y: 1 },
  ],
};
