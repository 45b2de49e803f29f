/** Who was found and is somebody else is made a performer with all that the stash-box knows, killed at requests all along the way, and so is the undo. */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Output } from '../../../core/contract/operations.ts';
import { openStore } from '../../../plugin/store/store.ts';
import type { PerformerRow } from '../../double/library/data.ts';
import { idFor } from '../../double/stash-box/portraits.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';
import { openBoxWorld, type BoxWorld } from '../reference-packs/box-world.ts';

const SAMPLE = 2;
const MOMENTS = ['lost', 'late', 'answered'] as const;
const CAGE = 'Nicolas Cage';

let world: BoxWorld;
let folder: string;
let suggestionId: string;
let untouched: readonly PerformerRow[];

type State = 'suggested' | 'made';
const data = (state: State): string => path.join(folder, state);
const ours = (): string => path.join(world.configDir, 'stash-sense');

before(async () => {
  world = await openBoxWorld();
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-create-'));
  const { id } = world.stash.library.addPerformer({ name: 'Nicolas' });
  const entity = { kind: 'performer', id } as const;
  await withStore(async (store) => {
    await store.suggestions.replace(entity, 'test', [
      {
        kind: 'performer-stash-id',
        entity,
        entityTitle: 'Nicolas',
        target: null,
        targetName: '',
        severity: 'info',
        confidence: 0.5,
        payload: { stashId: { endpoint: world.box.endpoint, stashId: idFor(CAGE) } },
        evidence: {
          signs: [],
          isStrong: false,
          name: CAGE,
          disambiguation: '',
          birthDate: null,
          country: null,
          imageId: null,
        },
        analyzer: 'test',
        analyzerVersion: 1,
      },
    ]);
    const { items } = await store.suggestions.list({ entity }, 'newest', 1, 0);
    suggestionId = items[0]!.id;
  });
  untouched = everybody();
  cpSync(ours(), data('suggested'), { recursive: true });
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test('one performer is made, and only one, after SIGKILL at any request', async (t) => {
  const input = { suggestionId, taken: await allTicked() };
  const whole = await create(input);
  cpSync(ours(), data('made'), { recursive: true });
  const expected = await stateOf();
  assert.equal(expected.performers.length, untouched.length + 1);
  assert.deepEqual([expected.suggestion, expected.journal], ['rejected', ['written create']]);
  assert.equal(made().name, CAGE);
  assert.notEqual(made().image, null);
  const points = sample(requestPoints(whole.requests), SAMPLE);
  for (const point of points) {
    reset('suggested', untouched);
    assert.ok((await create(input, point)).killed, `it had ended before ${JSON.stringify(point)}`);
    const { performerId } = (await create(input)).output as Output<'stashIds.create'>;
    assert.equal(performerId, made().id);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
  }
  t.diagnostic(`${points.length} killed; ${whole.requests} requests`);
});

test('an undo leaves nobody of it, also after SIGKILL at any request', async (t) => {
  const input = { suggestionId, taken: await allTicked() };
  reset('suggested', untouched);
  await create(input);
  rmSync(data('made'), { recursive: true, force: true });
  cpSync(ours(), data('made'), { recursive: true });
  const all = everybody();
  const ids = await withStore(async (store) =>
    (await store.journal.list({}, 10, 0)).items.map(({ id }) => id),
  );
  const whole = await undo(ids);
  const expected = await stateOf();
  assert.deepEqual(everybody(), untouched);
  const points = sample(requestPoints(whole.requests), SAMPLE);
  for (const point of points) {
    reset('made', all);
    assert.ok((await undo(ids, point)).killed, `it had ended before ${JSON.stringify(point)}`);
    await undo(ids);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
    assert.deepEqual(everybody(), untouched);
  }
  t.diagnostic(`${points.length} killed; ${whole.requests} requests`);
});

/** Each request at each moment. */
function requestPoints(requests: number): KillPoint[] {
  return numbers(requests).flatMap((n) => MOMENTS.map((moment) => ({ request: n + 1, moment, thenMs: 0 })));
}

async function allTicked(): Promise<Readonly<Record<string, string>>> {
  const stashId = { endpoint: world.box.endpoint, stashId: idFor(CAGE) };
  const [image] = world.box.data.performers.get(idFor(CAGE))!.imageIds;
  const input = { performerId: null, stashId, imageId: image };
  const { output } = await start({ mode: 'stashBoxes.profile', input }, null);
  const { offers } = output as Output<'stashBoxes.profile'>;
  assert.ok(offers.some(({ field }) => field === 'picture'));
  return Object.fromEntries(offers.map(({ field, revision }) => [field, revision]));
}

function everybody(): readonly PerformerRow[] {
  return structuredClone(world.stash.library.performers.all());
}

/** Who was made: the last one. */
function made(): PerformerRow {
  return world.stash.library.performers.all().at(-1)!;
}

function reset(state: State, rows: readonly PerformerRow[]): void {
  world.forget();
  cpSync(data(state), ours(), { recursive: true });
  const { performers } = world.stash.library;
  for (const { id } of performers.all()) performers.delete(id);
  for (const row of structuredClone(rows)) performers.insert(row);
}

/** Without ids and times of who is made, which differ each time. */
async function stateOf() {
  return await withStore(async (store) => ({
    performers: world.stash.library.performers.all().map((row) => ({
      ...row,
      id: untouched.some(({ id }) => id === row.id) ? row.id : null,
      createdAt: 0,
      updatedAt: 0,
      image: row.image && createHash('sha256').update(row.image).digest('hex'),
      stashIds: row.stashIds.map(({ endpoint, stash_id }) => `${endpoint} ${stash_id}`),
    })),
    suggestion: (await store.suggestions.get(suggestionId))?.state,
    // What was planned and never done is void; how often that happened depends on the kill.
    journal: (await store.journal.list({}, 100, 0)).items
      .filter(({ state }) => state !== 'void')
      .map(({ state, changes }) => `${state} ${changes.map(({ op }) => op).join()}`)
      .toSorted(),
    running: (await store.runs.running()).length,
  }));
}

async function withStore<T>(work: (store: Awaited<ReturnType<typeof openStore>>) => Promise<T>): Promise<T> {
  const store = await openStore({ folder: ours() });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

async function create(input: object, kill: KillPoint | null = null): Promise<Ended> {
  const ended = await start({ mode: 'stashIds.create', input }, kill);
  if (!ended.killed) assert.equal((ended.output as Output<'stashIds.create'>).refused, null);
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
