/**
The picture of a performer, and the cover of a scene. Stash answers no value of it, only a file: in changes the SHA-256 of the file
stands for it, and null for the picture that Stash shows of what has none. The bytes come beside the change that sets it.
*/
import { StashSenseError } from '../errors.ts';
import { message } from '../messages/message.ts';
import type { Change, FieldChange, SetChange } from './change.ts';

export const PICTURE = 'picture';

export function isOfPicture(change: Change): boolean {
  return change.op === 'set' && change.field === PICTURE;
}

export function pictureChange(changes: readonly FieldChange[]): SetChange | null {
  for (const change of changes) if (change.op === 'set' && change.field === PICTURE) return change;
  return null;
}

/** @throws StashSenseError `bad-input` */
export function checkPicture(change: FieldChange): FieldChange {
  const { kind } = change.entity;
  if (kind !== 'performer' && kind !== 'scene')
    throw new StashSenseError('bad-input', message('changes.cannotWrite', { field: PICTURE, kind }));
  return change;
}

/** Stash takes no cover off a scene: where there was none before, it stays. */
export function staysForGood(change: FieldChange): boolean {
  return (
    isOfPicture(change) && change.entity.kind === 'scene' && change.op === 'set' && change.before === null
  );
}
