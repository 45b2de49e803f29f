/** Schedules of tasks: what is due, what keeps it waiting, and what the page sets. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import { inEnglish } from '../../core/messages/english.ts';
import type { StashJob } from '../../core/ports/library.ts';
import { runOperation } from '../../tasks/compose/dispatch.ts';
import { runBegins, startDue } from '../../tasks/schedule/due.ts';
import { readPlan } from '../../tasks/schedule/plan.ts';
import { waitsFor } from '../../tasks/schedule/waiting.ts';
import { FAST, fakeContext, type FakeContext } from '../fakes/context.ts';
import { memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';

const at = (text: string): number => new Date(text).getTime();

const job = (description: string): StashJob => ({
  id: '1',
  status: 'RUNNING',
  description,
  addedAt: '2026-01-11T03:00:00Z',
});
const yes = (): Promise<boolean> => Promise.resolve(true);

type World = { context: FakeContext; stash: MemoryStash; clock: { at: number }; names: () => string[] };

/** The plan as the page sets it, on a clock that the test turns. */
async function scheduled(t: TestContext, changes: Record<string, unknown>): Promise<World> {
  const stash = memoryStash();
  const clock = { at: at('2026-01-10T12:00:00') };
  const context = await fakeContext(t, stash, {
    now: () => clock.at,
    limits: { ...FAST, leaseMs: 60_000 },
  });
  const { problems } = (await runOperation(context, 'schedule.set', changes)) as Output<'schedule.set'>;
  assert.deepEqual(problems, []);
  return { context, stash, clock, names: () => stash.started.map(({ name }) => name) };
}

test('every task has a schedule of its own, and a time that passed is caught up once', async (t) => {
  const { context, clock, names } = await scheduled(t, {
    expressions: { people: '0 4 * * *', 'link-stash-ids': '0 5 * * 1', 'link-scenes': '0 */6 * * *' },
  });
  await startDue(context);
  assert.deepEqual(names(), []);
  clock.at = at('2026-01-10T18:00:00');
  await startDue(context);
  assert.deepEqual(names(), ['Link scenes to stash-boxes']);
  // Three nights and a Monday later.
  clock.at = at('2026-01-13T09:00:00');
  await startDue(context);
  await startDue(context);
  assert.deepEqual(names().slice(1), ['Update people', 'Link stash-box IDs', 'Link scenes to stash-boxes']);
  const { tasks } = (await runOperation(context, 'schedule.get', {})) as Output<'schedule.get'>;
  assert.deepEqual(
    tasks.map(({ task, next }) => [task, next?.at ?? null]),
    [
      ['scan', null],
      ['people', at('2026-01-14T04:00:00')],
      ['health', null],
      ['link-stash-ids', at('2026-01-19T05:00:00')],
      ['link-scenes', at('2026-01-13T12:00:00')],
    ],
  );
});

test('quiet hours put off what is due to their end', async (t) => {
  const { context, clock, names } = await scheduled(t, {
    expressions: { people: '0 4 * * *' },
    quietHours: { from: 22 * 60, to: 7 * 60 },
  });
  clock.at = at('2026-01-11T04:00:00');
  const [, people] = await startDue(context);
  assert.deepEqual([people?.due, people?.waitsFor], [true, 'quiet']);
  const { tasks } = (await runOperation(context, 'schedule.get', {})) as Output<'schedule.get'>;
  assert.equal(tasks[1]?.next?.at, at('2026-01-11T07:00:00'));
  clock.at = at('2026-01-11T06:59:00');
  await startDue(context);
  assert.deepEqual(names(), []);
  clock.at = at('2026-01-11T07:00:00');
  await startDue(context);
  assert.deepEqual(names(), ['Update people']);
});

test('a busy queue is waited for where it is set, and jobs of ours are no such', async (t) => {
  const { context, stash, clock, names } = await scheduled(t, {
    expressions: { people: '0 4 * * *' },
    waitsForQueue: true,
  });
  clock.at = at('2026-01-11T04:00:00');
  stash.jobs.push(job('Scanning...'));
  const [, people] = await startDue(context);
  assert.equal(people?.waitsFor, 'queue');
  assert.deepEqual(names(), []);
  stash.jobs.splice(0, 1, job('Running plugin task: Scan library'));
  await startDue(context);
  assert.deepEqual(names(), ['Update people']);
});

test('without that rule what is due stands at the end of the queue', async (t) => {
  const { context, stash, clock, names } = await scheduled(t, { expressions: { people: '0 4 * * *' } });
  stash.jobs.push({ id: '1', status: 'RUNNING', description: 'Scanning...', addedAt: 'then' });
  clock.at = at('2026-01-11T04:00:00');
  await startDue(context);
  assert.deepEqual(names(), ['Update people']);
});

