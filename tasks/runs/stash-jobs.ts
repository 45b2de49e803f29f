import { logFault } from '../../core/log-fault.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Library, StashJob } from '../../core/ports/library.ts';
import { TASKS } from '../../core/runs/tasks.ts';

/** Whether it is a job of this plugin. Stash's description has only `Running plugin task: <task>`; before 0.2 our tasks began with `Stash Sense: `. */
export function isOurs(job: StashJob): boolean {
  return Object.values(TASKS).some(({ name }) => isJobOf(job, name));
}

export function isJobOf({ description }: StashJob, taskName: string): boolean {
  const [, said] = /^Running plugin task: (?:Stash Sense: )?(.*)$/is.exec(description) ?? [];
  return said === taskName;
}

export function isWaitingOrRunning({ status }: StashJob): boolean {
  return status === 'READY' || status === 'RUNNING' || status === 'STOPPING';
}

/** A job that was added a moment ago. Null where Stash does not answer: the job is in its queue all the same. */
export async function findAdded(
  { library, log }: { readonly library: Pick<Library, 'job'>; readonly log: Pick<Log, 'error'> },
  id: string,
): Promise<StashJob | null> {
  try {
    return await library.job(id);
  } catch (error) {
    logFault(log, error);
    return null;
  }
}
