/** Undoes an entry of the journal. Records the start, so that after a crash the rest can still be undone. */
import { fieldChangesOf } from '../../core/changes/values.ts';
import { isSameObject } from '../../core/changes/identity.ts';
import { isPartlyReverted, isReverted } from '../../core/changes/invert.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { Write } from '../../core/changes/write.ts';
import { pictureChange } from '../../core/changes/picture.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfObject } from '../../core/messages/names.ts';
import type { LibraryWriter } from '../../core/ports/library.ts';
import { onWriteUndone } from '../accepted/confirm-reference.ts';
import type { Creation } from './creation.ts';
import { forgetReplaced, readObject, replacedBy } from './picture.ts';
import { gone, namesFor, type EntryParts } from './write-parts.ts';

export function createReverts(
  { store, library, vision }: EntryParts,
  writer: LibraryWriter,
  creation: Creation,
) {
  /** Ids of the entries whose undo was begun. */
  const begun = async (): Promise<string[]> => (await store.state.get('undo-begun')) ?? [];
  const begin = async ({ id }: JournalEntry): Promise<void> => {
    await store.state.set('undo-begun', [...new Set([...(await begun()), id])]);
  };
  const end = async (id: string): Promise<void> => {
    await store.state.set(
      'undo-begun',
      (await begun()).filter((other) => other !== id),
    );
  };
  const settleUndone = async (entry: JournalEntry): Promise<void> => {
    await store.transaction(async () => {
      await store.journal.settle(entry.id, 'undone');
      await forgetReplaced(store, entry.id);
      await onWriteUndone(store, vision.seenBy, entry);
      await end(entry.id);
    });
  };

  const revert: Write['revert'] = async (entry, dueOf) => {
    if (creation.isOne(entry)) {
      await creation.destroy(entry, () => begin(entry));
      await settleUndone(entry);
      return;
    }
    const object = await readObject(library, entry.entity, entry.changes);
    if (object === null) throw gone(entry.entity, entry.entityTitle);
    if (!isSameObject(entry.identity, object.identity, entry.changes))
      throw new StashSenseError(
        'changed-since',
        message('changes.anotherObject', { item: nameOfObject(object) }),
      );
    const due = await dueOf(object, (await begun()).includes(entry.id));
    if ('refused' in due) throw new StashSenseError('changed-since', due.refused);
    const picture = await replacedBy(store, entry.id);
    const isWanted = (pictureChange(due.changes)?.after ?? null) !== null;
    // It was deleted with what is kept of a scene that was excluded.
    if (isWanted && picture === null)
      throw new StashSenseError(
        'changed-since',
        message('undo.noCover', { summary: entry.summary, item: nameOfObject(object) }),
      );
    await begin(entry);
    await writer.change(object, due.changes, namesFor(store, entry.entity), picture);
    const now = await readObject(library, entry.entity, entry.changes);
    if (now !== null && !isReverted(fieldChangesOf(entry.changes), now))
      throw new StashSenseError('stash-refused', message('undo.notKept', { summary: entry.summary }));
    await settleUndone(entry);
  };

  /** Settles an undo that a crash interrupted. A partly reverted entry stays begun, so that the rest can still be undone. */
  const recover = async (id: string): Promise<void> => {
    const entry = await store.journal.get(id);
    if (entry?.state !== 'written') return await end(id);
    if (creation.isOne(entry))
      return (await creation.isGone(entry)) ? await settleUndone(entry) : await end(id);
    const object = await readObject(library, entry.entity, entry.changes);
    if (object === null || !isSameObject(entry.identity, object.identity, entry.changes))
      return await end(id);
    const changes = fieldChangesOf(entry.changes);
    if (isReverted(changes, object)) await settleUndone(entry);
    else if (!isPartlyReverted(changes, object)) await end(id);
  };

  return { revert, recover, begun };
}
