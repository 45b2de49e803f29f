import { hasCode } from '../../core/errors.ts';
import { isOfBox as isTroubleOfBox } from '../reference-packs/build/work-on.ts';

/** A stash-box gave no answer, or a bad one, or Stash's settings no longer have it: the others can be asked all the same. */
export function isOfBox(error: unknown): boolean {
  return isTroubleOfBox(error) || hasCode(error, 'not-found');
}