test('who watches in the page is waited for while it says so, and a little longer', async (t) => {
  const { context, clock, names } = await scheduled(t, { expressions: { people: '0 4 * * *' } });
  clock.at = at('2026-01-11T04:00:00');
  assert.deepEqual(await runOperation(context, 'schedule.tellPlaying', {}), { matters: true });
  const [, people] = await startDue(context);
  assert.equal(people?.waitsFor, 'watching');
  clock.at += 6 * 60_000;
  await startDue(context);
  assert.deepEqual(names(), []);
  clock.at += 2 * 60_000;
  await startDue(context);
  assert.deepEqual(names(), ['Update people']);
});

test('a transcode of Stash is somebody who watches, unless the rule is off', async (t) => {
  const { context } = await scheduled(t, { expressions: { people: '0 4 * * *' } });
  const plan = await readPlan(context);
  assert.equal(await waitsFor(context, plan, yes), 'watching');
  assert.equal(await waitsFor(context, { ...plan, waitsForWatching: false }, yes), null);
});

test('where nothing is scheduled it does not matter that a video plays', async (t) => {
  const { context } = await scheduled(t, {});
  assert.deepEqual(await runOperation(context, 'schedule.tellPlaying', {}), { matters: false });
  assert.equal(await context.store.state.get('played-at'), null);
});

test('an expression that is none is told, and nothing is stored', async (t) => {
  const { context } = await scheduled(t, { expressions: { people: '0 4 * * *' } });
  const answer = (await runOperation(context, 'schedule.set', {
    expressions: { people: '0 5 * * *', 'link-scenes': '99 3 * * *' },
    waitsForQueue: true,
  })) as Output<'schedule.set'>;
  assert.equal(answer.problems.length, 1);
  assert.match(inEnglish(answer.problems[0]!), /^Link scenes to stash-boxes: .*"99 3 \* \* \*"/);
  assert.equal(answer.view.tasks[1]?.expression, '0 4 * * *');
  assert.equal(answer.view.waitsForQueue, false);
});

test('the schedule of "Scan library" stays a setting of Stash, and the others stay as they are', async (t) => {
  const { context, stash } = await scheduled(t, { expressions: { people: '0 4 * * *' } });
  const { view } = (await runOperation(context, 'schedule.set', {
    expressions: { scan: '0 3 * * *' },
  })) as Output<'schedule.set'>;
  assert.deepEqual(
    view.tasks.map(({ expression }) => expression),
    ['0 3 * * *', '0 4 * * *', '', '', ''],
  );
  assert.equal((await stash.library.settings())['schedule'], '0 3 * * *');
});

test('the next times are told before anything is stored, with what quiet hours make of them', async (t) => {
  const { context } = await scheduled(t, {});
  const preview = (await runOperation(context, 'schedule.preview', {
    expression: '0 */8 * * *',
    quietHours: { from: 0, to: 6 * 60 },
  })) as Output<'schedule.preview'>;
  assert.deepEqual(
    preview.times.map(({ time, startsAt }) => [time.at, startsAt.at]),
    [
      [at('2026-01-10T16:00:00'), at('2026-01-10T16:00:00')],
      [at('2026-01-11T00:00:00'), at('2026-01-11T06:00:00')],
      [at('2026-01-11T08:00:00'), at('2026-01-11T08:00:00')],
      [at('2026-01-11T16:00:00'), at('2026-01-11T16:00:00')],
      [at('2026-01-12T00:00:00'), at('2026-01-12T06:00:00')],
    ],
  );
  const wrong = await runOperation(context, 'schedule.preview', { expression: 'nightly', quietHours: null });
  const { times, problem } = wrong as Output<'schedule.preview'>;
  assert.deepEqual(times, []);
  assert.match(inEnglish(problem!), /"nightly" is no cron expression/);
});

test('a clock that was set ahead starts what is due once, and one that was set back does not put it off for years', async (t) => {
  const { context, clock, names } = await scheduled(t, { expressions: { people: '0 4 * * *' } });
  clock.at = at('2031-06-01T00:00:00');
  await startDue(context);
  assert.deepEqual(names(), ['Update people']);
  clock.at = at('2026-01-10T12:00:00');
  await startDue(context);
  clock.at = at('2026-01-11T04:00:00');
  await startDue(context);
  assert.deepEqual(names(), ['Update people', 'Update people']);
});

test('new scenes that the scheduler tells of are scanned without a schedule, once, and wait like everything else', async (t) => {
  const { context, clock, names } = await scheduled(t, { quietHours: { from: 22 * 60, to: 7 * 60 } });
  clock.at = at('2026-01-10T23:00:00');
  assert.deepEqual(await runOperation(context, 'schedule.tick', { newScenes: true }), {
    version: '0.0.0',
    nextAskAt: at('2026-01-11T07:00:00'),
  });
  assert.deepEqual(names(), []);
  clock.at = at('2026-01-11T07:00:00');
  const tick = { version: '0.0.0', nextAskAt: null };
  assert.deepEqual(await runOperation(context, 'schedule.tick', {}), tick);
  assert.deepEqual(await runOperation(context, 'schedule.tick', {}), tick);
  assert.deepEqual(names(), ['Scan library']);
  await runOperation(context, 'schedule.set', { scansNew: false });
  await runOperation(context, 'schedule.tick', { newScenes: true });
  assert.equal(names().length, 1);
});

