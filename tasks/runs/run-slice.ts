import { randomUUID } from 'node:crypto';
import { messageOf, saidOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Run } from '../../core/ports/runs.ts';
import type { TaskArgs } from '../../core/runs/task-args.ts';
import { TASKS, type ListName, type TaskMode } from '../../core/runs/tasks.ts';
import { takenOver } from '../../core/runs/taken-over.ts';
import { openSlice } from './open-slice.ts';
import { type AnyTask, type Context, type Slice, STOPPED, type Task } from './task.ts';

/** What a later slice is started with, beside the task's own arguments. */
export type SliceArgs = { readonly run?: string; readonly token?: string };

export type SliceReport = {
  /** `joined`: another process is at it and will do what was asked. `obsolete`: a later start has taken over. */
  readonly end: 'finished' | 'requeued' | 'stopped' | 'joined' | 'obsolete';
  readonly message: Message;
  /** There was something to do, and none of it could be done. */
  readonly allFailed?: boolean;
};

/** How long a token of a waiting slice is kept; Stash's queue does not live longer. */
const TOKEN_TTL_MS = 30 * 86_400_000;

/**
One turn in Stash's queue: begins the run or joins it, works, and puts the rest at the end of the queue.

A run is a record, not a chain of processes: whoever holds its heartbeat works on it. Killed at any line, the record
stays `running`, and the next start goes on.
*/
export async function runSlice<Mode extends TaskMode>(
  context: Context,
  task: Task<Mode>,
  args: TaskArgs<Mode>,
  slice: SliceArgs,
): Promise<SliceReport> {
  const { store, log } = context;
  const { name } = TASKS[task.mode];
  if (slice.run !== undefined && !(await isCurrent(context, slice.run, slice.token)))
    return { end: 'obsolete', message: message('runs.turnIsObsolete', { task: name }) };

  // A later slice only goes on: what was asked for is on the list since the first.
  if (slice.run === undefined) await task.prepare?.(context, args);
  const begun = await begin(context, task, args, slice);
  if (begun === null) return { end: 'joined', message: message('runs.isRunning', { task: name }) };
  const run: Run = begun;

  const open = openSlice(context, task, run, await readItemDurations(context));
  try {
    for (;;) {
      const { end, message: said } = await task.work(context, args, open.slice);
      if (open.isStopWanted()) return await stop();
      if (end === 'more') return await requeue();
      // What was asked for between the last look at the list and here would be lost if the run ended now.
      const ended = await store.transaction(async () => {
        if (await somethingWaits(open.lists)) return false;
        if (await restartWasRequested(context, task, run)) return false;
        await store.runs.heartbeat(run.id, context.owner, open.slice.progress.snapshot());
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
      await store.runs.end(run.id, context.owner, 'failed', saidOf(error));
    } catch (second) {
      // A full disk, say: the run is lost, and the first trouble is the one to tell.
      log.debug(messageOf(second));
      logFault(log, second);
    }
    throw error;
  } finally {
    open.close();
  }

  async function stop(): Promise<SliceReport> {
    await open.releaseItems();
    await saveItemDurations(context, open.slice);
    if (!(await store.runs.end(run.id, context.owner, 'stopped', STOPPED))) throw takenOver();
    return { end: 'stopped', message: STOPPED };
  }

  /** Queued before the run is let go: killed in between, the next slice takes over from a silent owner. */
  async function requeue(): Promise<SliceReport> {
    await open.releaseItems();
    await saveItemDurations(context, open.slice);
    const token = randomUUID();
    // Refused where another process has taken over: its own next slice must stay the current one.
    await store.state.set(tokenKey(run.id), token, TOKEN_TTL_MS);
    await context.library.startTask(name, {
      ...(args as Record<string, unknown>),
      run: run.id,
      token,
    });
    await store.runs.heartbeat(run.id, context.owner, open.slice.progress.snapshot());
    await store.runs.pause(run.id, context.owner);
    return { end: 'requeued', message: message('runs.taskGoesOn', { task: name }) };
  }

  async function somethingWaits(lists: ReadonlySet<ListName>): Promise<boolean> {
    for (const list of lists) if ((await store.work.counts(list)).pending > 0) return true;
    return false;
  }
}

/** A slice queued earlier counts only while its run runs and no later slice was queued for it. */
async function isCurrent({ store }: Context, runId: string, token: string | undefined): Promise<boolean> {
  const running = await store.runs.running();
  return running.some(({ id }) => id === runId) && (await store.state.get(tokenKey(runId))) === token;
}

function tokenKey(runId: string) {
  return `slice-token:${runId}` as const;
}

/** How long an item of each list took the last time. */
async function readItemDurations({ store }: Context): Promise<Record<string, number>> {
  return (await store.state.get('item-durations')) ?? {};
}

async function saveItemDurations(context: Context, { progress }: Slice): Promise<void> {
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

/**
The run, ours to work on; null when a living process is at it, which is then told that it was asked for once more.

A holder that was killed a moment ago looks alive until its lease is over, so its heartbeat is watched for that long first.
A run that was asked to stop and whose process died before it ended is ended here, and a new run begins: the start that
asks now came after the stop.
*/
async function begin(context: Context, task: AnyTask, args: unknown, slice: SliceArgs): Promise<Run | null> {
  const { store, owner } = context;
  for (;;) {
    const { run, mine } = await takeOrJoin(context, task, args);
    if (mine && run.wanted === 'stop' && slice.run === undefined) {
      await store.runs.end(run.id, owner, 'stopped', STOPPED);
      continue;
    }
    if (mine) return run;
    await store.state.set(restartKey(run.id), true, TOKEN_TTL_MS);
    // It may have ended before it could hear of it.
    if ((await store.runs.running()).some(({ id }) => id === run.id)) return null;
  }
}

async function takeOrJoin(
  { store, owner, limits, now, sleep }: Context,
  task: AnyTask,
  args: unknown,
): Promise<{ run: Run; mine: boolean }> {
  const until = now() + limits.leaseMs + limits.heartbeatMs;
  let heard: number | null = null;
  for (;;) {
    const { run, mine } = await store.runs.begin(
      task.mode,
      owner,
      args as Record<string, unknown>,
      limits.leaseMs,
    );
    if (mine) return { run, mine };
    heard ??= run.heartbeatAt;
    if (run.heartbeatAt !== heard || now() > until) return { run, mine };
    await sleep(Math.min(500, limits.heartbeatMs));
  }
}
