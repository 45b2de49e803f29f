import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { TaskMode } from '../../core/runs/tasks.ts';
import { judgeRun, type JudgeParts } from './judge-run.ts';
import type { AnyTask, Context } from './task.ts';

type Parts = JudgeParts & Pick<Context, 'store'>;

/**
Ends the runs that were stopped in Stash's queue: their process was killed and could not do it.

Never throws: without Stash or on a full disk the runs stay as they are, and `judgeRun` says the same of them the next time.
*/
export async function settleRuns(
  context: Context,
  tasks: Readonly<Record<TaskMode, Pick<AnyTask, 'onStopped'>>>,
): Promise<void> {
  try {
    for (const task of await endStopped(context))
      if (Object.hasOwn(tasks, task)) await tasks[task as TaskMode].onStopped?.(context);
  } catch (error) {
    context.log.debug(`runs: ${messageOf(error)}`);
    logFault(context.log, error);
  }
}

/** @param only of this task; absent: of all. @returns the tasks whose run was ended */
export async function endStopped(context: Parts, only?: TaskMode): Promise<string[]> {
  const { store, library, limits } = context;
  const runs = (await store.runs.running()).filter(({ task }) => only === undefined || task === only);
  if (runs.length === 0) return [];
  const jobs = await library.jobs();
  const ended: string[] = [];
  for (const run of runs) {
    const { phase, message } = await judgeRun(context, run, jobs);
    if (phase === 'ended' && (await store.runs.endAbandoned(run.id, limits.leaseMs, 'stopped', message)))
      ended.push(run.task);
  }
  return ended;
}
