import { randomUUID } from 'node:crypto';
import { hasCode, messageOf, saidOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { JobRef } from '../../core/ports/library.ts';
import type { Run } from '../../core/ports/runs.ts';
import type { TaskArgs } from '../../core/runs/task-args.ts';
import { TASKS, type ListName, type TaskMode } from '../../core/runs/tasks.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { takenOver } from '../../core/runs/taken-over.ts';
import { openSlice } from './open-slice.ts';
import { endStopped } from './settle-runs.ts';
import { findAdded, isJobOf } from './stash-jobs.ts';
import { type AnyTask, type Context, type Slice, STOPPED, type Task } from './task.ts';

/** Arguments of a later slice, in addition to the task's own. */
export type SliceArgs = { readonly run?: string; readonly token?: string };

export type SliceReport = {
  /** `joined`: another process works on the run and will do what was requested. `obsolete`: a later start has replaced this slice. */
  readonly end: 'finished' | 'requeued' | 'stopped' | 'joined' | 'obsolete';
  readonly message: Message;
  /** There were items, and all of them failed. */
  readonly allFailed?: boolean;
};

/** How long the token of a queued slice is stored. Stash's queue is in memory, so it rarely lives that long. */
const TOKEN_TTL_MS = 30 * 86_400_000;

/**
One slice: begins the run or continues it, works, and puts the rest at the end of Stash's queue.

A run is a record in the store, and the process that renews its heartbeat works on it. When that process is killed, the record
stays `running`, and the next start continues the run.
@param onBegun called once this process works on the run
*/
export async function runSlice<Mode extends TaskMode>(
  context: Context,
  task: Task<Mode>,
  args: TaskArgs<Mode>,
  slice: SliceArgs,
  onBegun?: (run: Run) => Promise<void>,
): Promise<SliceReport> {
  const { store, log } = context;
  const { name } = TASKS[task.mode];
  if (slice.run !== undefined && !(await isCurrent(context, slice.run, slice.token)))
    return { end: 'obsolete', message: message('runs.turnIsObsolete', { task: saidTask(task.mode) }) };

  // Only in the first slice: it has put the requested items on the list.
  if (slice.run === undefined) {
    await task.prepare?.(context, args);
    if ((await task.isNeeded?.(context, args)) === false)
      return { end: 'finished', message: message('runs.nothingLeft', { task: saidTask(task.mode) }) };
    // What was stopped in Stash's queue ends as stopped: this start, which came after it, begins a new run.
    await endStopped(context, task.mode).catch((error: unknown) => {
      log.debug(messageOf(error));
      logFault(log, error);
    });
  }
  const begun = await begin(context, task, args, slice);
  if (begun === null)
    return { end: 'joined', message: message('runs.isRunning', { task: saidTask(task.mode) }) };
  const run: Run = begun;

  const open = openSlice(context, task, run, await readItemDurations(context));
  try {
    await store.runs.setJob(run.id, context.owner, await findOwnJob(context, name));
    await onBegun?.(run);
    const looks = TASKS[task.mode].lists.length > 0;
    if (looks) await context.exclusions.applyOnce(run);
    for (;;) {
      const { end, message: said } = await task.work(context, args, open.slice);
      // The settings may have changed meanwhile.
      if (looks) await context.exclusions.applyOnce(run);
      if (open.isStopWanted()) return await stop();
      if (end === 'more') return await requeue();
      // In one transaction: an item enqueued since the task last read its list would be lost if the run ended now.
      const ended = await store.transaction(async () => {
        if (await somethingWaits(open.lists)) return false;
        if (await restartWasRequested(context, task, run)) return false;
        if (await task.hasMore?.(context, false)) return false;
        await open.slice.publish();
        if (!(await store.runs.end(run.id, context.owner, 'finished', said))) throw takenOver();
        return true;
      });
      if (ended) {
        open.close();
        await saveItemDurations(context, open.slice);
        log.progress(1);
        const { done, failed } = open.slice.progress.snapshot();
        return { end: 'finished', message: said, allFailed: failed > 0 && done === 0 };
      }
    }
  } catch (error) {
    try {
      await open.releaseItems();
      await open.slice.publish();
      // Stash was stopped or restarted: nothing failed, and the next start goes on.
      if (hasCode(error, 'stash-unreachable'))
        await store.runs.pause(run.id, context.owner, { interruption: saidOf(error) });
      else if (await endAsFailed(saidOf(error))) await context.library.startTask(name, {});
    } catch (second) {
      // For example a full disk: the run cannot be ended, and the first error is the one to report.
      log.debug(messageOf(second));
      logFault(log, second);
    }
    throw error;
  } finally {
    open.close();
  }

  /** @returns whether something else was asked for meanwhile */
  async function endAsFailed(said: Message): Promise<boolean> {
    return await store.transaction(async () => {
      const hasMore = (await task.hasMore?.(context, true)) ?? false;
      return (await store.runs.end(run.id, context.owner, 'failed', said)) && hasMore;
    });
  }

  async function stop(): Promise<SliceReport> {
    await open.releaseItems();
    await saveItemDurations(context, open.slice);
    await open.slice.publish();
    if (!(await store.runs.end(run.id, context.owner, 'stopped', STOPPED))) throw takenOver();
    return { end: 'stopped', message: STOPPED };
  }

  /** Queues the next slice before it releases the run: if it is killed in between, the next slice takes the run over. */
  async function requeue(): Promise<SliceReport> {
    await open.releaseItems();
    await saveItemDurations(context, open.slice);
    const token = randomUUID();
    // The store refuses this when another process has taken over, whose next slice must stay the current one.
    await store.state.set(tokenKey(run.id), token, TOKEN_TTL_MS);
    const jobId = await context.library.startTask(name, {
      ...(args as Record<string, unknown>),
      run: run.id,
      token,
    });
    await open.slice.publish();
    await store.runs.pause(run.id, context.owner, { job: await findAdded(context, jobId) });
    return { end: 'requeued', message: message('runs.taskGoesOn', { task: saidTask(task.mode) }) };
  }

  async function somethingWaits(lists: ReadonlySet<ListName>): Promise<boolean> {
    for (const list of lists) if ((await store.work.counts(list)).pending > 0) return true;
    return false;
  }
}

/** The job of Stash's queue that this process is: the queue runs one at a time. Null on the command line, which is in no queue. */
async function findOwnJob(
  { library, limits }: Pick<Context, 'library' | 'limits'>,
  taskName: string,
): Promise<JobRef | null> {
  if (limits.sliceMs === Infinity) return null;
  return (await library.jobs()).find((one) => one.status === 'RUNNING' && isJobOf(one, taskName)) ?? null;
}

/** Whether a queued slice is still valid: its run is running, and no later slice was queued for it. */
async function isCurrent(
  { store }: Pick<Context, 'store'>,
  runId: string,
  token: string | undefined,
): Promise<boolean> {
  const running = await store.runs.running();
  return running.some(({ id }) => id === runId) && (await store.state.get(tokenKey(runId))) === token;
}

function tokenKey(runId: string) {
  return `slice-token:${runId}` as const;
}

/** Mean milliseconds per item of each list, from earlier runs. */
async function readItemDurations({ store }: Pick<Context, 'store'>): Promise<Record<string, number>> {
  return (await store.state.get('item-durations')) ?? {};
}

async function saveItemDurations(context: Pick<Context, 'store'>, { progress }: Slice): Promise<void> {
  await context.store.state.set('item-durations', {
    ...(await readItemDurations(context)),
    ...progress.itemDurations(),
  });
}

function restartKey(runId: string) {
  return `restart-requested:${runId}` as const;
}

async function restartWasRequested(context: Context, task: AnyTask, run: Run): Promise<boolean> {
  const { state } = context.store;
  if ((await state.get(restartKey(run.id))) !== true) return false;
  await state.delete(restartKey(run.id));
  if (task.onRestartRequested === undefined) return false;
  await task.onRestartRequested(context, run);
  return true;
}

type BeginParts = Pick<Context, 'store' | 'owner' | 'limits' | 'now' | 'sleep'>;

/**
Takes over the run or begins a new one; null when another process works on it: that process gets a restart request.

An owner that was killed seems alive until its lease expires, so its heartbeat is watched for that long first. A run whose
process died after a stop request is ended as stopped, and a new run begins: this start was requested after the stop.
*/
async function begin(
  context: BeginParts,
  task: AnyTask,
  args: unknown,
  slice: SliceArgs,
): Promise<Run | null> {
  const { store, owner } = context;
  for (;;) {
    const { run, mine } = await takeOrJoin(context, task, args);
    if (mine && run.wanted === 'stop' && slice.run === undefined) {
      await store.runs.end(run.id, owner, 'stopped', STOPPED);
      continue;
    }
    if (mine) return run;
    await store.state.set(restartKey(run.id), true, TOKEN_TTL_MS);
    // Loops when the run ended before its process read the request.
    if ((await store.runs.running()).some(({ id }) => id === run.id)) return null;
  }
}

async function takeOrJoin(
  { store, owner, limits, now, sleep }: BeginParts,
  task: AnyTask,
  args: unknown,
): Promise<{ run: Run; mine: boolean }> {
  const until = now() + limits.leaseMs + limits.heartbeatMs;
  let firstHeartbeat: number | null = null;
  for (;;) {
    const { run, mine } = await store.runs.begin(
      task.mode,
      owner,
      args as Record<string, unknown>,
      limits.leaseMs,
    );
    if (mine) return { run, mine };
    firstHeartbeat ??= run.heartbeatAt;
    if (run.heartbeatAt !== firstHeartbeat || now() > until) return { run, mine };
    await sleep(Math.min(500, limits.heartbeatMs));
  }
}
