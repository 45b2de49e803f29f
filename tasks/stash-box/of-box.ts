import { hasCode } from '../../core/errors.ts';

/** A stash-box gave no answer, or a bad one, or Stash's settings no longer have it: the others can be asked all the same. */
export function isOfBox(error: unknown): boolean {
  return hasCode(error, 'stash-box-unreachable', 'stash-box-refused', 'stash-box-failed', 'not-found');
}
