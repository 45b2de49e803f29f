import { message, type Message } from '../messages/message.ts';
import type { ReferenceState } from '../ports/people.ts';

/** Why a performer with references in these states cannot be recognised. Null: at least one is used. */
export function reasonWithoutReference(
  states: readonly ReferenceState[],
  { hasPicture }: { readonly hasPicture: boolean },
): Message | null {
  const there = new Set(states.filter((state) => state !== 'withdrawn'));
  if (there.has('used')) return null;
  if (there.size === 0) return hasPicture ? message('learn.noPictureReadable') : message('learn.noPicture');
  if (there.has('set-aside')) return message('learn.allSetAside');
  if (there.has('several-faces')) return message('learn.severalFaces');
  if (there.has('drawing')) return message('learn.drawings');
  if (there.has('no-face')) return message('learn.noFace');
  return message('learn.noPictureReadable');
}
