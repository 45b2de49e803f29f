import { randomUUID } from 'node:crypto';
import type { Input, Output } from '../../core/contract/operations.ts';
import { IDENTIFY_LIST, TASKS } from '../../core/runs/tasks.ts';
import { isJobOf } from '../runs/stash-jobs.ts';
import type { Context } from '../runs/task.ts';

/** Far more than what a person waits for at one time. */
const WAITED_FOR_AT_MOST = 500;

/**
Enqueues entities of one kind behind those that a person waits for, and has *Identify scene* look at them. Stash is not asked
about each: what it does not have, or the settings exclude, is skipped when its turn comes.
*/
export async function identifyMany(
  { store, library }: Pick<Context, 'store' | 'library'>,
  { kind, ids }: Input<'entities.identify'>,
): Promise<Output<'entities.identify'>> {
  const wanted = new Set(ids);
  const revision = randomUUID();
  const upcoming = await store.work.upcoming(IDENTIFY_LIST, WAITED_FOR_AT_MOST);
  // A person who waits for one of them may have asked for a new look, which another revision would take away.
  const isWaitedFor = new Set(
    upcoming.filter((item) => item.kind === kind && item.priority > 0).map(({ id }) => id),
  );
  await store.work.enqueue(
    IDENTIFY_LIST,
    // The title is known when its turn comes.
    [...wanted]
      .filter((id) => !isWaitedFor.has(id))
      .map((id) => ({ kind, id, title: '', revision, priority: 0 })),
  );
  // A run at work may have read the end of the list already; one that waits has not.
  const jobs = await library.jobs();
  if (!jobs.some((job) => job.status === 'READY' && isJobOf(job, TASKS.identify.name)))
    await library.startTask(TASKS.identify.name, { scene_ids: [] });
  return { count: wanted.size };
}
