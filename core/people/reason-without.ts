import { message, type Message } from '../messages/message.ts';
import type { StashPerformer } from '../ports/library.ts';
import type { ReferencePicture } from '../ports/people.ts';

const NOT_THERE: readonly ReferencePicture['state'][] = ['withdrawn', 'spare'];

/**
Why a performer with these references of one pack cannot be recognised. Null: at least one is used.
@param performer null: not learnt yet
*/
export function reasonWithoutReference(
  references: readonly Pick<ReferencePicture, 'state'>[],
  performer: Pick<StashPerformer, 'imagePath'> | null,
): Message | null {
  const there = new Set(references.map(({ state }) => state).filter((state) => !NOT_THERE.includes(state)));
  if (there.has('used')) return null;
  if (there.size === 0)
    return performer?.imagePath == null ? message('learn.noPicture') : message('learn.noPictureReadable');
  if (there.has('set-aside')) return message('learn.allSetAside');
  if (there.has('several-faces')) return message('learn.severalFaces');
  if (there.has('drawing')) return message('learn.drawings');
  if (there.has('no-face')) return message('learn.noFace');
  return message('learn.noPictureReadable');
}
