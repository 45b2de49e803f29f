import type { Ask } from '../../core/contract/operations.ts';
import type { TaskMode } from '../../core/runs/tasks.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { ask } from '../stash/operations.ts';
import { say } from '../stash/intl.tsx';

/** The tasks that can be started here; "Identify scene" starts from a scene's page, "Move data" from its dialog. */
export const STARTABLE = [
  'scan',
  'people',
  'link-stash-ids',
  'link-scenes',
  'health',
  'set-up',
] as const satisfies readonly TaskMode[];

export type Startable = Ask<'runs.start'>['task'];
export type Stoppable = NonNullable<Ask<'stop'>['task']>;

/** @returns what to say of it */
export async function startTask(task: Startable): Promise<string> {
  return queuedWords(task, await ask('runs.start', { task }));
}

export async function stopTask(task: Stoppable): Promise<string> {
  await ask('stop', { task });
  return say('runs.stopsAfterItem', { task: saidTask(task) });
}

export function queuedWords(task: Startable, { joined }: { joined: boolean }): string {
  const name = saidTask(task);
  return joined ? say('runs.underWayAlready', { task: name }) : say('runs.isQueued', { task: name });
}
