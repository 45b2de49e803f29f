import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Context } from '../runs/task.ts';

/** What making or undoing one write needs beside a `LibraryWriter`. */
export type EntryParts = Pick<Context, 'store' | 'library' | 'vision'>;
/** The same for the whole write path, which also locks and recovers. */
export type WriteParts = EntryParts & Pick<Context, 'log' | 'owner' | 'now' | 'sleep' | 'limits'>;

export function gone(entity: StashRef): StashSenseError {
  return new StashSenseError('not-found', message('stash.noEntity', { item: nameOfEntity(entity) }));
}
