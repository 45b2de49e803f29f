import { z } from 'zod';
import { saidOf } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import { TASKS } from '../../core/runs/tasks.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { takeLocks } from '../runs/locks.ts';
import { isJobOf } from '../runs/stash-jobs.ts';
import { nextDue } from './next-run.ts';
import type { Context } from '../runs/task.ts';

export type ScheduleView = {
  readonly expression: string;
  readonly nextAt: number | null;
  readonly due: boolean;
  /** Why the setting is no schedule. */
  readonly problem: Message | null;
};

const Kept = z.object({ expression: z.string(), nextAt: z.number().nullable() });
const KEY = 'schedule';
const LOCK = 'schedule';

/** When "Scan library" is to start by itself. The time is kept: one that passed while nobody asked is still due. */
export async function readSchedule({
  store,
  settings,
  now,
}: Pick<Context, 'store' | 'settings' | 'now'>): Promise<ScheduleView> {
  const expression = settings.schedule;
  if (expression === '') return { expression, nextAt: null, due: false, problem: null };
  const kept = Kept.safeParse(await store.state.get(KEY));
  try {
    if (!kept.success || kept.data.expression !== expression) {
      const nextAt = await keepNextTime({ store, now }, expression);
      return { expression, nextAt, due: false, problem: null };
    }
    const { nextAt } = kept.data;
    return { expression, nextAt, due: nextAt !== null && nextAt <= now(), problem: null };
  } catch (error) {
    return { expression, nextAt: null, due: false, problem: saidOf(error) };
  }
}

/** Puts a due scan into Stash's queue, once, however many processes ask. */
export async function startIfDue(context: Context): Promise<ScheduleView> {
  const { store, library, limits, log, now } = context;
  const schedule = await readSchedule(context);
  const locks = schedule.due ? await takeLocks(context, [LOCK]) : null;
  if (locks === null) return schedule;
  try {
    // Somebody else may have started it between our look and our claim.
    if (!(await readSchedule(context)).due) return await readSchedule(context);
    // One at work asks again when it ends.
    const [run] = (await store.runs.running()).filter(({ task }) => task === 'scan');
    if (run && isRunAlive(run, now(), limits.leaseMs)) return schedule;
    const jobs = await library.jobs();
    if (!jobs.some((job) => job.status === 'READY' && isJobOf(job, TASKS.scan.name))) {
      await locks.check();
      await library.startTask(TASKS.scan.name, {});
      log.info(`"${TASKS.scan.name}" was due (${schedule.expression}) and is in Stash's queue.`);
    }
    return { ...schedule, nextAt: await keepNextTime(context, schedule.expression), due: false };
  } finally {
    await locks.release();
  }
}

/** A scan that begins for whatever reason is the one that was due. */
export async function scanBegins(context: Pick<Context, 'store' | 'settings' | 'now'>): Promise<void> {
  const { expression, due } = await readSchedule(context);
  if (due) await keepNextTime(context, expression);
}

/** @throws StashSenseError `bad-input` for an expression that is no schedule */
async function keepNextTime(
  { store, now }: Pick<Context, 'store' | 'now'>,
  expression: string,
): Promise<number | null> {
  const nextAt = nextDue(expression, new Date(now()))?.getTime() ?? null;
  await store.state.set(KEY, { expression, nextAt });
  return nextAt;
}
