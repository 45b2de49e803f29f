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

export function taskName(mode: string): string {
  if (mode === 'identify') return 'Identify scene';
  if (mode === 'move-data') return 'Move data';
  return TASKS.find((task) => task.mode === mode)?.name ?? mode;
}
