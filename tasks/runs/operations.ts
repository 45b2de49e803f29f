import { DryRunItem } from '../../core/contract/runs.ts';
import { IDENTIFY_LIST, LIST_NAMES, TASK_MODES, TASKS, type TaskMode } from '../../core/runs/tasks.ts';
import { isJobOf } from './stash-jobs.ts';
import { listFailures, startRun } from './run-views.ts';
import { type AnyTask, type Operations, STOPPED } from './task.ts';

type Names = 'runs.failures' | 'runs.dryRun' | 'runs.retry' | 'runs.start';

export const runOperations: Pick<Operations, Names> = {
  'runs.failures': listFailures,

  'runs.dryRun': async ({ store }, { runId, limit, offset }) => {
    const { total, items } = await store.runs.dryRun(runId, limit, offset);
    return {
      total,
      // The store gives whole suggestions, with payload and evidence.
      items: items.map((item) => DryRunItem.parse(item)),
    };
  },

  'runs.retry': async (context) => {
    const { store } = context;
    let count = 0;
    for (const list of LIST_NAMES) {
      const retried = await store.work.retryFailed(list);
      count += retried;
      // No scan goes through this list, so its task is started for it.
      if (list === IDENTIFY_LIST && retried > 0) await startRun(context, 'identify');
    }
    return { count };
  },

  'runs.start': (context, { task }) => startRun(context, task),
};

/** @param tasks by mode, for their `onStopped` */
export const stopOperation = (tasks: Readonly<Record<TaskMode, AnyTask>>): Pick<Operations, 'stop'> => ({
  stop: async (context, { task }) => {
    const { store, library, limits } = context;
    const stopping: string[] = [];
    for (const mode of task === undefined ? TASK_MODES : [task]) {
      const run = await store.runs.askStop(mode);
      if (run !== null) stopping.push(mode);
      // `endAbandoned` ends a run that no process works on; then its job is removed from Stash's queue.
      if (run !== null && !(await store.runs.endAbandoned(run.id, limits.leaseMs, 'stopped', STOPPED)))
        continue;
      await tasks[mode].onStopped?.(context);
      for (const job of await library.jobs())
        if (job.status === 'READY' && isJobOf(job, TASKS[mode].name)) {
          await library.stopJob(job.id);
          if (run === null && !stopping.includes(mode)) stopping.push(mode);
        }
    }
    return { stopping };
  },
});
