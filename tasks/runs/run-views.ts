/** Runs and their failures as views for the page. */
import type { Input, Output } from '../../core/contract/operations.ts';
import type { RunView } from '../../core/contract/runs.ts';
import type { Run } from '../../core/ports/runs.ts';
import type { StashJob } from '../../core/ports/library.ts';
import { LIST_NAMES, TASK_MODES, TASKS, type TaskMode } from '../../core/runs/tasks.ts';
import { judgeRun, type JudgeParts, type Verdict } from './judge-run.ts';
import { isRunAlive } from './liveness.ts';
import { isJobOf, isWaitingOrRunning } from './stash-jobs.ts';
import type { Context } from './task.ts';
import { plain } from '../../core/messages/message.ts';

/** Upper bound of failures read per list. */
const MAX_FAILURES = 2000;

/** Items that failed or were skipped with a reason, the newest first. */
export async function listFailures(
  { store }: Pick<Context, 'store'>,
  { limit, offset }: Input<'runs.failures'>,
): Promise<Output<'runs.failures'>> {
  const pages = await Promise.all(LIST_NAMES.map((list) => store.work.failures(list, MAX_FAILURES, 0)));
  // Not people skipped for want of a usable picture: `people.info` and `referencePacks.learnt` list them.
  const failures = pages
    .flatMap((page) => page.items)
    .filter(({ kind, state }) => !['performer', 'box-performer'].includes(kind) || state === 'failed')
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

/** Queues the task, unless it waits in Stash's queue or runs already. */
export async function startRun(
  { store, library, limits, now }: Pick<Context, 'store' | 'library' | 'limits' | 'now'>,
  task: TaskMode,
  args: Readonly<Record<string, unknown>> = {},
): Promise<{ jobId: string | null; joined: boolean }> {
  const underWay = await findUnderWay({ store, library, limits, now }, task);
  if (underWay !== null) return { jobId: underWay.jobId, joined: true };
  return { jobId: await library.startTask(TASKS[task].name, args), joined: false };
}

/** Null: the task neither waits in Stash's queue nor runs. */
export async function findUnderWay(
  { store, library, limits, now }: Pick<Context, 'store' | 'library' | 'limits' | 'now'>,
  task: TaskMode,
): Promise<{ readonly jobId: string | null } | null> {
  const jobs = await library.jobs();
  const [run] = (await store.runs.running()).filter((candidate) => candidate.task === task);
  const last = (await store.runs.newestOfEach()).find((candidate) => candidate.task === task);
  // The process of a run that has ended looks for nothing more, and takes a moment to be gone.
  const isOver = (candidate: StashJob): boolean => run === undefined && isOfJob(last, candidate);
  const job = jobs.find(
    (candidate) =>
      isWaitingOrRunning(candidate) && isJobOf(candidate, TASKS[task].name) && !isOver(candidate),
  );
  // A live run without a job was started from the command line.
  const isAlive = run !== undefined && isRunAlive(run, now(), limits.leaseMs);
  return job !== undefined || isAlive ? { jobId: job?.id ?? null } : null;
}

/** Running runs, the newest of each task, and the `limit` newest of all, by when each was last at work: many runs of "Identify" must not hide the last scan. */
export async function recentRuns(
  context: JudgeParts & Pick<Context, 'store'>,
  /** Null: Stash does not answer. */
  jobs: readonly StashJob[] | null,
  limit: number,
): Promise<RunView[]> {
  const { store, now } = context;
  const [running, ofEach, recent] = await Promise.all([
    store.runs.running(),
    store.runs.newestOfEach(),
    store.runs.recent(limit),
  ]);
  const known = new Map([...running, ...ofEach, ...recent].map((run) => [run.id, run]));
  const wrote = await whatRunsWrote(context, [...known.keys()]);
  const dryRuns = await store.runs.dryRunCounts();
  const views = await Promise.all(
    [...known.values()]
      .toSorted((a, b) => lastSeen(b) - lastSeen(a) || Number(b.id) - Number(a.id))
      .map(async (run) => ({
        ...toRunView(run, await judgeRun(context, run, jobs)),
        wrote: wrote.get(run.id) ?? null,
        wouldWrite: dryRuns.get(run.id) ?? 0,
      })),
  );
  const begun = new Set(views.filter(({ phase }) => phase !== 'ended').map(({ task }) => task));
  return [
    ...tasksWithoutRun(jobs ?? [], [...known.values()])
      .filter(({ task }) => !begun.has(task))
      .map(({ task, job }) => jobView(task, job, now())),
    ...views,
  ];
}

/** Unix milliseconds. A run that was cut short keeps its id where it is taken up again, and may be older than others that have ended since. */
function lastSeen({ endedAt, heartbeatAt }: Run): number {
  return endedAt ?? heartbeatAt;
}

/** Stash starts a process for a job some time before that creates its run, and ends the job some time after the run has ended. */
function tasksWithoutRun(
  jobs: readonly StashJob[],
  runs: readonly Run[],
): { task: TaskMode; job: StashJob }[] {
  const hasRun = (job: StashJob): boolean => runs.some((run) => isOfJob(run, job));
  return TASK_MODES.flatMap((task) => {
    const job = jobs.find(
      (candidate) =>
        isJobOf(candidate, TASKS[task].name) &&
        (candidate.status === 'READY' || (isWaitingOrRunning(candidate) && !hasRun(candidate))),
    );
    return job === undefined ? [] : [{ task, job }];
  });
}

function isOfJob(run: Run | undefined, { id, addedAt }: StashJob): boolean {
  return run?.job?.id === id && run.job.addedAt === addedAt;
}

/** View of a task whose run is not created yet: until then only Stash's queue has it. */
function jobView(task: TaskMode, { id, status }: StashJob, now: number): RunView {
  return {
    id: `job-${id}`,
    task,
    state: 'running',
    phase: status === 'RUNNING' ? 'working' : status === 'STOPPING' ? 'stopping' : 'waiting',
    startedAt: now,
    endedAt: null,
    done: 0,
    skipped: 0,
    failed: 0,
    total: 0,
    itemsPerHour: null,
    secondsLeft: null,
    message: plain(''),
    step: plain(''),
    fraction: 0,
    jobId: id,
    wrote: null,
    wouldWrite: 0,
  };
}

/** Batch of the journal for what a run writes. */
export function batchOfRun(runId: string): string {
  return `run-${runId}`;
}

async function whatRunsWrote(
  { store }: Pick<Context, 'store'>,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, NonNullable<RunView['wrote']>>> {
  const byBatch = new Map(runIds.map((id) => [batchOfRun(id), id]));
  const wrote = new Map<string, NonNullable<RunView['wrote']>>();
  for (const { batchId, written, undone } of await store.journal.batches([...byBatch.keys()])) {
    if (written + undone === 0) continue;
    const changes = await store.journal.changesOf(batchId, ['written', 'undone']);
    wrote.set(byBatch.get(batchId) ?? '', { batchId, changes, undone });
  }
  return wrote;
}

function toRunView(run: Run, { phase, message }: Verdict): Omit<RunView, 'wrote' | 'wouldWrite'> {
  const isCut = run.state === 'running' && (phase === 'lost' || phase === 'ended');
  return {
    id: run.id,
    task: run.task,
    // Stopped, and not noted yet: with a full disk nobody can.
    state: run.state === 'running' && phase === 'ended' ? 'stopped' : run.state,
    phase,
    startedAt: run.startedAt,
    endedAt: isCut ? run.heartbeatAt : run.endedAt,
    done: run.done,
    skipped: run.skipped,
    failed: run.failed,
    total: run.total,
    itemsPerHour: run.itemsPerHour,
    secondsLeft: isCut ? null : run.secondsLeft,
    message,
    step: run.step,
    fraction: run.fraction,
    jobId: phase === 'ended' || phase === 'lost' ? null : (run.job?.id ?? null),
  };
}
