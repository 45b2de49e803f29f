/** "Link scenes to stash-boxes" as Stash starts it, and what is taken over of its finds, killed at requests all along the way. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Change } from '../../../core/changes/change.ts';
import type { Output } from '../../../core/contract/operations.ts';
import { openStore } from '../../../plugin/store/store.ts';
import type { NamedRow, PerformerRow, SceneRow, Table } from '../../double/library/data.ts';
import { idFor } from '../../double/stash-box/portraits.ts';
import { photograph } from '../../fixtures/models.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { openBoxWorld, type BoxWorld } from '../reference-packs/box-world.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';

/** Of the run, of a yes that takes all over, and of its undo. */
const POINTS = { run: 14, accept: 20, undo: 16 };
const SAMPLE = 2;
const MOMENTS = ['lost', 'late', 'answered'] as const;
/** More than are asked about at once. */
const SCENES = 45;
const FOUND = 42;

let world: BoxWorld;
let folder: string;
type State = 'empty' | 'suggested' | 'accepted';
const data = (state: State): string => path.join(folder, state);
/** All rows of Stash before anything was written, and after everything was. */
let untouched: Rows;
let taken: Rows;

before(async () => {
  world = await openBoxWorld();
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-scenes-'));
  const { library } = world.stash;
  for (const n of numbers(SCENES)) {
    const value = (n + 1).toString(16).padStart(16, '0');
    const fingerprints = [
      { type: 'oshash', value },
      { type: 'phash', value: value.replace(/^0/, 'f') },
    ];
    const file = library.addFile({ kind: 'video', path: `/nowhere/${n}.mp4`, duration: 60, fingerprints });
    library.addScene({ title: `Mine ${n}`, fileIds: [file.id], cover: photograph('icon_angry.png') });
  }
  const box = world.box.data;
  const above = box.addStudio({ id: idFor('network'), name: 'A network' });
  const studio = box.addStudio({ id: idFor('reels'), name: 'Reels', parentId: above.id });
  const tag = box.addTag({ id: idFor('engine'), name: 'Engine' });
  box.addScene({
    id: idFor('found'),
    title: 'Theirs',
    details: 'One line\nand another',
    release_date: '2021-03-04',
    imageIds: [...box.performers.values()][0]!.imageIds.slice(0, 1),
    studioId: studio.id,
    tagIds: [tag.id],
    performers: [...box.performers.values()].slice(0, 2).map(({ id }) => ({ id, as: null })),
    fingerprints: [
      {
        algorithm: 'OSHASH',
        hash: FOUND.toString(16).padStart(16, '0'),
        duration: 60,
        submissions: 3,
        reports: 0,
      },
    ],
  });
  untouched = rows();
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test(`the same scenes are suggested after SIGKILL at any of ${POINTS.run} requests of the run`, async (t) => {
  const whole = await start({ mode: 'link-scenes' }, null);
  assert.equal(whole.error, null);
  keep('suggested');
  const expected = await stateOf();
  assert.equal(expected.suggestions.length, 1);
  const points = sample(requestPoints(POINTS.run, whole.requests), SAMPLE);
  for (const point of points) {
    reset('empty', untouched);
    assert.ok(
      (await start({ mode: 'link-scenes' }, point)).killed,
      `it had ended before ${JSON.stringify(point)}`,
    );
    assert.equal((await start({ mode: 'link-scenes' }, null)).error, null);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
  }
  t.diagnostic(`${points.length} killed; ${whole.requests} requests`);
});

test(`a yes makes and takes over the same after SIGKILL at any of ${POINTS.accept} requests`, async (t) => {
  reset('suggested', untouched);
  const accepting = await allTicked();
  const whole = await accept(accepting);
  keep('accepted');
  taken = rows();
  const expected = await stateOf();
  assert.deepEqual(
    [expected.scene.title, expected.scene.studio, expected.scene.tags, expected.scene.performers.length],
    ['Theirs', 'Reels < A network', ['Engine'], 2],
  );
  const points = sample(requestPoints(POINTS.accept, whole.requests), SAMPLE);
  for (const point of points) {
    reset('suggested', untouched);
    assert.ok((await accept(accepting, point)).killed, `it had ended before ${JSON.stringify(point)}`);
    await accept(accepting);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
  }
  t.diagnostic(`${points.length} killed; ${whole.requests} requests`);
});

test(`an undo leaves nothing of it, also after SIGKILL at any of ${POINTS.undo} requests`, async (t) => {
  reset('accepted', taken);
  const ids = await writtenOfScene();
  const whole = await undo(ids);
  const expected = await stateOf();
  const wanted = plain(untouched);
  assert.deepEqual(plain(rows()), wanted);
  const points = sample(requestPoints(POINTS.undo, whole.requests), SAMPLE);
  for (const point of points) {
    reset('accepted', taken);
    assert.ok((await undo(ids, point)).killed, `it had ended before ${JSON.stringify(point)}`);
    await undo(ids);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
    assert.deepEqual(plain(rows()), wanted);
  }
  t.diagnostic(`${points.length} killed; ${whole.requests} requests`);
});

type Rows = { scenes: SceneRow[]; performers: PerformerRow[]; tags: NamedRow[]; studios: NamedRow[] };

function rows(): Rows {
  const { scenes, performers, tags, studios } = world.stash.library;
  return structuredClone({
    scenes: scenes.all(),
    performers: performers.all(),
    tags: tags.all(),
    studios: studios.all(),
  });
}

/** Without when they were changed. */
function plain(all: Rows): unknown {
  return Object.values(all).map((some) =>
    some.map((row) => ({ ...row, updatedAt: 0, stashIds: idsOf(row) })),
  );
}

function idsOf({ stashIds }: Pick<SceneRow, 'stashIds'>): string[] {
  return stashIds.map(({ endpoint, stash_id }) => `${endpoint} ${stash_id}`);
}

function requestPoints(count: number, requests: number): KillPoint[] {
  return numbers(count).map((n) => ({
    request: 1 + Math.floor((n * 0.9 * requests) / count),
    moment: MOMENTS[n % MOMENTS.length]!,
    thenMs: 0,
  }));
}

function keep(state: State): void {
  cpSync(path.join(world.configDir, 'stash-sense'), data(state), { recursive: true });
}

function reset(state: State, stored: Rows): void {
  world.forget();
  if (state !== 'empty') cpSync(data(state), path.join(world.configDir, 'stash-sense'), { recursive: true });
  const { library } = world.stash;
  restore(library.scenes, stored.scenes);
  restore(library.performers, stored.performers);
  restore(library.tags, stored.tags);
  restore(library.studios, stored.studios);
}

function restore<Row extends { readonly id: string }>(table: Table<Row>, wanted: readonly Row[]): void {
  for (const { id } of table.all()) table.delete(id);
  for (const row of structuredClone(wanted)) table.insert(row);
}

/** By names, since what is made again has other ids. */
async function stateOf() {
  const { library } = world.stash;
  const nameOf = (id: string): string | undefined => library.studios.get(id)?.name;
  const scene = library.scenes.get(await foundId())!;
  const studio = scene.studioId === null ? undefined : library.studios.get(scene.studioId);
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  try {
    const { items } = await store.suggestions.list({}, 'confidence', 100, 0);
    const journal = (await store.journal.list({}, 100, 0)).items;
    return {
      suggestions: items.map(({ kind, key, state }) => `${kind} ${key} ${state}`).toSorted(),
      scene: {
        title: scene.title,
        details: scene.details,
        date: scene.date,
        studio: studio && [studio.name, ...studio.parentIds.map(nameOf)].join(' < '),
        tags: scene.tagIds.map((id) => library.tags.get(id)?.name),
        performers: scene.performerIds.map((id) => library.performers.get(id)?.name),
        stashIds: idsOf(scene),
        cover: createHash('sha256').update(scene.cover!).digest('hex'),
      },
      studios: library.studios.all().map(({ name }) => name),
      tags: library.tags.all().map(({ name }) => name),
      performers: library.performers.all().map(({ name }) => name),
      journal: journal
        .filter(({ state }) => state !== 'void')
        .map(({ state, entityTitle, changes }) => `${state} ${entityTitle} ${fieldsOf(changes)}`)
        .toSorted(),
      running: (await store.runs.running()).length,
    };
  } finally {
    await store.close();
  }
}

/** What was made before it was killed is added beside what was there, not by a change of its own, and in another order. */
function fieldsOf(changes: readonly Change[]): string {
  const named = changes.map((change) => ('field' in change ? `${change.op} ${change.field}` : change.op));
  return [...new Set(named)].toSorted().join();
}

async function foundId(): Promise<string> {
  const hash = FOUND.toString(16).padStart(16, '0');
  const { files, scenes } = world.stash.library;
  return scenes
    .all()
    .find(({ fileIds: [id = ''] }) => files.get(id)?.fingerprints.some(({ value }) => value === hash))!.id;
}

type Accepting = { readonly ids: string[]; readonly choices: Record<string, unknown> };

/** All that is offered of the one scene that was found. */
async function allTicked(): Promise<Accepting> {
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  const filter = { kind: 'scene-stash-id', state: 'open' } as const;
  const [found] = (await store.suggestions.list(filter, 'newest', 1, 0)).items;
  await store.close();
  const { id, entity, payload } = found!;
  const input = { sceneId: entity.id, stashId: payload.stashId };
  const { output } = await start({ mode: 'sceneBoxes.profile', input }, null);
  const { offers } = output as Output<'sceneBoxes.profile'>;
  const take = Object.fromEntries(offers.map(({ key, revision }) => [key, revision]));
  return { ids: [id], choices: { [id]: { take } } };
}

async function accept(accepting: Accepting, kill: KillPoint | null = null): Promise<Ended> {
  const ended = await start({ mode: 'suggestions.accept', input: { ...accepting, dryRun: false } }, kill);
  if (!ended.killed) assert.deepEqual((ended.output as Output<'suggestions.accept'>).refused, []);
  return ended;
}

async function writtenOfScene(): Promise<string[]> {
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  try {
    const { items } = await store.journal.list({ state: 'written' }, 100, 0);
    return items.flatMap(({ id, entity }) => (entity.kind === 'scene' ? [id] : []));
  } finally {
    await store.close();
  }
}

async function undo(ids: readonly string[], kill: KillPoint | null = null): Promise<Ended> {
  const ended = await start({ mode: 'journal.undo', input: { ids } }, kill);
  if (!ended.killed) assert.deepEqual((ended.output as Output<'journal.undo'>).refused, []);
  return ended;
}

async function start(args: Readonly<Record<string, unknown>>, kill: KillPoint | null): Promise<Ended> {
  return await runPlugin({ stashUrl: world.stash.url, configDir: world.configDir }, args, kill);
}
