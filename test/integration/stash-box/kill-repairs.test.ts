/** Stash IDs of scenes and performers that are wrong, corrected by a yes and put back by its undo, killed at requests all along the way. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { Output } from '../../../core/contract/operations.ts';
import { openStore } from '../../../plugin/store/store.ts';
import type { StashIdRow } from '../../double/library/data.ts';
import { idFor, PORTRAYED } from '../../double/stash-box/portraits.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';
import { openBoxWorld, type BoxWorld } from '../reference-packs/box-world.ts';

/** Of a yes to all, and of its undo. */
const POINTS = { accept: 25, undo: 25 };
const SAMPLE = 1;
const MOMENTS = ['lost', 'late', 'answered'] as const;

let world: BoxWorld;
let folder: string;
type State = 'suggested' | 'accepted';
const data = (state: State): string => path.join(folder, state);
/** Stash IDs of all before anything was corrected, and after everything was. */
let wrong: Ids;
let right: Ids;

before(async () => {
  world = await openBoxWorld();
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-repairs-'));
  const { data: box, endpoint } = world.box;
  const { library } = world.stash;
  const at = (...ids: string[]): StashIdRow[] => [
    ...ids.map((id) => ({ endpoint, stash_id: id, updatedAt: 1_700_000_000_000 })),
    { endpoint: 'https://elsewhere.example/graphql', stash_id: 'kept', updatedAt: 1_700_000_000_000 },
  ];
  const [, sean, cage] = PORTRAYED.map(({ name }) => idFor(name));
  const gone = box.addPerformer({ name: 'Somebody' });
  box.destroy(gone.id);
  library.addPerformer({ name: 'In capitals', stashIds: at(sean!.toUpperCase()) });
  library.addPerformer({ name: 'Deleted', stashIds: at(gone.id) });
  library.addPerformer({ name: 'Right, and no ID', stashIds: at(cage!, 'notes') });

  const scene = (n: number): string => box.addScene({ id: idFor(`scene ${n}`), title: `Theirs ${n}` }).id;
  box.mergeScenes([scene(1)], scene(2));
  box.destroyScene(scene(3));
  library.addScene({ title: 'Merged', fileIds: [], stashIds: at(idFor('scene 1')) });
  library.addScene({ title: 'Deleted', fileIds: [], stashIds: at(idFor('scene 3')) });
  library.addScene({ title: 'In capitals', fileIds: [], stashIds: at(scene(4).toUpperCase()) });
  library.addScene({ title: 'No ID', fileIds: [], stashIds: at('notes') });
  // Two scenes have one ID, and the fingerprints say of the second that it is another one.
  for (const n of [5, 6]) {
    const hash = n.toString(16).padStart(16, '0');
    const hit = { algorithm: 'OSHASH' as const, hash, duration: 60, submissions: 3, reports: 0 };
    box.addScene({ id: idFor(`scene ${n}`), title: `Theirs ${n}`, fingerprints: [hit] });
    const fingerprints = [{ type: 'oshash', value: hash }];
    const file = library.addFile({ kind: 'video', path: `/nowhere/${n}.mp4`, duration: 60, fingerprints });
    library.addScene({ title: `Mine ${n}`, fileIds: [file.id], stashIds: at(idFor('scene 5')) });
  }
  wrong = idsOfAll();
  for (const mode of ['link-stash-ids', 'link-scenes'])
    assert.equal((await start({ mode }, null)).error, null);
  keep('suggested');
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test(`a yes to all corrects the same after SIGKILL at any of ${POINTS.accept} requests`, async (t) => {
  const whole = await accept();
  keep('accepted');
  right = idsOfAll();
  const expected = await stateOf();
  assert.deepEqual(
    expected.suggestions.map((one) => [one.split(' ')[0], one.split(' ').at(-1)]),
    [
      ...numbers(5).map(() => ['scene-id-repair', 'accepted']),
      ...numbers(4).map(() => ['stash-id-repair', 'accepted']),
    ],
  );
  await killed(t, requestPoints(POINTS.accept, whole.requests), async (point) => {
    reset('suggested', wrong);
    assert.ok((await accept(point)).killed, `it had ended before ${JSON.stringify(point)}`);
    await accept();
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
    assert.deepEqual(plain(idsOfAll()), plain(right));
  });
});

test(`an undo puts every wrong ID back, also after SIGKILL at any of ${POINTS.undo} requests`, async (t) => {
  reset('accepted', right);
  const ids = await written();
  assert.equal(ids.length, 9);
  const whole = await undo(ids);
  const expected = await stateOf();
  assert.deepEqual(plain(idsOfAll()), plain(wrong));
  await killed(t, requestPoints(POINTS.undo, whole.requests), async (point) => {
    reset('accepted', right);
    assert.ok((await undo(ids, point)).killed, `it had ended before ${JSON.stringify(point)}`);
    await undo(ids);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
    assert.deepEqual(plain(idsOfAll()), plain(wrong));
  });
});

async function killed(
  t: TestContext,
  points: readonly KillPoint[],
  check: (point: KillPoint) => Promise<void>,
): Promise<void> {
  const chosen = sample(points, SAMPLE);
  for (const point of chosen) await check(point);
  t.diagnostic(`${chosen.length} of ${chosen.length} killed`);
}

/** Spread over all requests but the last tenth, whose number may differ. */
function requestPoints(count: number, requests: number): KillPoint[] {
  return numbers(count).map((n) => ({
    request: 1 + Math.floor((n * 0.9 * requests) / count),
    moment: MOMENTS[n % MOMENTS.length]!,
    thenMs: 0,
  }));
}

type Ids = { readonly scenes: Map<string, StashIdRow[]>; readonly performers: Map<string, StashIdRow[]> };

function idsOfAll(): Ids {
  const { scenes, performers } = world.stash.library;
  return { scenes: idsById(scenes.all()), performers: idsById(performers.all()) };
}

function idsById(rows: readonly { id: string; stashIds: StashIdRow[] }[]): Map<string, StashIdRow[]> {
  return new Map(rows.map(({ id, stashIds }) => [id, structuredClone(stashIds)]));
}

/** Without their order and when they were changed. */
function plain({ scenes, performers }: Ids): unknown {
  return [scenes, performers].map((of) =>
    Array.from(of, ([id, all]) => [
      id,
      all.map(({ endpoint, stash_id }) => `${endpoint} ${stash_id}`).toSorted(),
    ]),
  );
}

function keep(state: State): void {
  cpSync(path.join(world.configDir, 'stash-sense'), data(state), { recursive: true });
}

function reset(state: State, ids: Ids): void {
  world.forget();
  cpSync(data(state), path.join(world.configDir, 'stash-sense'), { recursive: true });
  const { scenes, performers } = world.stash.library;
  for (const [id, all] of ids.scenes) scenes.get(id)!.stashIds = structuredClone(all);
  for (const [id, all] of ids.performers) performers.get(id)!.stashIds = structuredClone(all);
}

async function stateOf() {
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  try {
    const { items } = await store.suggestions.list({}, 'confidence', 100, 0);
    const journal = (await store.journal.list({}, 100, 0)).items;
    return {
      suggestions: items.map(({ kind, key, state }) => `${kind} ${key} ${state}`).toSorted(),
      // What was planned and never done is void; how often that happened depends on the kill.
      journal: journal
        .filter(({ state }) => state !== 'void')
        .map(({ state, entity, changes }) => JSON.stringify({ state, entity, changes }))
        .toSorted(),
      running: (await store.runs.running()).length,
    };
  } finally {
    await store.close();
  }
}

async function written(): Promise<string[]> {
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  try {
    return (await store.journal.list({ state: 'written' }, 100, 0)).items.map(({ id }) => id);
  } finally {
    await store.close();
  }
}

async function idsOfOpen(): Promise<string[]> {
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  try {
    return (await store.suggestions.list({ state: 'open' }, 'confidence', 100, 0)).items.map(({ id }) => id);
  } finally {
    await store.close();
  }
}

/** Of each by its id: one that only takes an ID off is not accepted together with others. */
async function accept(kill: KillPoint | null = null): Promise<Ended> {
  const ids = await idsOfOpen();
  const ended = await start({ mode: 'suggestions.accept', input: { ids, choices: {}, dryRun: false } }, kill);
  assert.equal(ended.error, null);
  if (!ended.killed) assert.deepEqual((ended.output as Output<'suggestions.accept'>).refused, []);
  return ended;
}

async function undo(ids: readonly string[], kill: KillPoint | null = null): Promise<Ended> {
  const ended = await start({ mode: 'journal.undo', input: { ids } }, kill);
  if (!ended.killed) assert.deepEqual((ended.output as Output<'journal.undo'>).refused, []);
  return ended;
}

async function start(args: Readonly<Record<string, unknown>>, kill: KillPoint | null): Promise<Ended> {
  return await runPlugin({ stashUrl: world.stash.url, configDir: world.configDir }, args, kill);
}
