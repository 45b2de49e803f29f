/** How a run ended whose process could not say so: stopped in Stash's queue, a restart of Stash, a killed process, a full disk. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';
import type { StashJob } from '../../core/ports/library.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { handlers, tasks } from '../../tasks/compose/registry.ts';
import { forEachItem } from '../../tasks/runs/for-each-item.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { recentRuns } from '../../tasks/runs/run-views.ts';
import { settleRuns } from '../../tasks/runs/settle-runs.ts';
import { defineTask, type Limits, type Slice } from '../../tasks/runs/task.ts';
import { runBegins, startDue } from '../../tasks/schedule/due.ts';
import { FAST, fakeContext, type FakeContext } from '../fakes/context.ts';
import { memoryStash, type MemoryStash } from '../fakes/memory-stash.ts';

/** Nobody is taken for dead for being slow. */
const PATIENT: Limits = { ...FAST, leaseMs: 60_000 };
const NAME = 'Running plugin task: Scan library';

for (const [what, ofStash, phase, state, said] of [
  ['was stopped in the queue', { ended: 'CANCELLED' }, 'ended', 'stopped', /^Stopped in Stash's queue\./],
  ['was forgotten by a Stash that was restarted', {}, 'lost', 'running', /^Stash was restarted\. .*"Go on"/],
  [
    'has the id of a job of the next Stash',
    { next: 'FINISHED' },
    'lost',
    'running',
    /^Stash was restarted\./,
  ],
  [
    'waits in the next Stash under the same id',
    { next: 'RUNNING' },
    'lost',
    'running',
    /^Stash was restarted\./,
  ],
  [
    'ended while the process died',
    { ended: 'FINISHED' },
    'lost',
    'running',
    /^Its process ended before it was done/,
  ],
  ['failed', { ended: 'FAILED' }, 'lost', 'running', /^Its process ended before it was done/],
] as const)
  test(`a run whose process is dead and whose job ${what}: that is what is said of it, at once`, async (t) => {
    const { context, stash } = await killed(t);
    if ('ended' in ofStash) stash.endedJobs.push({ ...JOB, status: ofStash.ended });
    if ('next' in ofStash)
      (ofStash.next === 'RUNNING' ? stash.jobs : stash.endedJobs).push({
        ...JOB,
        description: 'Scanning...',
        addedAt: '2026-01-11T08:00:00Z',
        status: ofStash.next,
      });
    const run = await shown(context);
    assert.deepEqual([run.phase, run.state, run.secondsLeft, run.jobId], [phase, state, null, null]);
    assert.match(inEnglish(run.message), said);
    assert.ok(run.endedAt !== null);

    // What somebody stopped is noted as stopped, and the next start is another run; anything else goes on in it.
    await settleRuns(context, tasks);
    const begun = await runSlice(context, working(), {}, {});
    assert.equal(begun.end, 'finished');
    assert.equal((await context.store.runs.recent(9)).length, phase === 'ended' ? 2 : 1);
  });

for (const since of [10, 11, 17, 60, 200])
  test(`a run that was stopped in the queue, after which ${since} other jobs ended: it is not said that Stash was restarted`, async (t) => {
    const { context, stash } = await killed(t);
    for (let n = since - 9; n <= since; n++)
      stash.endedJobs.push({
        id: String(Number(JOB.id) + n),
        description: 'Scanning...',
        addedAt: '2026-01-10T13:00:00Z',
        status: 'FINISHED',
      });
    const run = await shown(context);
    assert.deepEqual([run.phase, run.state], ['lost', 'running']);
    assert.match(
      inEnglish(run.message),
      /^It was stopped in Stash's queue, or Stash was restarted: Stash no longer knows which\. .*"Go on"/,
    );
  });

test('jobs of a Stash that was restarted have lower ids, and say that it was', async (t) => {
  const { context, stash } = await killed(t);
  for (let n = 1; n < Number(JOB.id); n++)
    stash.endedJobs.push({
      id: String(n),
      description: 'Scanning...',
      addedAt: '2026-01-11T08:00:00Z',
      status: 'FINISHED',
    });
  assert.match(inEnglish((await shown(context)).message), /^Stash was restarted\./);
});

test('while its job waits or runs in Stash the run is under way, and stopping while the process is being killed', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: PATIENT });
  const { run } = await context.store.runs.begin('scan', context.owner, {}, 60_000);
  await context.store.runs.setJob(run.id, context.owner, REF);
  stash.jobs.push({ ...JOB, status: 'RUNNING' });
  const phase = async (): Promise<unknown[]> => {
    const view = await shown(context);
    return [view.phase, view.jobId];
  };
  assert.deepEqual(await phase(), ['working', '7']);
  stash.jobs.length = 0;
  stash.endedJobs.push({ ...JOB, status: 'CANCELLED' });
  assert.deepEqual(await phase(), ['stopping', '7']);
  // Between two slices the next one waits, or is just beginning.
  const next = { id: '8', addedAt: '2026-01-10T12:10:00Z' };
  await context.store.runs.pause(run.id, context.owner, { job: next });
  for (const [status, expected] of [
    ['READY', 'waiting'],
    ['RUNNING', 'working'],
    ['STOPPING', 'stopping'],
  ] as const) {
    stash.jobs.splice(0, 1, { ...JOB, ...next, status });
    assert.deepEqual(await phase(), [expected, '8']);
  }
  // Taken out of the queue there: the rest is not wanted.
  stash.jobs.length = 0;
  stash.endedJobs.push({ ...JOB, ...next, status: 'CANCELLED' });
  assert.deepEqual(await handlers.status(context, {}).then(({ runs }) => runs.map(({ state }) => state)), [
    'stopped',
  ]);
  assert.deepEqual(await context.store.runs.running(), []);
});

