/** Writes and undos of every field that is built, killed at each request they make: the next one finds out and goes on. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test, type TestContext } from 'node:test';
import type { FieldChange, FieldValue, FieldValues } from '../../core/changes/change.ts';
import { builtCells, type Field } from '../../core/changes/fields.ts';
import type { StashKind, StashRef } from '../../core/stash-ref.ts';
import { openStore } from '../../plugin/store/store.ts';
import { holding, samplesOf, STASH_IDS } from '../fixtures/changes/samples.ts';
import { openChangeWorld, type ChangeWorld } from '../fixtures/changes/world.ts';
import { sample } from '../fixtures/sweep.ts';
import type { ChildWork } from './change-child.ts';
import { runOnLine, type KillPoint } from './plugin-process.ts';
import { bundleChild } from './store-bundle.ts';

const SAMPLE = 5;
/** At least so many requests a write or undo makes. */
const REQUESTS = [1, 2, 3];
const MOMENTS = ['lost', 'late', 'answered'] as const;

type Point = {
  readonly kind: StashKind;
  readonly name: string;
  /** Null: the object itself is made. */
  readonly field: Field | null;
  readonly work: 'make' | 'undo';
  readonly kill: KillPoint;
};

let folder: string;
let world: ChangeWorld;
let child: string;
let count = 0;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-changes-'));
  world = await openChangeWorld(path.join(folder, 'config'));
  child = await bundleChild('change-child.ts', folder);
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

const cells: readonly Omit<Point, 'work' | 'kill'>[] = [
  ...builtCells(),
  ...(['performer', 'studio', 'tag'] as const).map((kind) => ({ kind, name: 'created', field: null })),
];
const all = cells.flatMap((cell) => pointsOf(REQUESTS).map((point): Point => ({ ...cell, ...point })));

test(`a change of each of ${cells.length} fields ends the same after SIGKILL at any of ${all.length} points`, async (t) => {
  await killEach(t, sample(all, SAMPLE), killAny, 0.9);
});

const TAGGING_REQUESTS = [1, 2, 3, 4, 5, 6, 7, 8];

test('a new tag put on a scene is made once, and its undo ends the same, after SIGKILL at any request', async (t) => {
  await killEach(t, sample(pointsOf(TAGGING_REQUESTS), SAMPLE), killTagging, 0.7);
});

/** At least so many requests the work with somebody of a reference pack makes: looked for, made, and added. */
const PACK_PERSON_REQUESTS = [1, 2, 3, 4, 5, 6, 7, 8];

test('somebody of a reference pack is made once and added, and the undo ends the same, after SIGKILL at any request', async (t) => {
  await killEach(t, sample(pointsOf(PACK_PERSON_REQUESTS), SAMPLE), killPackPerson, 0.7);
});

function pointsOf(requests: readonly number[]): Pick<Point, 'work' | 'kill'>[] {
  return (['make', 'undo'] as const).flatMap((work) =>
    requests.flatMap((request) => MOMENTS.map((moment) => ({ work, kill: { request, moment, thenMs: 0 } }))),
  );
}

/** @returns whether it was killed */
function killAny(point: Point): Promise<boolean> {
  return point.field === null ? killCreation(point) : killChange(point, point.field);
}

/** Two at a time. @param least share of the points at which the work had not ended */
async function killEach<At>(
  t: TestContext,
  points: At[],
  kill: (point: At) => Promise<boolean>,
  least: number,
): Promise<void> {
  const due = points.length;
  let killed = 0;
  const next = async (): Promise<void> => {
    for (let point = points.pop(); point; point = points.pop()) if (await kill(point)) killed++;
  };
  await Promise.all([next(), next()]);
  t.diagnostic(`${killed} of ${due} were killed before they had ended`);
  assert.ok(killed >= Math.floor(due * least));
}

/** @returns whether it was killed */
async function killPackPerson({ work, kill }: Pick<Point, 'work' | 'kill'>): Promise<boolean> {
  const { id } = await world.fresh('scene');
  const entity = { kind: 'scene', id } as const;
  const n = ++count;
  const name = `Known ${process.pid} ${n}`;
  const data = path.join(folder, `data-${n}`);
  const add: ChildWork = { packPerson: { entity, n, name } };
  if (work === 'undo') await run(data, add);
  // The last write first, as the undo of a batch does it.
  const due: ChildWork = work === 'make' ? add : { undo: ['2', '1'] };
  const { killed } = await run(data, due, kill);
  await run(data, due);
  const said = `${work} ${JSON.stringify(kill)}`;
  const { found } = await world.ask<{
    found: { performers: { id: string; stash_ids: { stash_id: string }[] }[] };
  }>(
    `query($name: String!) {
      found: findPerformers(performer_filter: { name: { value: $name, modifier: EQUALS } }) {
        performers { id stash_ids { stash_id } }
      }
    }`,
    { name },
  );
  const { performers } = found;
  assert.deepEqual(
    performers.map(({ stash_ids: stashIds }) => stashIds.map((one) => one.stash_id)),
    work === 'make' ? [[`box-${n}`]] : [],
    said,
  );
  assert.deepEqual(
    (await world.read(entity)).values['performers'],
    performers.map((performer) => performer.id),
    said,
  );
  const state = work === 'make' ? 'written' : 'undone';
  assert.deepEqual(
    (await journalOf(data)).map((entry) => [entry.state, entry.changes[0]?.op]),
    [
      [state, 'add'],
      [state, 'create'],
    ],
    said,
  );
  return killed;
}

