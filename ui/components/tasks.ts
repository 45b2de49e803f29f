import type { Ask } from '../../core/contract.ts';
import { ask } from '../stash/operations.ts';

/** The tasks that can be started here, as Stash's Tasks menu names them. */
export const TASKS = [
  {
    mode: 'scan',
    name: 'Scan library',
    description: 'Looks for known faces in new and changed scenes. Goes on where it was.',
  },
  {
    mode: 'people',
    name: 'Update people',
    description: 'Learns the faces of your performers from their pictures in Stash.',
  },
  {
    mode: 'set-up',
    name: 'Set up',
    description:
      'Checks what is there, fetches what you agreed to on the Status tab, and uses what is fastest.',
  },
] as const;

export type Startable = Ask<'runs.start'>['task'];
export type Stoppable = NonNullable<Ask<'stop'>['task']>;

/** @returns what to say of it */
export async function startTask(task: Startable): Promise<string> {
  return queuedWords(task, await ask('runs.start', { task }));
}

export async function stopTask(task: Stoppable): Promise<string> {
  await ask('stop', { task });
  return `${taskName(task)} stops after what it has in hand.`;
}

export function queuedWords(task: Startable, { joined }: { joined: boolean }): string {
  return joined ? `${taskName(task)} is under way already.` : `${taskName(task)} is in Stash's queue.`;
}

export function taskName(mode: string): string {
  if (mode === 'identify') return 'Identify scene';
  if (mode === 'move-data') return 'Move data';
  return TASKS.find((task) => task.mode === mode)?.name ?? mode;
}
