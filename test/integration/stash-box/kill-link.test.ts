/** "Link stash-box IDs" as Stash starts it, and what becomes of its finds, with real portraits and weights, killed at requests all along the way. */
import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Output } from '../../../core/contract/operations.ts';
import { openStore } from '../../../plugin/store/store.ts';
import { idFor, PORTRAYED } from '../../double/stash-box/portraits.ts';
import { photograph } from '../../fixtures/models.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { openBoxWorld, type BoxWorld } from '../reference-packs/box-world.ts';
import { runPlugin, type Ended, type KillPoint } from '../plugin-process.ts';

/** Of the run at requests to Stash and to the stash-box, of a yes to all, and of its undo. */
const POINTS = { stash: 12, box: 12, accept: 13, undo: 13 };
const SAMPLE = 1;
const CAGE = 'Nicolas Cage';
/** Of those who are asked about together, and of what a process asks first. */
const ASKED_TOGETHER = 4;
const MOMENTS = ['lost', 'late', 'answered'] as const;

let world: BoxWorld;
/** Data folders: people are learnt; all is suggested; all is accepted. */
let folder: string;
const data = (state: 'learnt' | 'suggested' | 'accepted'): string => path.join(folder, state);
/** Performers of Stash before anything was written, and after everything was. */
let untouched: string;
let linked: string;

before(async () => {
  world = await openBoxWorld();
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kill-link-'));
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
  untouched = performers();
  assert.equal((await run('people')).error, null);
  keep('learnt');
});
after(async () => {
  await world.close();
  rmSync(folder, { recursive: true, force: true });
});

test(`the same is suggested after SIGKILL at any of ${POINTS.stash + POINTS.box} requests of the run`, async (t) => {
  let from = questions();
  const whole = await run('link-stash-ids');
  assert.equal(whole.error, null);
  keep('suggested');
  const asked = questions() - from;
  const expected = await stateOf();
  // The ID of "Audrey" was merged there into that of Audrey Hepburn, who is thus nobody else; the other four are found.
  assert.deepEqual(
    expected.suggestions.map((one) => one.split(' ')[0]),
    [...Array<string>(4).fill('performer-stash-id'), 'stash-id-repair'],
  );
  assert.equal(expected.suggestions.filter((one) => one.includes('scenes')).length, 2);
  const points = [
    ...sample(requestPoints(POINTS.stash, whole.requests), SAMPLE),
    ...sample(
      numbers(POINTS.box).map((n) => ({ question: 1 + Math.floor((n * asked) / POINTS.box) })),
      SAMPLE,
    ),
  ];
  for (const point of points) {
    reset('learnt', untouched);
    from = questions();
    const kill = 'question' in point ? atQuestion(point.question) : point;
    const { killed } = await run('link-stash-ids', kill);
    world.box.clearFaults();
    assert.ok(killed, `it had ended before ${JSON.stringify(point)}`);
    assert.equal((await run('link-stash-ids')).error, null);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
    // What was stored is not asked again: at most the five that are asked about together, in four questions.
    assert.ok(questions() - from <= asked + ASKED_TOGETHER, `${questions() - from} questions`);
  }
  t.diagnostic(
    `${points.length} of ${points.length} killed; ${whole.requests} requests to Stash, ${asked} questions`,
  );
});

test(`a yes to all links and corrects the same after SIGKILL at any of ${POINTS.accept} requests`, async (t) => {
  reset('suggested', untouched);
  const whole = await accept();
  keep('accepted');
  linked = performers();
  const expected = await stateOf();
  assert.equal(expected.stashIds.length, 5);
  const points = sample(requestPoints(POINTS.accept, whole.requests), SAMPLE);
  for (const point of points) {
    reset('suggested', untouched);
    assert.ok((await accept(point)).killed, `it had ended before ${JSON.stringify(point)}`);
    await accept();
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
  }
  t.diagnostic(`${points.length} of ${points.length} killed; ${whole.requests} requests to Stash`);
});

test(`an undo puts back every field, also after SIGKILL at any of ${POINTS.undo} requests`, async (t) => {
  reset('accepted', linked);
  const ids = await written();
  assert.equal(ids.length, 5);
  const whole = await undo(ids);
  const expected = await stateOf();
  assert.deepEqual(JSON.parse(performers()), JSON.parse(untouched));
  const points = sample(requestPoints(POINTS.undo, whole.requests), SAMPLE);
  for (const point of points) {
    reset('accepted', linked);
    assert.ok((await undo(ids, point)).killed, `it had ended before ${JSON.stringify(point)}`);
    await undo(ids);
    assert.deepEqual(await stateOf(), expected, `killed at ${JSON.stringify(point)}`);
    assert.deepEqual(JSON.parse(performers()), JSON.parse(untouched));
  }
  t.diagnostic(`${points.length} of ${points.length} killed; ${whole.requests} requests to Stash`);
});

