import { randomUUID } from 'node:crypto';
import type { Input, Output } from '../../core/contract/operations.ts';
import { IDENTIFY_LIST, TASKS } from '../../core/runs/tasks.ts';
import { isJobOf } from '../runs/stash-jobs.ts';
import type { Context } from '../runs/task.ts';

/** Rows of one write, during which no other process can write: about 0.3 s on two busy cores. */
const AT_ONCE = 5000;

/**
Enqueues entities of one kind behind those that a person waits for, and has *Identify scene* look at them. Stash is not asked
about each: what it does not have, or the settings exclude, is skipped when its turn comes.
*/
export async function identifyMany(
  { store, library }: Pick<Context, 'store' | 'library'>,
  { kind, ids }: Input<'entities.identify'>,
): Promise<Output<'entities.identify'>> {
  const wanted = [...new Set(ids)];
  const revision = randomUUID();
  for (let from = 0; from < wanted.length; from += AT_ONCE)
    await store.work.enqueue(
      IDENTIFY_LIST,
      // The title is known when its turn comes.
      wanted.slice(from, from + AT_ONCE).map((id) => ({ kind, id, title: '', revision, priority: 0 })),
      // A person who waits for one of them may have asked for a new look, which another revision would take away.
      { isBackground: true },
    );
  // A run at work may have read the end of the list already; one that waits has not.
  const jobs = await library.jobs();
  if (!jobs.some((job) => job.status === 'READY' && isJobOf(job, TASKS.identify.name)))
    await library.startTask(TASKS.identify.name, { scene_ids: [] });
  return { count: wanted.length };
}
