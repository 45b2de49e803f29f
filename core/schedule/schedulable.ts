import type { TaskMode } from '../runs/tasks.ts';

/**
The tasks that a schedule can start, in the order in which those that are due at once stand in Stash's queue.

Imports no package, so that the page's bundle does not contain zod.
*/
export const SCHEDULABLE = [
  'scan',
  'people',
  'health',
  'link-stash-ids',
  'link-scenes',
] as const satisfies readonly TaskMode[];
export type Schedulable = (typeof SCHEDULABLE)[number];

export function isSchedulable(mode: string): mode is Schedulable {
  return SCHEDULABLE.some((one) => one === mode);
}
