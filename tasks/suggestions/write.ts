import type { Change, ChangePlan, Changes, PerformersAndTagIds } from '../../core/suggestions/changes.ts';
import { isRunWide, messageOf, policyOf, StashSenseError } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { LibraryWriter, StashEntity } from '../../core/ports/library.ts';
import type { JournalEntry } from '../../core/suggestions/suggestion.ts';
import { onWriteUndone, onWriteCommitted, rememberFace } from './confirm-reference.ts';
import { takeLocks, type Locks } from '../runs/locks.ts';
import type { Context } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

type Parts = Pick<Context, 'store' | 'library' | 'vision' | 'log' | 'owner' | 'now' | 'sleep' | 'limits'>;

export const WRITE = 'write';
const PATIENCE_MS = { 'for a person': 20_000, 'in the background': 5 * 60_000 };
/** Entries whose undo was begun. */
const UNDOING = 'undo-begun';

export function createChanges(parts: Parts, writer: LibraryWriter): Changes {
  const { store, library, log, owner, now, sleep } = parts;
  const { leaseMs } = parts.limits;
  const limits = { leaseMs, heartbeatMs: Math.ceil(leaseMs / 8) };

  const make = async (plan: ChangePlan): Promise<JournalEntry | null> => {
    const { item } = plan;
    const add = {
      performerIds: without(plan.add?.performerIds, item.performerIds),
      tagIds: without(plan.add?.tagIds, item.tagIds),
    };
    const remove = {
      performerIds: within(plan.remove?.performerIds, item.performerIds),
      tagIds: within(plan.remove?.tagIds, item.tagIds),
    };
    if (isEmpty(add) && isEmpty(remove)) return null;
    const entity = { kind: item.kind, id: item.id };
    const id = await store.transaction(async () => {
      const planned = await store.journal.plan({
        batchId: plan.batchId,
        entity,
        entityTitle: item.title,
        added: add,
        removed: remove,
        before: { performerIds: [...item.performerIds], tagIds: [...item.tagIds] },
        summary: plan.summary,
        suggestionId: plan.suggestionId,
        by: plan.by,
      });
      if (plan.face !== null) await rememberFace(store, planned, plan.face);
      return planned;
    });
    try {
      await writer.change(entity, { add, remove });
    } catch (error) {
      // Refused: certainly not written. Anything else stays planned, and the next write finds out.
      if (policyOf(error).nothingWritten) await store.journal.settle(id, 'void');
      throw error;
    }
    const entry = await settle(id);
    if (entry?.state !== 'written')
      throw new StashSenseError('stash-refused', message('write.notKept', { title: item.title }));
    return entry;
  };

  /** Asks Stash what became of a planned write, and writes that down. */
  const settle = async (id: string): Promise<JournalEntry | null> => {
    const entry = await store.journal.get(id);
    if (entry === null) return null;
    const item = await library.item(entry.entity);
    const added = {
      performerIds: within(entry.added.performerIds, item?.performerIds),
      tagIds: within(entry.added.tagIds, item?.tagIds),
    };
    const removed = {
      performerIds: item === null ? [] : without(entry.removed.performerIds, item.performerIds),
      tagIds: item === null ? [] : without(entry.removed.tagIds, item.tagIds),
    };
    const happened = !isEmpty(added) || !isEmpty(removed);
    await store.transaction(async () => {
      await store.journal.settle(id, happened ? 'written' : 'void', { added, removed });
      if (happened) await onWriteCommitted(store, parts.vision, entry);
    });
    return await store.journal.get(id);
  };

  const revert = async (entry: JournalEntry, what: Change): Promise<void> => {
    await store.state.set(UNDOING, [...(await undoing()), entry.id]);
    await writer.change(entry.entity, what);
    const item = await library.item(entry.entity);
    if (item !== null && !isBack(entry, item))
      throw new StashSenseError('stash-refused', message('undo.notKept', { summary: entry.summary }));
    await settleUndone(entry);
  };

  const settleUndone = async (entry: JournalEntry): Promise<void> => {
    const rest = (await undoing()).filter((id) => id !== entry.id);
    await store.transaction(async () => {
      await store.journal.settle(entry.id, 'undone');
      await onWriteUndone(store, parts.vision, entry);
      await store.state.set(UNDOING, rest);
    });
  };

  const undoing = async (): Promise<string[]> => {
    const ids = await store.state.get(UNDOING);
    return Array.isArray(ids) ? ids.map(String) : [];
  };

  const recover = async (): Promise<void> => {
    for (const { id, summary } of await store.journal.planned())
      await eachByItself(summary, async () => {
        const entry = await settle(id);
        log.info(`Found a write that was cut short (${summary}): it was ${wasDone(entry)}.`);
      });
    for (const id of await undoing()) await eachByItself(`undo of ${id}`, () => recoverUndo(id));
  };

  const recoverUndo = async (id: string): Promise<void> => {
    const entry = await store.journal.get(id);
    const item = entry?.state === 'written' ? await library.item(entry.entity) : null;
    if (entry && item && isBack(entry, item)) await settleUndone(entry);
    else
      await store.state.set(
        UNDOING,
        (await undoing()).filter((entryId) => entryId !== id),
      );
  };

  /** What cannot be cleared up stays for the next time and holds up no other write. */
  const eachByItself = async (what: string, clearUp: () => Promise<void>): Promise<void> => {
    try {
      await clearUp();
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
      while ((locks = await takeLocks({ store, owner, limits }, [WRITE])) === null) {
        if (now() - began > PATIENCE_MS[waiting]) throw new StashSenseError('busy', message('write.busy'));
        await sleep(50);
      }
      const { check, release } = locks;
      try {
        await recover();
        return await work({
          make,
          revert,
          async ensureTag(name) {
            await check();
            return await writer.ensureTag(name);
          },
        });
      } finally {
        await release();
      }
    },
  };
}

/** What was added is gone, and what was removed is there again. */
function isBack({ added, removed }: JournalEntry, item: StashEntity): boolean {
  return (
    within(added.performerIds, item.performerIds).length === 0 &&
    without(removed.performerIds, item.performerIds).length === 0 &&
    within(added.tagIds, item.tagIds).length === 0 &&
    without(removed.tagIds, item.tagIds).length === 0
  );
}

function wasDone(entry: JournalEntry | null): string {
  return entry?.state === 'written' ? 'done' : 'not done';
}

function within(ids: readonly string[] = [], there: readonly string[] = []): string[] {
  return ids.filter((id) => there.includes(id));
}

function without(ids: readonly string[] = [], there: readonly string[]): string[] {
  return ids.filter((id) => !there.includes(id));
}

function isEmpty({ performerIds, tagIds }: PerformersAndTagIds): boolean {
  return performerIds.length === 0 && tagIds.length === 0;
}
