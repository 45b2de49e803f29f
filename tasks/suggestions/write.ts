import { addedIds, fieldChangesOf } from '../../core/changes/values.ts';
import { isSameObject } from '../../core/changes/identity.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { isOfPicture } from '../../core/changes/picture.ts';
import { checkChanges, dueChanges, madeChanges } from '../../core/changes/plan.ts';
import type { ChangePlan, Changes } from '../../core/changes/write.ts';
import { hasCode, isRunWide, messageOf, policyOf, StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { message } from '../../core/messages/message.ts';
import { nameOfObject } from '../../core/messages/names.ts';
import type { LibraryWriter } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { tryLocks, type Locks } from '../runs/locks.ts';
import { onWriteCommitted } from '../accepted/confirm-reference.ts';
import { rememberFace } from '../accepted/withdraw-face.ts';
import { createCreation } from './creation.ts';
import { forgetReplaced, keepReplaced, readBeforeWrite, readObject } from './picture.ts';
import { createReverts } from './revert.ts';
import { gone, namesFor, type WriteParts } from './write-parts.ts';
import { inEnglish } from '../../core/messages/english.ts';

export const WRITE = 'write';
const PATIENCE_MS = { 'for a person': 20_000, 'in the background': 5 * 60_000 };

export function createChanges(parts: WriteParts, writer: LibraryWriter): Changes {
  const { store, library, exclusions, log, owner, now, sleep } = parts;
  const { leaseMs } = parts.limits;
  const limits = { leaseMs, heartbeatMs: Math.ceil(leaseMs / 8) };
  const creation = createCreation(parts, writer);
  const reverts = createReverts(parts, writer, creation);

  const make = async (plan: ChangePlan): Promise<JournalEntry | null> => {
    const { entity } = plan;
    for (const ref of [entity, ...performersAdded(plan)]) await exclusions.check(ref);
    const read = await readBeforeWrite(library, entity, plan.changes);
    if (read === null) throw gone(entity, await titleIn(plan));
    const { object } = read;
    if (plan.identity !== undefined && !isSameObject(plan.identity, object.identity))
      throw new StashSenseError(
        'changed-since',
        message('changes.anotherObject', { item: nameOfObject(object) }),
      );
    const due = dueChanges(checkChanges(plan.changes), object);
    if ('refused' in due) throw new StashSenseError('changed-since', due.refused);
    if (due.changes.length === 0) return null;
    const replaced = due.changes.some(isOfPicture) ? read.cover : null;
    const id = await store.transaction(async () => {
      const planned = await store.journal.plan({
        batchId: plan.batchId,
        entity,
        entityTitle: object.title,
        changes: [...due.changes],
        identity: object.identity,
        summary: plan.summary,
        suggestionId: plan.suggestionId,
        by: plan.by,
      });
      if (plan.face !== null) await rememberFace(store, planned, plan.face);
      await keepReplaced(store, planned, replaced);
      return planned;
    });
    try {
      await writer.change(object, due.changes, namesFor(store, entity), plan.picture);
    } catch (error) {
      // Refused, so nothing was written. After any other error the entry stays planned, and the next write settles it.
      if (policyOf(error).nothingWritten) await store.journal.settle(id, 'void');
      else if (hasCode(error, 'changed-since')) await settle(id);
      throw error;
    }
    const entry = await settle(id);
    if (entry?.state !== 'written')
      throw new StashSenseError('stash-refused', message('write.notKept', { title: object.title }));
    return entry;
  };

  /** For errors about what is no longer in Stash. */
  const titleIn = async ({ suggestionId }: ChangePlan): Promise<string> =>
    (suggestionId === null ? null : await store.suggestions.get(suggestionId))?.entityTitle ?? '';

  /** Reads from Stash what a planned write has changed, and settles the entry. */
  const settle = async (id: string): Promise<JournalEntry | null> => {
    const entry = await store.journal.get(id);
    if (entry === null) return null;
    if (creation.isOne(entry)) return await creation.settle(entry);
    const object = await readObject(library, entry.entity, entry.changes);
    const isSame = object !== null && isSameObject(entry.identity, object.identity, entry.changes);
    const made = isSame ? madeChanges(fieldChangesOf(entry.changes), object) : [];
    await store.transaction(async () => {
      if (!made.some(isOfPicture)) await forgetReplaced(store, id);
      if (made.length === 0) await store.journal.settle(id, 'void');
      else {
        await store.journal.settle(id, 'written', { changes: made });
        await onWriteCommitted(store, parts.vision.seenBy, { ...entry, changes: made });
      }
    });
    return await store.journal.get(id);
  };

  const recover = async (): Promise<void> => {
    for (const { id, summary } of await store.journal.planned()) {
      const change = inEnglish(summary);
      await recoverOrWarn(change, async () => {
        const entry = await settle(id);
        log.info(`Found a write that was cut short (${change}): it was ${wasDone(entry)}.`);
      });
    }
    for (const id of await reverts.begun()) await recoverOrWarn(`undo of ${id}`, () => reverts.recover(id));
  };

  /** An entry that cannot be settled is left for the next time and does not prevent other writes. */
  const recoverOrWarn = async (what: string, recoverEntry: () => Promise<void>): Promise<void> => {
    try {
      await recoverEntry();
    } catch (error) {
      if (isRunWide(error)) throw error;
      logFault(log, error);
      log.warn(`A write that was cut short (${what}) cannot be looked up: ${messageOf(error)}`);
    }
  };

  return {
    async exclusively(work, waiting = 'for a person') {
      const began = now();
      let locks: Locks | null;
      while ((locks = await tryLocks({ store, owner, limits }, [WRITE])) === null) {
        if (now() - began > PATIENCE_MS[waiting]) throw new StashSenseError('busy', message('write.busy'));
        await sleep(50);
      }
      try {
        await recover();
        return await work({
          make,
          create: creation.make,
          revert: reverts.revert,
          ensureTag: creation.ensureTag,
        });
      } finally {
        await locks.release();
      }
    },
  };
}

function performersAdded({ changes }: ChangePlan): StashRef[] {
  return addedIds(changes, 'performers').map((id) => ({ kind: 'performer', id }));
}

function wasDone(entry: JournalEntry | null): string {
  return entry?.state === 'written' ? 'done' : 'not done';
}