test('two runs at once suggest what one suggests, and ask the stash-box no more', async () => {
  reset('learnt', untouched);
  let from = questions();
  assert.equal((await run('link-stash-ids')).error, null);
  const [expected, asked] = [await stateOf(), questions() - from];
  reset('learnt', untouched);
  from = questions();
  const both = await Promise.all([run('link-stash-ids'), run('link-stash-ids')]);
  assert.deepEqual(
    both.map(({ error }) => error),
    [null, null],
  );
  assert.deepEqual(await stateOf(), expected);
  // Under load the one that waits may take the other for dead, and goes on where it was.
  assert.ok(questions() - from <= asked + ASKED_TOGETHER, `${questions() - from} questions`);
});

/** Spread over all requests but the last tenth, whose number may differ. */
function requestPoints(count: number, requests: number): KillPoint[] {
  return numbers(count).map((n) => ({
    request: 1 + Math.floor((n * 0.9 * requests) / count),
    moment: MOMENTS[n % MOMENTS.length]!,
    thenMs: 0,
  }));
}

/** Before the stash-box answers its n-th question of this process. */
function atQuestion(n: number): KillPoint {
  return {
    by(kill) {
      let count = 0;
      const work = (): void => {
        if (++count === n) kill();
      };
      world.box.addFault({ kind: 'meanwhile', where: 'graphql', work });
    },
  };
}

function keep(state: Parameters<typeof data>[0]): void {
  cpSync(path.join(world.configDir, 'stash-sense'), data(state), { recursive: true });
}

function reset(state: Parameters<typeof data>[0], rows: string): void {
  world.forget();
  cpSync(data(state), path.join(world.configDir, 'stash-sense'), { recursive: true });
  for (const row of JSON.parse(rows) as { id: string }[])
    Object.assign(world.stash.library.performers.get(row.id)!, row);
}

/** Every field that Stash has of them but when they were changed. */
function performers(): string {
  const rows = world.stash.library.performers.all().map((row) => ({
    ...row,
    image: undefined,
    updatedAt: undefined,
    stashIds: row.stashIds.map(({ endpoint, stash_id }) => ({ endpoint, stash_id, updatedAt: 0 })),
  }));
  return JSON.stringify(rows);
}

function questions(): number {
  return world.box.requests.filter(({ kind }) => kind === 'graphql').length;
}

async function stateOf(): Promise<{
  suggestions: string[];
  stashIds: string[];
  journal: string[];
  running: number;
}> {
  const store = await openStore({ folder: path.join(world.configDir, 'stash-sense') });
  try {
    const { items } = await store.suggestions.list({}, 'confidence', 100, 0);
    const journal = (await store.journal.list({}, 100, 0)).items;
    return {
      suggestions: items
        .map(({ kind, key, state, confidence, evidence }) =>
          [
            kind,
            key,
            state,
            confidence.toFixed(3),
            ...('signs' in evidence ? [evidence.isStrong, ...evidence.signs.map(({ sign }) => sign)] : []),
          ].join(' '),
        )
        .toSorted(),
      stashIds: world.stash.library.performers
        .all()
        .flatMap(({ id, stashIds }) =>
          stashIds.map(({ endpoint, stash_id }) => `${id} ${endpoint} ${stash_id}`),
        )
        .toSorted(),
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
    return (await store.journal.list({}, 100, 0)).items.flatMap(({ id, state }) =>
      state === 'written' ? [id] : [],
    );
  } finally {
    await store.close();
  }
}

async function accept(kill: KillPoint | null = null): Promise<Ended> {
  const input = { all: { state: 'open', minConfidence: 0.5 } };
  const ended = await start({ mode: 'suggestions.accept', input }, kill);
  if (!ended.killed) assert.deepEqual((ended.output as Output<'suggestions.accept'>).refused, []);
  return ended;
}

async function undo(ids: readonly string[], kill: KillPoint | null = null): Promise<Ended> {
  const ended = await start({ mode: 'journal.undo', input: { ids } }, kill);
  if (!ended.killed) assert.deepEqual((ended.output as Output<'journal.undo'>).refused, []);
  return ended;
}

async function run(mode: 'people' | 'link-stash-ids', kill: KillPoint | null = null): Promise<Ended> {
  return await start({ mode }, kill);
}

async function start(args: Readonly<Record<string, unknown>>, kill: KillPoint | null): Promise<Ended> {
  return await runPlugin({ stashUrl: world.stash.url, configDir: world.configDir }, args, kill);
}
