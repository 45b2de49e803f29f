import type { StashJob } from '../core/ports.ts';

/** By mode, the names in stash-sense.yml: stored in Stash's queue, so never changed. */
export const TASK_NAMES = {
  'set-up': 'Set up',
  people: 'Update people',
  scan: 'Scan library',
  identify: 'Identify scene',
} as const;

/** Stash says of a plugin's job only `Running plugin task: <name of the task>`. */
export function isOurs(job: StashJob): boolean {
  return Object.values(TASK_NAMES).some((name) => isJobOf(job, name));
}

export function isJobOf({ description }: StashJob, taskName: string): boolean {
  return /^Running plugin task: /i.test(description) && description.endsWith(taskName);
}

export function isWaitingOrRunning({ status }: StashJob): boolean {
  return status === 'READY' || status === 'RUNNING' || status === 'STOPPING';
}
