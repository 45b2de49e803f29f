import type { StashJob } from '../../core/ports/library.ts';
import { TASKS } from '../../core/runs/tasks.ts';

/** Stash says of a plugin's job only `Running plugin task: <name of the task>`; versions before 0.2 put their own name before it. */
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
