/** Runs, and what failed in them, as the page shows them. */
import type { Input, Output } from '../../core/contract/operations.ts';
import type { RunView } from '../../core/contract/runs.ts';
import type { Run } from '../../core/ports/runs.ts';
import type { StashJob } from '../../core/ports/library.ts';
import { LIST_NAMES, TASK_MODES, TASKS, taskName, type TaskMode } from '../../core/runs/tasks.ts';
import { isRunAlive } from './liveness.ts';
import { isJobOf, isWaitingOrRunning } from './stash-jobs.ts';
import type { Context } from './task.ts';
import { plain } from '../../core/messages/message.ts';

/** As many are listed of each list; who has more has another problem. */
const MAX_FAILURES = 2000;

/** Files and items that failed or were skipped with a reason, the newest first. */
export async function listFailures(
  { store }: Pick<Context, 'store'>,
  { limit, offset }: Input<'runs.failures'>,
): Promise<Output<'runs.failures'>> {
  const pages = await Promise.all(LIST_NAMES.map((list) => store.work.failures(list, MAX_FAILURES, 0)));
  // Whoever has no usable picture is no trouble of a run: `people.info` names them.
  const failures = pages
    .flatMap((page) => page.items)
    .filter(({ kind, state }) => kind !== 'performer' || state === 'failed')
    .toSorted((a, b) => b.updatedAt - a.updatedAt);
  return {
    total: failures.length,
    items: failures.slice(offset, offset + limit).map((failure) => ({
      kind: failure.kind,
      id: failure.id,
      title: failure.title,
      state: failure.state,
      error: failure.lastError ?? plain(''),
      attempts: failure.attempts,
      at: failure.updatedAt,
    })),
  };
}

/** Joins when it is waiting in Stash's queue or at work. */
export async function startRun(
  { store, library, limits, now }: Context,
  task: TaskMode,
): Promise<{ jobId: string | null; joined: boolean }> {
  const jobs = await library.jobs();
  const job = jobs.find((candidate) => isWaitingOrRunning(candidate) && isJobOf(candidate, TASKS[task].name));
  const [run] = (await store.runs.running()).filter((candidate) => candidate.task === task);
  // Working without a job: from the command line.
  if (job || (run && isRunAlive(run, now(), limits.leaseMs))) return { jobId: job?.id ?? null, joined: true };
  return { jobId: await library.startTask(TASKS[task].name, {}), joined: false };
}

/** All that run, the newest of each task, and so many of the newest: many looks at single scenes hide no scan. */
export async function recentRuns(
  { store, limits, now }: Context,
  jobs: readonly StashJob[],
  limit: number,
): Promise<RunView[]> {
  const [running, ofEach, recent] = await Promise.all([
    store.runs.running(),
    store.runs.newestOfEach(),
    store.runs.recent(limit),
  ]);
  const known = new Map([...running, ...ofEach, ...recent].map((run) => [run.id, run]));
  const begun = new Set(running.map(({ task }) => task));
  return [
    ...queuedTasks(jobs)
      .filter(({ task }) => !begun.has(task))
      .map(({ task, jobId }) => waitingView(task, jobId, now())),
    ...[...known.values()]
      .toSorted((a, b) => Number(b.id) - Number(a.id))
      .map((run) => toRunView(run, jobs, now(), limits.leaseMs)),
  ];
}

function queuedTasks(jobs: readonly StashJob[]): { task: TaskMode; jobId: string }[] {
  return TASK_MODES.flatMap((task) => {
    const job = jobs.find(
      (candidate) => candidate.status === 'READY' && isJobOf(candidate, TASKS[task].name),
    );
    return job === undefined ? [] : [{ task, jobId: job.id }];
  });
}

/** Its run begins with its first turn: until then Stash's queue is all that knows of it. */
function waitingView(task: TaskMode, jobId: string, now: number): RunView {
  return {
    id: `job-${jobId}`,
    task,
    state: 'running',
    phase: 'waiting',
    startedAt: now,
    endedAt: null,
    done: 0,
    skipped: 0,
    failed: 0,
    total: 0,
    itemsPerHour: null,
    secondsLeft: null,
    message: plain(''),
  };
}

function toRunView(run: Run, jobs: readonly StashJob[], now: number, leaseMs: number): RunView {
  return {
    id: run.id,
    task: run.task,
    state: run.state,
    phase: phaseOf(run, jobs, now, leaseMs),
    startedAt: run.startedAt,
    endedAt: run.endedAt,
    done: run.done,
    skipped: run.skipped,
    failed: run.failed,
    total: run.total,
    itemsPerHour: run.itemsPerHour,
    secondsLeft: run.secondsLeft,
    message: run.message,
  };
}

/** Stash's queue lives in memory: a run that nobody works on and nothing in the queue will go on with is lost. */
function phaseOf(run: Run, jobs: readonly StashJob[], now: number, leaseMs: number): RunView['phase'] {
  if (run.state !== 'running') return 'ended';
  if (isRunAlive(run, now, leaseMs)) return run.wanted === 'stop' ? 'stopping' : 'working';
  const name = taskName(run.task);
  return jobs.some((job) => isWaitingOrRunning(job) && isJobOf(job, name)) ? 'waiting' : 'lost';
}
