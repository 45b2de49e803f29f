import type { Waiting } from '../../core/contract/schedule/view.ts';
import { isLiveTranscode } from '../../core/schedule/live-transcode.ts';
import { quietUntil } from '../../core/schedule/quiet-hours.ts';
import { ancestors, runningPrograms } from '../../plugin/system/running-programs.ts';
import { isOurs, isWaitingOrRunning } from '../runs/stash-jobs.ts';
import type { Context } from '../runs/task.ts';
import type { Plan } from './plan.ts';

/** A page says every five minutes that its video plays (`ui/playing.ts`). */
const PLAYS_FOR_MS = 7 * 60_000;

/** What keeps all that is due from being started now; null: nothing. */
export async function waitsFor(
  { store, library, now }: Pick<Context, 'store' | 'library' | 'now'>,
  plan: Plan,
  isTranscoding: () => Promise<boolean> = stashIsTranscoding,
): Promise<Waiting | null> {
  if (quietUntil(plan.quietHours, new Date(now())) !== null) return 'quiet';
  if (plan.waitsForQueue) {
    const jobs = await library.jobs();
    if (jobs.some((job) => isWaitingOrRunning(job) && !isOurs(job))) return 'queue';
  }
  if (!plan.waitsForWatching) return null;
  const playedAt = await store.state.get('played-at');
  // One that lies ahead is of a clock that was set back since.
  if (playedAt !== null && playedAt <= now() && now() - playedAt < PLAYS_FOR_MS) return 'watching';
  return (await isTranscoding()) ? 'watching' : null;
}

/** Whether Stash, which is an ancestor of this process, plays a video for somebody by an ffmpeg. */
async function stashIsTranscoding(): Promise<boolean> {
  const above = await ancestors();
  const programs = await runningPrograms('ffmpeg');
  return programs.some(({ parent, args }) => isLiveTranscode(args) && above.has(parent));
}
