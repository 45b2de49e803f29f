import type { StashJob } from '../../core/ports/library.ts';
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
