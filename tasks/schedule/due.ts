import type { Waiting } from '../../core/contract/schedule/view.ts';
import { saidOf } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import { TASKS, type TaskMode } from '../../core/runs/tasks.ts';
import { isSchedulable, SCHEDULABLE, type Schedulable } from '../../core/schedule/schedulable.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { tryLocks } from '../runs/locks.ts';
import { findAdded, isJobOf } from '../runs/stash-jobs.ts';
import type { Context } from '../runs/task.ts';
import { nextDue } from './next-run.ts';
import { readPlan, type Plan } from './plan.ts';
import { whatBecameOf, type Started } from './started.ts';
import { waitsFor } from './waiting.ts';

export type Scheduled = {
  readonly task: Schedulable;
  /** Empty: never by itself. */
  readonly expression: string;
  readonly nextAt: number | null;
  /** The time has come. */
  readonly due: boolean;
  /** What is due is not started for this; null: nothing is due, or it was started. */
  readonly waitsFor: Waiting | null;
  /** Why the expression is no valid schedule. */
  readonly problem: Message | null;
};

const LOCK = 'schedule';
/** A clock that is corrected by less was not set back. */
const CLOCK_MS = 60_000;

type ScheduleParts = Pick<Context, 'store' | 'settings' | 'now'>;
export type StartParts = ScheduleParts & Pick<Context, 'library' | 'owner' | 'limits' | 'log'>;

/** The next start of each task that has a schedule. It is stored, so that a time that passed while no process ran is still due, once. */
export async function readSchedules(context: ScheduleParts): Promise<Scheduled[]> {
  return await readAll(context, await readPlan(context));
}

async function readAll(context: ScheduleParts, plan: Plan): Promise<Scheduled[]> {
  return await Promise.all(
    SCHEDULABLE.map(async (task) => await readOne(context, task, plan.expressions[task])),
  );
}

async function readOne(
  { store, now }: ScheduleParts,
  task: Schedulable,
  expression: string,
): Promise<Scheduled> {
  const view = { task, expression, nextAt: null, due: false, waitsFor: null, problem: null };
  if (expression === '') return view;
  const kept = await store.state.get(keyOf(task));
  try {
    if (kept?.expression !== expression)
      return { ...view, nextAt: await saveNextTime({ store, now }, task, expression) };
    // With a clock that was set back, what was worked out before lies too far ahead.
    if (now() < (kept.at ?? 0) - CLOCK_MS)
      return { ...view, nextAt: await saveNextTime({ store, now }, task, expression, kept.started) };
    return { ...view, nextAt: kept.nextAt, due: kept.nextAt !== null && kept.nextAt <= now() };
  } catch (error) {
    return { ...view, problem: saidOf(error) };
  }
}

/** Queues each task that is due in Stash once, also when several processes call this, unless something keeps it waiting. */
export async function startDue(context: StartParts): Promise<Scheduled[]> {
  const plan = await readPlan(context);
  const schedules = await readAll(context, plan);
  if (!(await hasDue(context, schedules))) return schedules;
  const reason = await waitsFor(context, plan);
  const locks = reason === null ? await tryLocks(context, [LOCK]) : null;
  if (locks === null)
    return schedules.map((one) => (one.due && reason !== null ? { ...one, waitsFor: reason } : one));
  try {
    // Another process may have started some of them before the lock was acquired.
    const newest = await readAll(context, plan);
    const after: Scheduled[] = [];
    for (const one of newest)
      after.push(
        (await isDue(context, one)) ? await start(context, one, async () => await locks.check()) : one,
      );
    return after;
  } finally {
    await locks.release();
  }
}

async function start(
  context: StartParts,
  scheduled: Scheduled,
  check: () => Promise<void>,
): Promise<Scheduled> {
  const { store, library, limits, log, now } = context;
  const { task, expression } = scheduled;
  const { name } = TASKS[task];
  // A running one checks the schedule at its end.
  const [run] = (await store.runs.running()).filter((one) => one.task === task);
  if (run && isRunAlive(run, now(), limits.leaseMs)) return scheduled;
  const jobs = await library.jobs();
  let job = jobs.find((one) => one.status === 'READY' && isJobOf(one, name)) ?? null;
  if (job === null) {
    await check();
    const isForNew = task === 'scan' && !scheduled.due && (await store.state.get('new-scenes')) === true;
    const id = await library.startTask(name, {});
    log.info(
      `"${name}" ${isForNew ? 'is to look at new scenes' : `was due (${expression})`} and is in Stash's queue.`,
    );
    job = await findAdded(context, id);
  }
  if (task === 'scan') await store.state.delete('new-scenes');
  // What is no schedule has no next time.
  if (expression === '' || scheduled.problem !== null) return scheduled;
  const started = { job: job && { id: job.id, addedAt: job.addedAt }, run: null };
  return { ...scheduled, nextAt: await saveNextTime(context, task, expression, started), due: false };
}

async function hasDue(context: StartParts, schedules: readonly Scheduled[]): Promise<boolean> {
  for (const one of schedules) if (await isDue(context, one)) return true;
  return false;
}

async function isDue(
  context: Pick<Context, 'store' | 'library' | 'limits' | 'now'>,
  { due, expression, task, problem }: Scheduled,
): Promise<boolean> {
  if (due || (task === 'scan' && (await context.store.state.get('new-scenes')) === true)) return true;
  const kept = expression === '' || problem !== null ? null : await context.store.state.get(keyOf(task));
  if (kept?.started === undefined) return false;
  const { started, ...rest } = kept;
  const became = await whatBecameOf(context, task, started);
  // Noted, since Stash forgets its jobs when it is started anew.
  if (became === 'stopped') await context.store.state.set(keyOf(task), rest);
  return became === 'cut short';
}

/**
Any run of a task that begins counts as the due one, when it does all of the task.
@param args of the task; with any but flags that are off it is a part
*/
export async function runBegins(
  context: ScheduleParts,
  task: TaskMode,
  runId: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  if (!isSchedulable(task) || Object.values(args).some((value) => value !== undefined && value !== false))
    return;
  if (task === 'scan') await context.store.state.delete('new-scenes');
  const { expressions } = await readPlan(context);
  const { expression, due, problem } = await readOne(context, task, expressions[task]);
  const kept = expression === '' || problem !== null ? null : await context.store.state.get(keyOf(task));
  if (due || kept?.started?.run === null)
    await saveNextTime(context, task, expression, { job: null, run: runId });
}

/** @throws StashSenseError `bad-input` for an expression that is no schedule */
async function saveNextTime(
  { store, now }: Pick<Context, 'store' | 'now'>,
  task: Schedulable,
  expression: string,
  started?: Started,
): Promise<number | null> {
  const at = now();
  const nextAt = nextDue(expression, new Date(at))?.getTime() ?? null;
  await store.state.set(keyOf(task), {
    expression,
    nextAt,
    at,
    ...(started !== undefined && { started }),
  });
  return nextAt;
}

function keyOf(task: Schedulable) {
  return task === 'scan' ? 'schedule' : (`schedule-of:${task}` as const);
}
