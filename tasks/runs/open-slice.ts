import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { Run } from '../../core/ports/runs.ts';
import { takenOver } from '../../core/runs/taken-over.ts';
import type { StashJob } from '../../core/ports/library.ts';
import { TASKS, type ListName } from '../../core/runs/tasks.ts';
import { createProgress } from './progress.ts';
import { isJobOf, isOurs } from './stash-jobs.ts';
import type { AnyTask, Context, Slice } from './task.ts';

/** The slice that a task gets, and the methods for its caller only. */
export type OpenSlice = {
  readonly slice: Slice;
  /** The lists that the task has worked on. */
  readonly lists: ReadonlySet<ListName>;
  /** Unlike `stopped`, does not throw when another process has taken over. */
  isStopWanted(): boolean;
  /** Releases the items of its lists that this process has claimed. */
  releaseItems(): Promise<void>;
  /** Ends the renewal of leases and the progress reports. Can be called twice. */
  close(): void;
};

/** Renews the leases of a run and stores its progress, until `close`. */
export function openSlice(
  {
    store,
    library,
    owner,
    limits,
    log,
    now,
  }: Pick<Context, 'store' | 'library' | 'owner' | 'limits' | 'log' | 'now'>,
  task: AnyTask,
  run: Run,
  itemDurations: Readonly<Record<string, number>>,
): OpenSlice {
  const began = now();
  const progress = createProgress(run, task.mode, itemDurations);
  const lists = new Set<ListName>();
  const lease = store.leases.keep({ run, owner }, limits.heartbeatMs);
  const leases = [lease];
  let queueCheckedAt = -Infinity;
  let waiting: readonly StashJob[] = [];
  let publishing = false;
  let hasAdvanced = false;

  const publish = (): Promise<Run> => store.runs.heartbeat(run.id, owner, progress.snapshot());
  const beat = async (): Promise<void> => {
    if (publishing) return;
    publishing = true;
    try {
      log.progress((await publish()).fraction);
    } catch (error) {
      log.debug(`progress: ${messageOf(error)}`);
      logFault(log, error);
    } finally {
      publishing = false;
    }
  };
  const timer = setInterval(() => void beat(), limits.heartbeatMs);

  /** The jobs that wait in Stash's queue, as they were a moment ago; none where no queue is held. */
  const waitingJobs = async (): Promise<readonly StashJob[]> => {
    if (limits.sliceMs === Infinity) return [];
    if (now() - queueCheckedAt >= limits.queueCheckMs) {
      queueCheckedAt = now();
      waiting = (await library.jobs()).filter(({ status }) => status === 'READY');
    }
    return waiting;
  };

  const timeIsUp = async (): Promise<boolean> => {
    if (!hasAdvanced) return false;
    const workedMs = now() - began;
    if (workedMs >= limits.sliceMs) return true;
    if (workedMs < limits.sliceMinimumMs) return false;
    return (await waitingJobs()).some((job) => !isOurs(job));
  };

  const isStopWanted = (): boolean => run.wanted === 'stop' || lease.wanted === 'stop';
  const isStopped = (): boolean => {
    if (lease.lost) throw takenOver();
    return isStopWanted();
  };

  return {
    lists,
    slice: {
      run,
      progress,
      renewsLeaseOf(list) {
        if (lists.has(list)) return;
        lists.add(list);
        leases.push(store.leases.keep({ list, owner }, limits.heartbeatMs));
      },
      advanced() {
        hasAdvanced = true;
      },
      async publish() {
        await publish();
      },
      async shouldYield() {
        return isStopped() || (await timeIsUp());
      },
      async othersWait() {
        const { name } = TASKS[task.mode];
        return isStopped() || (await waitingJobs()).some((job) => !isJobOf(job, name));
      },
      async stopped() {
        return isStopped();
      },
    },
    isStopWanted,
    async releaseItems() {
      for (const list of lists) await store.work.release(list, owner);
    },
    close() {
      clearInterval(timer);
      for (const entry of leases) entry.end();
    },
  };
}
