import { TASKS } from '../../core/runs/tasks.ts';
import type { Schedulable } from '../../core/schedule/schedulable.ts';
import type { StateValue } from '../../core/state-keys.ts';
import { findJob, judgeRun } from '../runs/judge-run.ts';
import { isJobOf, isWaitingOrRunning } from '../runs/stash-jobs.ts';
import type { Context } from '../runs/task.ts';

type Parts = Pick<Context, 'store' | 'library' | 'limits' | 'now'>;

export type Started = NonNullable<StateValue<'schedule'>['started']>;

/** `cut short`: a restart of Stash ended it, in the queue or at work. What a person stopped there stays so until the next time. */
export async function whatBecameOf(
  context: Parts,
  task: Schedulable,
  { job, run: id }: Started,
): Promise<'cut short' | 'stopped' | 'begun'> {
  const { store, library } = context;
  const run = (await store.runs.running()).find((one) => one.task === task);
  // It has ended.
  if (id !== null && run?.id !== id) return 'begun';
  const jobs = await library.jobs();
  if (run !== undefined)
    return id !== null && (await judgeRun(context, run, jobs)).byRestart ? 'cut short' : 'begun';
  if (jobs.some((one) => isWaitingOrRunning(one) && isJobOf(one, TASKS[task].name))) return 'begun';
  const state = await findJob(library, job, jobs);
  // It left the queue without a run: somebody took it out, and ten jobs have ended since.
  if (state === 'CANCELLED' || state === 'forgotten') return 'stopped';
  return state === 'restarted' ? 'cut short' : 'begun';
}