test('a process that Stash left behind at its restart goes on, and its run is at work', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: PATIENT });
  const { run } = await context.store.runs.begin('scan', context.owner, {}, 60_000);
  await context.store.runs.setJob(run.id, context.owner, REF);
  assert.equal((await shown(context)).phase, 'working');
});

test('without an answer of Stash nothing is said of its queue', async (t) => {
  const { context } = await killed(t);
  const [run] = await recentRuns(context, null, 1);
  assert.equal(run?.phase, 'lost');
  assert.match(inEnglish(run.message), /^Its process ended before it was done, or Stash was restarted\./);
});

test('a run of the command line has no job, and is not taken for the one that Stash runs meanwhile', async (t) => {
  const stash = memoryStash();
  stash.jobs.push({ ...JOB, status: 'RUNNING' });
  for (const [sliceMs, job] of [
    [Infinity, null],
    [60_000, REF],
  ] as const) {
    const context = await fakeContext(t, stash, { limits: { ...PATIENT, sliceMs } });
    await enqueue(context, 1);
    let seen: unknown;
    const task = working(async () => {
      seen = (await context.store.runs.running())[0]?.job;
    });
    await runSlice(context, task, {}, {});
    assert.deepEqual(seen, job);
  }
});

test('when Stash goes away nothing has failed: the run is cut short, keeps its counts, and goes on', async (t) => {
  const stash = memoryStash();
  stash.jobs.push({ ...JOB, status: 'RUNNING' });
  const context = await fakeContext(t, stash, { limits: PATIENT });
  await enqueue(context, 3);
  const task = working(async ({ id }) => {
    if (id === '2') throw new StashSenseError('stash-unreachable', plain('Stash does not answer.'));
    await Promise.resolve();
  });
  await assert.rejects(runSlice(context, task, {}, {}), { code: 'stash-unreachable' });
  assert.deepEqual(await context.store.work.counts('scan'), { pending: 2, done: 1, skipped: 0, failed: 0 });
  // The same Stash as before: it did not answer for a while. Another one: it was restarted.
  stash.jobs.length = 0;
  stash.endedJobs.push({ ...JOB, status: 'FINISHED' });
  const hung = await shown(context);
  assert.deepEqual([hung.phase, hung.done], ['lost', 1]);
  assert.match(inEnglish(hung.message), /^Stash does not answer\. What was done is kept/);
  stash.endedJobs.length = 0;
  assert.match(inEnglish((await shown(context)).message), /^Stash was restarted\./);

  assert.equal((await runSlice(context, working(), {}, {})).end, 'finished');
  const [run, ...others] = await context.store.runs.recent(9);
  assert.deepEqual([run?.state, run?.done, others.length], ['finished', 3, 0]);
});

test('what is done is counted when the process is killed right after it', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: { ...PATIENT, heartbeatMs: 30_000 } });
  await enqueue(context, 7);
  const seen: unknown[] = [];
  // No heartbeat comes meanwhile: this is what a killed process leaves behind.
  const task = working(async () => {
    const [run] = await context.store.runs.running();
    seen.push([run?.done, run?.total]);
  });
  await runSlice(context, task, {}, {});
  assert.deepEqual(seen.slice(0, 3), [
    [0, 0],
    [1, 7],
    [2, 7],
  ]);
});

test('a dead run is no run at work where the disk is full and its end cannot be stored', async (t) => {
  const { context, stash } = await killed(t);
  stash.endedJobs.push({ ...JOB, status: 'CANCELLED' });
  const full: FakeContext = {
    ...context,
    store: {
      ...context.store,
      runs: {
        ...context.store.runs,
        endAbandoned: () => Promise.reject(new StashSenseError('store-unusable', plain('The disk is full.'))),
      },
    },
  };
  await settleRuns(full, tasks);
  const run = await shown(full);
  assert.deepEqual([run.phase, run.state], ['ended', 'stopped']);
  stash.endedJobs.length = 0;
  assert.equal((await shown(full)).phase, 'lost');
});

