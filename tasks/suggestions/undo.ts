import type { Change, Write } from '../../core/suggestions/changes.ts';
import type { Output } from '../../core/contract/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { StashEntity } from '../../core/ports/library.ts';
import type { JournalEntry } from '../../core/suggestions/suggestion.ts';
import { inPieces, readEntity, reasonOf } from './accept.ts';
import type { Context } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';

/** How many entries of one batch are looked at per page. */
const PAGE = 200;

/** Takes back exactly what these writes added and removed; what was undone already counts as undone. */
export async function undo(
  context: Context,
  what: { readonly ids: readonly string[] } | { readonly batchId: string },
): Promise<Output<'journal.undo'>> {
  const report: Output<'journal.undo'> = { undone: [], refused: [] };
  const ids = 'ids' in what ? what.ids : await idsOfBatch(context, what.batchId);
  if (context.settings.dryRun)
    return { undone: [], refused: ids.map((id) => ({ id, reason: message('undo.dryRun') })) };
  for await (const some of inPieces(context, ids))
    await context.changes.exclusively(async (write) => {
      for (const id of some) {
        try {
          await undoOne(context, write, id);
          report.undone.push(id);
        } catch (error) {
          report.refused.push({ id, reason: reasonOf(error) });
        }
      }
    });
  return report;
}

/** Newest first: the last write is the first to be taken back. */
async function idsOfBatch({ store }: Context, batchId: string): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const { items } = await store.journal.list({ batchId, state: 'written', before: ids.at(-1) }, PAGE, 0);
    ids.push(...items.map(({ id }) => id));
    if (items.length < PAGE) break;
  }
  if (ids.length === 0) throw new StashSenseError('not-found', message('undo.nothingLeft', { batchId }));
  return ids;
}

async function undoOne(context: Context, write: Write, id: string): Promise<void> {
  const entry = await context.store.journal.get(id);
  if (entry === null) throw new StashSenseError('not-found', message('undo.noEntry', { id }));
  if (entry.state === 'undone') return;
  if (entry.state !== 'written')
    throw new StashSenseError('changed-since', message('undo.neverWritten', { summary: entry.summary }));
  const item = await readEntity(context, entry.entity);
  await write.revert(entry, await planOf(context, entry, item));
}

/**
What to write so that the entry is as if it had never been.

It refuses only where the very thing was changed since. A tag that is gone already does not keep the performer from
being taken off.
*/
async function planOf({ library }: Context, entry: JournalEntry, item: StashEntity): Promise<Change> {
  const gone = entry.added.performerIds.filter((id) => !item.performerIds.includes(id));
  if (gone.length > 0) {
    const performer = await library.performer(gone[0] ?? '');
    const name = performer?.name ?? message('stash.performer', { id: gone[0] ?? '' });
    throw new StashSenseError(
      'changed-since',
      message('undo.performerGone', {
        name,
        item: titleOf(item),
      }),
    );
  }
  const change: Change = {
    remove: {
      performerIds: entry.added.performerIds,
      tagIds: entry.added.tagIds.filter((id) => item.tagIds.includes(id)),
    },
    add: {
      performerIds: entry.removed.performerIds.filter((id) => !item.performerIds.includes(id)),
      tagIds: entry.removed.tagIds.filter((id) => !item.tagIds.includes(id)),
    },
  };
  const { remove, add } = change;
  if ([remove.performerIds, remove.tagIds, add.performerIds, add.tagIds].every((ids) => ids.length === 0))
    throw new StashSenseError(
      'changed-since',
      message('undo.changedBack', { summary: entry.summary, item: titleOf(item) }),
    );
  return change;
}

function titleOf(item: StashEntity): Message {
  return item.title === '' ? nameOfEntity(item) : message('stash.titled', { title: item.title });
}