/** @returns whether it was killed */
async function killTagging({ work, kill }: Pick<Point, 'work' | 'kill'>): Promise<boolean> {
  const entity = await world.fresh('scene');
  const name = `Tagged ${process.pid} ${++count}`;
  const data = path.join(folder, `data-${count}`);
  const tag: ChildWork = { tag: { entity, name } };
  if (work === 'undo') await run(data, tag);
  // The last write first, as the undo of a batch does it.
  const due: ChildWork = work === 'make' ? tag : { undo: ['2', '1'] };
  const { killed } = await run(data, due, kill);
  await run(data, due);
  const said = `${work} ${JSON.stringify(kill)}`;
  const { found } = await world.ask<{ found: { tags: { id: string }[] } }>(
    `query($name: String!) { found: findTags(tag_filter: { name: { value: $name, modifier: EQUALS } }) { tags { id } } }`,
    { name },
  );
  const ids = found.tags.map(({ id }) => id);
  assert.equal(ids.length, work === 'make' ? 1 : 0, said);
  assert.deepEqual((await world.read(entity)).values['tags'], ids, said);
  const state = work === 'make' ? 'written' : 'undone';
  assert.deepEqual(
    (await journalOf(data)).map((entry) => [entry.state, entry.changes[0]?.op]),
    [
      [state, 'add'],
      [state, 'create'],
    ],
    said,
  );
  return killed;
}

/** @returns whether it was killed */
async function killChange({ kind, name, work, kill }: Point, field: Field): Promise<boolean> {
  const samples = samplesOf(name, field, world.ids);
  const entity = await world.fresh(kind);
  const start = holding(samples, 0);
  await world.set(entity, { [name]: start });
  const [change, written] = changeOf(entity, name, samples);
  const make: ChildWork = { make: { entity, changes: [change] } };
  const data = path.join(folder, `data-${++count}`);
  if (work === 'undo') await run(data, make);
  const due = work === 'make' ? make : { undo: ['1'] };
  const { killed } = await run(data, due, kill);
  await run(data, due);
  const said = `${kind}.${name} ${work} ${JSON.stringify(kill)}`;
  const now = (await world.read(entity)).values[name];
  assert.deepEqual(sorted(now), sorted(work === 'make' ? written : start), said);
  assert.deepEqual(
    await journalOf(data),
    [{ state: work === 'make' ? 'written' : 'undone', changes: [change] }],
    said,
  );
  return killed;
}

async function killCreation({ kind, work, kill }: Point): Promise<boolean> {
  if (kind !== 'performer' && kind !== 'studio' && kind !== 'tag') throw new Error(`no ${kind} is made`);
  const values: FieldValues = {
    name: `Made ${process.pid} ${++count}`,
    stashIds: [STASH_IDS[0]],
  };
  const create: ChildWork = { create: { kind, values } };
  const data = path.join(folder, `data-${count}`);
  if (work === 'undo') await run(data, create);
  const due = work === 'make' ? create : { undo: ['1'] };
  const { killed } = await run(data, due, kill);
  await run(data, due);
  const said = `${kind} ${work} ${JSON.stringify(kill)}`;
  const id = await world.stash.library.findNamed(kind, values);
  assert.equal(id === null, work === 'undo', said);
  const [entry, ...more] = await journalOf(data);
  assert.equal(entry?.state, work === 'make' ? 'written' : 'undone', said);
  const [made] = entry.changes;
  assert.deepEqual({ ...made, id: null }, { op: 'create', kind, values, id: null }, said);
  assert.deepEqual(more, [], said);
  if (id !== null) assert.equal(made?.op === 'create' && made.id, id, said);
  return killed;
}

function changeOf(
  entity: StashRef,
  field: string,
  samples: ReturnType<typeof samplesOf>,
): [FieldChange, FieldValue] {
  const [first, second] = samples.values;
  return samples.shape === 'list'
    ? [{ op: 'add', entity, field, values: [samples.values[1]] }, holding(samples, 0, 1)]
    : [{ op: 'set', entity, field, before: first as never, after: second as never }, second as FieldValue];
}

async function run(
  data: string,
  work: ChildWork,
  kill: KillPoint | null = null,
): Promise<{ killed: boolean }> {
  const ended = await runOnLine(world.url, kill, (url) =>
    spawn(process.execPath, ['--no-warnings', child, url, data, JSON.stringify(work)], {
      stdio: ['pipe', 'pipe', 'pipe'],
    }),
  );
  if (kill === null) assert.equal(ended.stderr, '');
  return ended;
}

/** What was planned and never done is void; how often that happened depends on the kill. */
async function journalOf(data: string) {
  const store = await openStore({ folder: data });
  try {
    const { items } = await store.journal.list({}, 100, 0);
    return items.filter(({ state }) => state !== 'void').map(({ state, changes }) => ({ state, changes }));
  } finally {
    await store.close();
  }
}

function sorted(value: FieldValue | undefined): unknown {
  return Array.isArray(value) ? value.map((one) => JSON.stringify(one)).toSorted() : value;
}
