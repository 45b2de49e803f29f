/** What became of a run: whether a process works on it, and if not, how Stash's job ended that did. */
import type { RunView } from '../../core/contract/runs.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import type { JobRef, StashJob } from '../../core/ports/library.ts';
import type { Run } from '../../core/ports/runs.ts';
import { taskName } from '../../core/runs/tasks.ts';
import { isRunAlive } from './liveness.ts';
import { isJobOf, isWaitingOrRunning } from './stash-jobs.ts';
import { type Context, STOPPED } from './task.ts';

export type Verdict = {
  /** `ended` for a run in state `running`: somebody stopped it and its process could not store that. */
  readonly phase: RunView['phase'];
  /** Of `lost` and `ended`. */
  readonly message: Message;
  /** Stash was restarted while it ran or waited: what was started by the schedule goes on by itself. */
  readonly byRestart: boolean;
};

export type JudgeParts = Pick<Context, 'library' | 'limits' | 'now'>;

/** @param jobs Stash's queue; null: Stash does not answer */
export async function judgeRun(
  { library, limits, now }: JudgeParts,
  run: Run,
  jobs: readonly StashJob[] | null,
): Promise<Verdict> {
  const verdict = (phase: Verdict['phase'], said: Message = run.message, byRestart = false): Verdict => ({
    phase,
    message: said,
    byRestart,
  });
  if (run.state !== 'running') return verdict('ended');
  const job = await findJob(library, run.job, jobs);
  if (isRunAlive(run, now(), limits.leaseMs))
    // Stash has killed its process a moment ago.
    return verdict(run.wanted === 'stop' || job === 'CANCELLED' ? 'stopping' : 'working');
  if (job === 'RUNNING' || job === 'STOPPING')
    return verdict(run.wanted === 'stop' || job === 'STOPPING' ? 'stopping' : 'working');
  if (job === 'READY') return verdict('waiting');
  if (job === 'CANCELLED') return verdict('ended', message('runs.stoppedInStash'));
  if (jobs?.some((one) => isWaitingOrRunning(one) && isJobOf(one, taskName(run.task))) === true)
    return verdict('waiting');
  if (run.wanted === 'stop') return verdict('ended', STOPPED);
  if (job === 'restarted') return verdict('lost', cut(message('runs.cut.stashRestarted')), true);
  if (job === 'forgotten') return verdict('lost', cut(message('runs.cut.forgotten')));
  if (run.interruption !== null) return verdict('lost', cut(run.interruption));
  return verdict('lost', cut(message(job === 'unknown' ? 'runs.cut.unknown' : 'runs.cut.processEnded')));
}

function cut(why: Message): Message {
  return joined([why, message('runs.cut.goesOn')]) ?? why;
}

/** The state of exactly this job. `unknown`: there is nobody to ask. */
export async function findJob(
  library: Pick<Context['library'], 'job'>,
  ref: JobRef | null,
  jobs: readonly StashJob[] | null,
): Promise<StashJob['status'] | 'restarted' | 'forgotten' | 'unknown'> {
  if (ref === null || jobs === null) return 'unknown';
  const isIt = (job: StashJob): boolean => job.id === ref.id && job.addedAt === ref.addedAt;
  const queued = jobs.find(isIt);
  if (queued !== undefined) return queued.status;
  const found = await library.job(ref.id);
  if (found !== null) return isIt(found) ? found.status : 'restarted';
  return (await hasLater(library, ref, jobs)) ? 'forgotten' : 'restarted';
}

/** Stash forgets a job when this many have ended after it (pkg/job/manager.go). */
const JOBS_KEPT = 10;
/** Jobs that may have ended since without one of our processes having asked. */
const MOST_JOBS_SINCE = 200;

/**
Whether Stash knows jobs with a higher id than that of a job it does not know. Ids begin at 1 when it is started anew: without
any it was restarted; with some it may have forgotten the job, or have had as many since a restart.
*/
async function hasLater(
  library: Pick<Context['library'], 'job'>,
  { id }: JobRef,
  jobs: readonly StashJob[],
): Promise<boolean> {
  if (jobs.some((job) => Number(job.id) > Number(id))) return true;
  // Of ids one after the other that it still knows one is asked for; two fewer, since jobs can end out of turn.
  const stride = JOBS_KEPT - 2;
  const ids = Array.from({ length: MOST_JOBS_SINCE / stride }, (_, n) => Number(id) + stride * (n + 1));
  const found = await Promise.all(ids.map(async (later) => await library.job(String(later))));
  return found.some((job) => job !== null);
}