test('a scan for new scenes is logged as one, and not as the time of a schedule that has not come', async (t) => {
  const { context, clock } = await scheduled(t, {});
  const said: string[] = [];
  const log = { ...context.log, info: (line: string) => void said.push(line) };
  const settings = { ...context.settings, schedule: '0 3 * * *' };
  const logged = { ...context, settings, log };
  await runOperation(logged, 'schedule.tick', { newScenes: true });
  assert.match(said.join(), /"Scan library" is to look at new scenes and is in Stash's queue/);
  assert.doesNotMatch(said.join(), /0 3/);
  await context.store.state.delete('new-scenes');
  clock.at = at('2026-01-11T03:00:00');
  await startDue({ ...logged, library: { ...context.library, jobs: () => Promise.resolve([]) } });
  assert.match(said.at(-1) ?? '', /was due \(0 3 \* \* \*\)/);
});

test('one in the foreground is told of until it has not asked for longer than it can wait', async (t) => {
  const { context, clock } = await scheduled(t, {});
  const askedAt = async () =>
    ((await runOperation(context, 'schedule.get', {})) as Output<'schedule.get'>).scheduler.foregroundAskedAt;
  await runOperation(context, 'schedule.tick', {});
  assert.equal(await askedAt(), null);
  await runOperation(context, 'schedule.tick', { isForeground: true });
  const began = clock.at;
  clock.at += 31 * 60_000;
  assert.equal(await askedAt(), began);
  clock.at += 10 * 60_000;
  assert.equal(await askedAt(), null);
});

test('new scenes are scanned once also where the setting of Stash is no schedule', async (t) => {
  const { context, names } = await scheduled(t, {});
  context.settings.schedule = 'nightly';
  await context.store.state.set('new-scenes', true);
  const [scan] = await startDue(context);
  assert.ok(scan?.problem);
  assert.equal(await context.store.state.get('new-scenes'), null);
  await startDue(context);
  assert.deepEqual(names(), ['Scan library']);
});

test('a run whose schedule has become none begins all the same, and what was cut short does not begin for ever', async (t) => {
  const { context, clock, names } = await scheduled(t, {});
  context.settings.schedule = '0 3 * * *';
  await startDue(context);
  clock.at = at('2026-01-11T03:00:00');
  await startDue(context);
  assert.deepEqual(names(), ['Scan library']);
  context.settings.schedule = 'nightly';
  await startDue(context);
  await runBegins(context, 'scan', '1');
  await startDue(context);
  assert.deepEqual(names(), ['Scan library']);
});

test('a scheduler is told when to ask again: at the next time, or soon where something waits', async (t) => {
  const { context, stash, clock } = await scheduled(t, {
    expressions: { people: '0 4 * * *', health: '0 15 * * *' },
    waitsForQueue: true,
  });
  const next = async (): Promise<unknown> =>
    ((await runOperation(context, 'schedule.tick', {})) as Output<'schedule.tick'>).nextAskAt;
  assert.equal(await next(), at('2026-01-10T15:00:00'));
  stash.jobs.push(job('Scanning...'));
  clock.at = at('2026-01-10T15:00:00');
  assert.equal(await next(), at('2026-01-10T15:02:00'));
});

test('the scheduler is started where it is switched on, and whoever cannot hand on a session starts none', async (t) => {
  const stash = memoryStash();
  let starts = 0;
  const context = await fakeContext(t, stash, {
    sleep: () => Promise.resolve(),
    startScheduler() {
      starts++;
      return Promise.resolve();
    },
  });
  await runOperation(context, 'schedule.get', {});
  assert.equal(starts, 0);
  await runOperation(context, 'schedule.background', { on: true });
  await runOperation(context, 'schedule.get', {});
  assert.equal(starts, 2);
  await runOperation({ ...context, startScheduler: null }, 'schedule.get', {});
  await runOperation(context, 'schedule.background', { on: false });
  assert.equal(starts, 2);
});

test('a run that somebody starts counts as the due one only where it does all of the task', async (t) => {
  const { context, clock, names } = await scheduled(t, { expressions: { 'link-stash-ids': '0 4 * * *' } });
  clock.at = at('2026-01-11T04:00:00');
  await runBegins(context, 'link-stash-ids', '1', { performer_ids: ['3'], force: false });
  await runBegins(context, 'link-stash-ids', '2', { performer_ids: undefined, force: false });
  await startDue(context);
  assert.deepEqual(names(), []);
  clock.at = at('2026-01-12T04:00:00');
  await runBegins(context, 'link-stash-ids', '3', { performer_ids: ['3'], force: false });
  await startDue(context);
  assert.deepEqual(names(), ['Link stash-box IDs']);
});