test('a scheduled scan that a restart of Stash cut short is due again, once; one that somebody stopped is not', async (t) => {
  const stash = memoryStash();
  let time = new Date('2026-01-10T12:00:00').getTime();
  const context = await fakeContext(t, stash, {
    settings: { schedule: '0 3 * * *' },
    now: () => time,
    limits: { ...PATIENT, leaseMs: 10 * 86_400_000 },
  });
  const starts = async (): Promise<number> => {
    await startDue(context);
    await startDue(context);
    return stash.started.length;
  };
  /** The job of the last start, in this state. */
  const job = (status: StashJob['status'], addedAt = 'first Stash'): StashJob => ({
    id: String(stash.started.length),
    status,
    description: NAME,
    addedAt,
  });
  stash.after = (call) => {
    if (call === 'startTask') stash.jobs.push(job('READY'));
  };
  const restart = (): void => {
    stash.jobs.length = 0;
    stash.endedJobs.length = 0;
  };
  assert.equal(await starts(), 0);
  time = new Date('2026-01-11T03:00:01').getTime();
  assert.equal(await starts(), 1);

  // Before it began.
  restart();
  assert.equal(await starts(), 2);
  // At work.
  const dead = createOwner().replace(/^\d+/, '4194301');
  const { run } = await context.store.runs.begin('scan', dead, {}, 1000);
  await context.store.runs.setJob(run.id, dead, job('RUNNING'));
  await runBegins(context, 'scan', run.id);
  restart();
  assert.equal(await starts(), 3);
  // It goes on with the same run. Then somebody takes it out of the queue.
  const again = await context.store.runs.begin('scan', dead, {}, 1000);
  assert.equal(again.run.id, run.id);
  await context.store.runs.setJob(run.id, dead, job('RUNNING'));
  await runBegins(context, 'scan', run.id);
  stash.jobs.length = 0;
  stash.endedJobs.push(job('CANCELLED'));
  assert.equal(await starts(), 3);
  await settleRuns(context, tasks);
  restart();
  assert.equal(await starts(), 3);
  time = new Date('2026-01-12T03:00:01').getTime();
  assert.equal(await starts(), 4);
  // Taken out of the queue before it began: that holds after a restart too.
  stash.endedJobs.push(...stash.jobs.splice(0).map((one) => ({ ...one, status: 'CANCELLED' as const })));
  assert.equal(await starts(), 4);
  restart();
  assert.equal(await starts(), 4);
});

test('a scan that somebody started is not started again by the schedule when a restart cuts it short', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { settings: { schedule: '0 3 * * *' }, limits: PATIENT });
  await startDue(context);
  const dead = createOwner().replace(/^\d+/, '4194301');
  const { run } = await context.store.runs.begin('scan', dead, {}, 1000);
  await context.store.runs.setJob(run.id, dead, REF);
  await runBegins(context, 'scan', run.id);
  await startDue(context);
  assert.deepEqual(stash.started, []);
  assert.equal((await shown(context)).phase, 'lost');
});

const JOB = { id: '7', description: NAME, addedAt: '2026-01-10T12:00:00Z' } as const;
const REF = { id: JOB.id, addedAt: JOB.addedAt };

/** A run at work in job 7, whose process is no more: no such pid. */
async function killed(t: TestContext): Promise<{ context: FakeContext; stash: MemoryStash }> {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: PATIENT });
  const dead = createOwner().replace(/^\d+/, '4194301');
  const { run } = await context.store.runs.begin('scan', dead, {}, 60_000);
  await context.store.runs.setJob(run.id, dead, REF);
  await context.store.runs.heartbeat(run.id, dead, { done: 1, total: 7, secondsLeft: 2160 });
  return { context, stash };
}

async function shown(context: FakeContext) {
  const [run] = await recentRuns(context, await context.library.jobs(), 1);
  assert.ok(run);
  return run;
}

function working(work: (item: { id: string }, slice: Slice) => Promise<void> = () => Promise.resolve()) {
  return defineTask({
    mode: 'scan',
    async work(context, _args, slice) {
      const end = await forEachItem(context, slice, 'scan', async (item) => {
        await work(item, slice);
        return { state: 'done' };
      });
      return end === 'drained'
        ? { end: 'finished', message: plain('Done.') }
        : { end: 'more', message: plain('') };
    },
  });
}

async function enqueue({ store }: FakeContext, count: number): Promise<void> {
  await store.work.enqueue(
    'scan',
    Array.from({ length: count }, (_, n) => ({
      kind: 'scene' as const,
      id: String(n + 1),
      title: `Scene ${n + 1}`,
      revision: '',
      priority: 0,
    })),
  );
}
