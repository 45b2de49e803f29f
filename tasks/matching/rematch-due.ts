import { TASKS } from '../../core/runs/tasks.ts';
import { isRunAlive } from '../runs/liveness.ts';
import { tryLocks } from '../runs/locks.ts';
import { isWaitingOrRunning } from '../runs/stash-jobs.ts';
import { currentMatcherVersion, type MatcherVersionParts } from './recognizer.ts';
import type { Context } from '../runs/task.ts';

/** Minimum interval between two starts, since each accepted suggestion changes a performer's references. */
const MIN_INTERVAL_MS = 2 * 60_000;
const LOCK = 'rematch-due';

/**
Starts a rematch when references, confirmed faces, who is expected in scenes, the threshold or the face pack have changed, or are
to, and no run is working that would do it.
Called by the operation `status`, since the plugin has no resident process.
*/
export async function startRematchIfDue(
  context: MatcherVersionParts & Pick<Context, 'library' | 'owner' | 'limits' | 'log' | 'now'>,
): Promise<void> {
  const { store, library, now, log } = context;
  const locks = (await isDue(context)) ? await tryLocks(context, [LOCK]) : null;
  if (locks === null) return;
  try {
    const startedAt = await store.state.get('rematch-started-at');
    if (startedAt !== null && now() - startedAt < MIN_INTERVAL_MS) return;
    if ((await library.jobs()).some(isWaitingOrRunning)) return;
    await store.state.set('rematch-started-at', now());
    await library.startTask(TASKS.people.name, { only: 'match' });
    log.debug(
      'The people that are known or expected, or the lowest confidence of a match, have changed: everything seen is matched again.',
    );
  } finally {
    await locks.release();
  }
}

async function isDue(context: MatcherVersionParts & Pick<Context, 'limits' | 'now'>): Promise<boolean> {
  const { store, vision, limits, now } = context;
  const pack = await store.state.get('face-pack');
  const isPackWanted = pack !== null && pack.wanted !== pack.inUse;
  if (!isPackWanted && (await store.state.get('all-matched-with')) === (await currentMatcherVersion(context)))
    return false;
  const running = await store.runs.running();
  if (running.some((run) => isRunAlive(run, now(), limits.leaseMs))) return false;
  return isPackWanted || (await store.observations.entitiesAfter(vision.packId, null, 1)).length > 0;
}
