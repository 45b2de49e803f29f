import { saidOf } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { StashJob } from '../../core/ports/library.ts';
import { TASKS } from '../../core/runs/tasks.ts';
import type { StateValue } from '../../core/state-keys.ts';
import { findJob, judgeRun } from '../runs/judge-run.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { tryLocks } from '../runs/locks.ts';
import { findAdded, isJobOf, isWaitingOrRunning } from '../runs/stash-jobs.ts';
import { nextDue } from './next-run.ts';
import type { Context } from '../runs/task.ts';

export type ScheduleView = {
  readonly expression: string;
  readonly nextAt: number | null;
  /** The time has come. */
  readonly due: boolean;
  /** Why the setting is no valid schedule. */
  readonly problem: Message | null;
};

const LOCK = 'schedule';

type ScheduleParts = Pick<Context, 'store' | 'settings' | 'now'>;

/** The next scheduled start of "Scan library". It is stored, so that a time that passed while no process ran is still due. */
export async function readSchedule({ store, settings, now }: ScheduleParts): Promise<ScheduleView> {
  const expression = settings.schedule;
  if (expression === '') return { expression, nextAt: null, due: false, problem: null };
  const kept = await store.state.get('schedule');
  try {
    if (kept?.expression !== expression) {
      const nextAt = await saveNextTime({ store, now }, expression);
      return { expression, nextAt, due: false, problem: null };
    }
    const { nextAt } = kept;
    return { expression, nextAt, due: nextAt !== null && nextAt <= now(), problem: null };
  } catch (error) {
    return { expression, nextAt: null, due: false, problem: saidOf(error) };
  }
}

/** Queues a due scan in Stash once, also when several processes call this. */
export async function startIfDue(
  context: ScheduleParts & Pick<Context, 'library' | 'owner' | 'limits' | 'log'>,
): Promise<ScheduleView> {
  const { store, library, limits, log, now } = context;
  const schedule = await readSchedule(context);
  const locks = (await isDue(context, schedule)) ? await tryLocks(context, [LOCK]) : null;
  if (locks === null) return schedule;
  try {
    // Another process may have started it before the lock was acquired.
    const newest = await readSchedule(context);
    if (!(await isDue(context, newest))) return newest;
    // A running scan checks the schedule at its end.
    const [run] = (await store.runs.running()).filter(({ task }) => task === 'scan');
    if (run && isRunAlive(run, now(), limits.leaseMs)) return schedule;
    const jobs = await library.jobs();
    let job = jobs.find((one) => one.status === 'READY' && isJobOf(one, TASKS.scan.name)) ?? null;
    if (job === null) {
      await locks.check();
      const id = await library.startTask(TASKS.scan.name, {});
      log.info(`"${TASKS.scan.name}" was due (${schedule.expression}) and is in Stash's queue.`);
      job = await findAdded(context, id);
    }
    const started = { job: job && { id: job.id, addedAt: job.addedAt }, run: null };
    return { ...schedule, nextAt: await saveNextTime(context, schedule.expression, started), due: false };
  } finally {
    await locks.release();
  }
}

async function isDue(context: CutParts, { due, expression }: ScheduleView): Promise<boolean> {
  if (due) return true;
  const kept = expression === '' ? null : await context.store.state.get('schedule');
  if (kept?.started === undefined) return false;
  const { started, ...rest } = kept;
  const became = await whatBecameOf(context, started);
  // Noted, since Stash forgets its jobs when it is started anew.
  if (became === 'stopped') await context.store.state.set('schedule', rest);
  return became === 'cut short';
}

type CutParts = Pick<Context, 'store' | 'library' | 'limits' | 'now'>;

/** `cut short`: a restart of Stash ended it, in the queue or at work. What a person stopped there stays so until the next time. */
async function whatBecameOf(
  context: CutParts,
  { job, run: id }: NonNullable<StateValue<'schedule'>['started']>,
): Promise<'cut short' | 'stopped' | 'begun'> {
  const { store, library } = context;
  const run = (await store.runs.running()).find(({ task }) => task === 'scan');
  // It has ended.
  if (id !== null && run?.id !== id) return 'begun';
  const jobs = await library.jobs();
  if (run !== undefined)
    return id !== null && (await judgeRun(context, run, jobs)).byRestart ? 'cut short' : 'begun';
  if (jobs.some(isScan)) return 'begun';
  const state = await findJob(library, job, jobs);
  // It left the queue without a run: somebody took it out, and ten jobs have ended since.
  if (state === 'CANCELLED' || state === 'forgotten') return 'stopped';
  return state === 'restarted' ? 'cut short' : 'begun';
}

function isScan(job: StashJob): boolean {
  return isWaitingOrRunning(job) && isJobOf(job, TASKS.scan.name);
}

/** Any scan that begins counts as the due one. */
export async function scanBegins(context: ScheduleParts, runId: string): Promise<void> {
  const { expression, due } = await readSchedule(context);
  const kept = expression === '' ? null : await context.store.state.get('schedule');
  if (due || kept?.started?.run === null) await saveNextTime(context, expression, { job: null, run: runId });
}

/** @throws StashSenseError `bad-input` for an expression that is no schedule */
async function saveNextTime(
  { store, now }: Pick<Context, 'store' | 'now'>,
  expression: string,
  started?: StateValue<'schedule'>['started'],
): Promise<number | null> {
  const nextAt = nextDue(expression, new Date(now()))?.getTime() ?? null;
  await store.state.set('schedule', { expression, nextAt, ...(started !== undefined && { started }) });
  return nextAt;
}
