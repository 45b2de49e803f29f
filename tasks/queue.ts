import type { StashJob } from '../core/ports.ts';

/** By mode, the names in stash-sense.yml: stored in Stash's queue, so never changed. */
export const TASK_NAMES = {
  'set-up': 'Set up',
  people: 'Update people',
  scan: 'Scan library',
  identify: 'Identify scene',
  'move-data': 'Move data',
} as const;

/** Stash says of a plugin's job only `Running plugin task: <name of the task>`; versions before 0.2 put their own name before it. */
export function isOurs(job: StashJob): boolean {
  return Object.values(TASK_NAMES).some((name) => isJobOf(job, name));
}

export function isJobOf({ description }: StashJob, taskName: string): boolean {
  const [, said] = /^Running plugin task: (?:Stash Sense: )?(.*)$/is.exec(description) ?? [];
  return said === taskName;
}

export function isWaitingOrRunning({ status }: StashJob): boolean {
  return status === 'READY' || status === 'RUNNING' || status === 'STOPPING';
}
