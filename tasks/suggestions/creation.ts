/** Makes a performer, studio or tag in Stash; undo deletes it, as long as nothing uses it. */
import type { CreateChange, FieldValues } from '../../core/changes/change.ts';
import {
  checkCreation,
  hasValues,
  identityOfCreation,
  isAsMade,
  valuesOf,
} from '../../core/changes/creation.ts';
import { isSameObject } from '../../core/changes/identity.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { Write } from '../../core/changes/write.ts';
import { hasCode, policyOf, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfObject } from '../../core/messages/names.ts';
import type { LibraryWriter } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { onWriteCommitted } from '../accepted/confirm-reference.ts';
import { pictureHash, readPictureHash } from './picture.ts';
import { gone, type EntryParts } from './write-parts.ts';

export type Creation = ReturnType<typeof createCreation>;

export function createCreation({ store, library, vision }: EntryParts, writer: LibraryWriter) {
  const make: Write['create'] = async (plan) => {
    const picture = plan.picture ?? null;
    const { kind } = plan;
    const values = without(plan.values, await library.fieldsLacking(kind));
    const change: CreateChange = {
      ...checkCreation({ kind, values }),
      ...(picture !== null && { picture: pictureHash(picture) }),
    };
    const identity = identityOfCreation(change);
    const item = message('stash.titled', { title: identity.name });
    if ((await library.findNamed(change.kind, change.values)) !== null)
      throw new StashSenseError('changed-since', message('write.nameTaken', { item }));
    const planned = await store.journal.plan({
      batchId: plan.batchId,
      entity: { kind: change.kind, id: '' },
      entityTitle: identity.name,
      changes: [change],
      identity,
      summary: plan.summary,
      suggestionId: plan.suggestionId,
      by: plan.by,
    });
    let id: string;
    try {
      id = await writer.create(change.kind, change.values, picture);
    } catch (error) {
      if (policyOf(error).nothingWritten) await store.journal.settle(planned, 'void');
      throw error;
    }
    const entry = await settle(await store.journal.get(planned), id);
    if (entry?.state !== 'written')
      throw new StashSenseError('stash-refused', message('write.notKept', { title: identity.name }));
    return entry;
  };

  const ensureTag: Write['ensureTag'] = async (name, { batchId, by }) => {
    const values = { name: name.trim() };
    const known = await library.findNamed('tag', values);
    if (known !== null) return { id: known, made: null };
    const summary = message('history.madeTag', { tag: values.name });
    try {
      const made = await make({ kind: 'tag', values, summary, batchId, by, suggestionId: null });
      return { id: made.entity.id, made };
    } catch (error) {
      // Another client made the tag, or an alias of that name, between our query and our mutation.
      const isRefused = policyOf(error).nothingWritten || hasCode(error, 'changed-since');
      const there = isRefused ? await library.findNamed('tag', values) : null;
      if (there === null) throw error;
      return { id: there, made: null };
    }
  };

  return {
    isOne: (entry: JournalEntry): boolean => creationIn(entry) !== null,
    make,
    ensureTag,

    settle: (entry: JournalEntry): Promise<JournalEntry | null> => settle(entry, null),

    /**
    Deletes the object. Calls `begin` after all checks and before the delete.

    @throws StashSenseError `not-found`, `changed-since`
    */
    async destroy(entry: JournalEntry, begin: () => Promise<void>): Promise<void> {
      const change = creationIn(entry);
      const { kind, id } = entry.entity;
      if (change === null || kind !== change.kind) throw gone(entry.entity, entry.entityTitle);
      const object = await library.object(entry.entity);
      const usage = object === null ? null : await library.usage(change.kind, id);
      if (object === null || usage === null) throw gone(entry.entity, entry.entityTitle);
      const item = nameOfObject(object);
      if (!isSameObject(entry.identity, object.identity))
        throw new StashSenseError('changed-since', message('changes.anotherObject', { item }));
      if (usage.isUsed) throw new StashSenseError('changed-since', message('undo.isUsed', { item }));
      const isAsItWas =
        !usage.hasExtras &&
        isAsMade(object, change.values) &&
        (await readPictureHash(library, usage)) === (change.picture ?? null);
      if (!isAsItWas) throw new StashSenseError('changed-since', message('undo.wasChanged', { item }));
      await begin();
      await writer.destroy({ kind: change.kind, id });
      if (!(await isGone(entry)))
        throw new StashSenseError('stash-refused', message('undo.notKept', { summary: entry.summary }));
    },

    isGone,
  };

  /** @param answered the id that Stash returned; null after a crash: then the object is searched by its name */
  async function settle(entry: JournalEntry | null, answered: string | null): Promise<JournalEntry | null> {
    const change = entry === null ? null : creationIn(entry);
    if (entry === null || change === null) return null;
    const id = answered ?? (await library.findNamed(change.kind, change.values));
    const object = id === null ? null : await library.object({ kind: change.kind, id });
    await store.transaction(async () => {
      if (object === null || (answered === null && !hasValues(object, change.values)))
        await store.journal.settle(entry.id, 'void');
      else {
        const { entity } = object;
        const made: CreateChange = { ...change, values: valuesOf(object), id: entity.id };
        await store.journal.settle(entry.id, 'written', { changes: [made], entity });
        await onWriteCommitted(store, vision.seenBy, { ...entry, entity, changes: [made] });
      }
    });
    return await store.journal.get(entry.id);
  }

  async function isGone(entry: { readonly entity: StashRef; readonly identity: JournalEntry['identity'] }) {
    const object = await library.object(entry.entity);
    return object === null || !isSameObject(entry.identity, object.identity);
  }
}

/** What this version of Stash does not have is left out. */
function without(values: FieldValues, lacking: readonly string[]): FieldValues {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !lacking.includes(name)));
}

function creationIn({ changes }: JournalEntry): CreateChange | null {
  const [first] = changes;
  return first?.op === 'create' ? first : null;
}
