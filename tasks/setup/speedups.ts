/**
What is gained by fetching a part, as `npm run bench` measured it. The numbers are ratios of one run on one machine with
nothing else to do: others will see others, so the machine is always named. sharp: a photograph of 540 x 720, 8 ms beside 90.
*/
import { message, type Message, type MessageId } from '../../core/messages/message.ts';
import { TASKS } from '../../core/runs/tasks.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';

/** Beside the twins that need nothing fetched. */
const GAINS: Readonly<Record<string, MessageId>> = {
  'onnxruntime-node': 'setup.gain.onnxruntime-node',
  sharp: 'setup.gain.sharp',
  usearch: 'setup.gain.usearch',
};

/** Null where nothing was measured. */
export function gainOf({ kind, provides }: Pick<Artifact, 'kind' | 'provides'>): Message | null {
  if (kind === 'cuda') return message('setup.gain.cuda', { task: TASKS['set-up'].name });
  const gain = kind === 'runtime' && Object.hasOwn(GAINS, provides) ? GAINS[provides] : undefined;
  return gain === undefined ? null : message(gain);
}
