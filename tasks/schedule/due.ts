import { saidOf } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import { TASKS } from '../../core/runs/tasks.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { tryLocks } from '../runs/locks.ts';
import { isJobOf } from '../runs/stash-jobs.ts';
import { nextDue } from './next-run.ts';
import type { Context } from '../runs/task.ts';

export type ScheduleView = {
  readonly expression: string;
  readonly nextAt: number | null;
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
  const locks = schedule.due ? await tryLocks(context, [LOCK]) : null;
  if (locks === null) return schedule;
  try {
    // Another process may have started it before the lock was acquired.
    if (!(await readSchedule(context)).due) return await readSchedule(context);
    // A running scan checks the schedule at its end.
    const [run] = (await store.runs.running()).filter(({ task }) => task === 'scan');
    if (run && isRunAlive(run, now(), limits.leaseMs)) return schedule;
    const jobs = await library.jobs();
    if (!jobs.some((job) => job.status === 'READY' && isJobOf(job, TASKS.scan.name))) {
      await locks.check();
      await library.startTask(TASKS.scan.name, {});
      log.info(`"${TASKS.scan.name}" was due (${schedule.expression}) and is in Stash's queue.`);
    }
    return { ...schedule, nextAt: await saveNextTime(context, schedule.expression), due: false };
  } finally {
    await locks.release();
  }
}

/** Any scan that begins counts as the due one. */
export async function scanBegins(context: ScheduleParts): Promise<void> {
  const { expression, due } = await readSchedule(context);
  if (due) await saveNextTime(context, expression);
}

/** @throws StashSenseError `bad-input` for an expression that is no schedule */
async function saveNextTime(
  { store, now }: Pick<Context, 'store' | 'now'>,
  expression: string,
): Promise<number | null> {
  const nextAt = nextDue(expression, new Date(now()))?.getTime() ?? null;
  await store.state.set('schedule', { expression, nextAt });
  return nextAt;
}
