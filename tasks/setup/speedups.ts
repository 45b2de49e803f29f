/**
The gain of each artifact, measured with `npm run bench`. The numbers are ratios of one run on one idle machine, which the texts
name, since they differ on other machines. sharp: a photograph of 540 x 720 in 8 ms instead of 90.
*/
import { message, type Message, type MessageId } from '../../core/messages/message.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';

/** Compared with the portable twins, which need no download. */
const GAINS: Readonly<Record<string, MessageId>> = {
  'onnxruntime-node': 'setup.gain.onnxruntime-node',
  sharp: 'setup.gain.sharp',
  usearch: 'setup.gain.usearch',
};

/** Null when nothing was measured. */
export function gainOf({ kind, provides }: Pick<Artifact, 'kind' | 'provides'>): Message | null {
  if (kind === 'cuda') return message('setup.gain.cuda', { task: saidTask('set-up') });
  const gain = kind === 'runtime' && Object.hasOwn(GAINS, provides) ? GAINS[provides] : undefined;
  return gain === undefined ? null : message(gain);
}
