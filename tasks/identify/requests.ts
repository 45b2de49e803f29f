/** What was asked to be identified and is not done yet. */
import type { EntityRef } from '../../core/content-id.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import { IDENTIFY_LIST, SCAN_LIST, TASKS } from '../../core/runs/tasks.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { isJobOf, isWaitingOrRunning } from '../runs/stash-jobs.ts';
import type { Context } from '../runs/task.ts';

/** The entity's items on the work lists. */
export async function pendingRequestsFor(
  { store }: Pick<Context, 'store'>,
  { kind, id }: EntityRef,
): Promise<WorkItem[]> {
  const items = await Promise.all([SCAN_LIST, IDENTIFY_LIST].map((list) => store.work.get(list, kind, id)));
  return items.filter((item) => item !== null);
}

/** Whether a run will work on the list: without a run or a queued job a pending request is stale. */
export async function identifyRuns({
  store,
  library,
  limits,
  now,
}: Pick<Context, 'store' | 'library' | 'limits' | 'now'>): Promise<boolean> {
  const running = await store.runs.running();
  if (running.some((run) => run.task === 'identify' && isRunAlive(run, now(), limits.leaseMs))) return true;
  return (await library.jobs()).some((job) => isWaitingOrRunning(job) && isJobOf(job, TASKS.identify.name));
}
