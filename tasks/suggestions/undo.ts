import type { StashObject } from '../../core/changes/change.ts';
import { changedBack, inverseOf } from '../../core/changes/invert.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { Due } from '../../core/changes/plan.ts';
import { addedIds, fieldChangesOf, listOf } from '../../core/changes/values.ts';
import type { Write } from '../../core/changes/write.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { nullIfExcluded, StashSenseError } from '../../core/errors.ts';
import { chunksPerLock, reasonOf } from './accept.ts';
import { matchDue } from '../matching/match-due.ts';
import type { RecognizerParts } from '../matching/recognizer.ts';
import type { Context } from '../runs/task.ts';
import { successorOf } from '../accepted/successor.ts';
import { faceOf, withdrawFaceOf } from '../accepted/withdraw-face.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import { nameOfObject } from '../../core/messages/names.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { missingPerformers } from './left-to-undo.ts';
import { nameOfPerformer } from './write-parts.ts';

type OfBatch = Extract<Input<'journal.undo'>, { batchId: string }>;

/** Entries of a batch read per page. */
const PAGE = 200;

/**
Reverts exactly the changes of these writes; entries that are undone already are neither undone again nor refused. A face that was
confirmed with one is withdrawn as a reference even where the write cannot be undone: the user has said that it was wrong.
*/
export async function undo(
  context: RecognizerParts & Pick<Context, 'library' | 'changes' | 'sleep'>,
  what: { readonly ids: readonly string[] } | OfBatch,
): Promise<Output<'journal.undo'>> {
  const report: Output<'journal.undo'> = { undone: [], refused: [] };
  const ids = 'ids' in what ? await notYetUndone(context, what.ids) : await idsOfBatch(context, what);
  const limit = 'ids' in what ? undefined : what.limit;
  if (limit !== undefined && ids.length > limit) {
    ids.length = limit;
    report.next = ids.at(-1);
  }
  if (context.settings.dryRun)
    return { undone: [], refused: ids.map((id) => ({ id, reason: message('undo.dryRun') })) };
  // Their undo was interrupted before what belongs to it was undone too.
  const unfinished = 'ids' in what ? await unfinishedOf(context, what.ids) : [];
  for await (const chunk of chunksPerLock(context, [...ids, ...unfinished]))
    await context.changes.exclusively(async (write) => {
      for (const id of chunk) {
        try {
          if (report.undone.includes(id)) continue;
          const along = await undoOne(context, write, id);
          report.undone.push(...(unfinished.includes(id) ? [] : [id]), ...along);
        } catch (error) {
          report.refused.push({ id, reason: await withWhatWasWithdrawn(context, id, reasonOf(error)) });
        }
      }
    });
  await matchDue(context);
  return report;
}

async function withWhatWasWithdrawn(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  id: string,
  reason: Message,
): Promise<Message> {
  const face = await faceOf(store, id);
  if (face === null || !(await store.transaction(() => withdrawFaceOf(store, vision.seenBy, id))))
    return reason;
  const performer = await store.people.performer(face.performerId);
  const name =
    performer === null ? message('stash.performer', { id: face.performerId }) : shownName(performer);
  return joined([reason, message('undo.faceWithdrawn', { name })]) ?? reason;
}

async function notYetUndone({ store }: Pick<Context, 'store'>, ids: readonly string[]): Promise<string[]> {
  const due: string[] = [];
  for (const id of ids) if ((await store.journal.get(id))?.state !== 'undone') due.push(id);
  return due;
}

/** Those that are undone, while a performer who was made for them, or a stash ID that was given with them, is still there. */
async function unfinishedOf(
  { store }: Pick<Context, 'store'>,
  ids: readonly string[],
): Promise<readonly string[]> {
  const unfinished: string[] = [];
  for (const id of ids) {
    const entry = await store.journal.get(id);
    if (entry?.state === 'undone' && (await writtenAlong({ store }, entry)).length > 0) unfinished.push(id);
  }
  return unfinished;
}

/**
The written ones, newest first: the order in which writes are reverted. One more than `limit` says that there are more.
@throws StashSenseError `not-found`: the journal has no such batch
*/
async function idsOfBatch(
  { store }: Pick<Context, 'store'>,
  { batchId, limit = Infinity, before }: OfBatch,
): Promise<string[]> {
  if ((await store.journal.batches([batchId])).length === 0)
    throw new StashSenseError('not-found', message('undo.noBatch', { batchId }));
  const ids: string[] = [];
  while (ids.length <= limit) {
    const { items } = await store.journal.list(
      { batchId, state: 'written', before: ids.at(-1) ?? before },
      PAGE,
      0,
    );
    ids.push(...items.map(({ id }) => id));
    if (items.length < PAGE) break;
  }
  return ids;
}

/** @returns the ids of what was undone along with it */
async function undoOne(
  context: Pick<Context, 'store' | 'library'>,
  write: Write,
  id: string,
): Promise<readonly string[]> {
  const entry = await context.store.journal.get(id);
  if (entry === null) throw new StashSenseError('not-found', message('undo.noEntry', { id }));
  // By this call, whose interrupted predecessor was settled just now, or by another one at the same moment.
  if (entry.state === 'undone') return await undoAlong(context, write, entry);
  if (entry.state !== 'written')
    throw new StashSenseError('changed-since', message('undo.neverWritten', { summary: entry.summary }));
  await write.revert(entry, (object, begun) => dueOf(context, entry, object, begun));
  return await undoAlong(context, write, entry);
}

/** More than there are of one performer. */
const MAX_ALONG = 200;

/**
The performers who were made to be added, where nothing else uses them by now and nobody has changed them, and the stash IDs that
they were given with it. What somebody uses or has changed stays.
@returns ids of the entries
*/
async function undoAlong(
  context: Pick<Context, 'store' | 'library'>,
  write: Write,
  entry: JournalEntry,
): Promise<readonly string[]> {
  const undone: string[] = [];
  for (const along of await writtenAlong(context, entry)) {
    try {
      await write.revert(along, (object, begun) => dueOf(context, along, object, begun));
      undone.push(along.id);
    } catch (error) {
      reasonOf(error);
    }
  }
  return undone;
}

/** What was written of the performers who were added, and of nothing else: that they were made, and their stash IDs. */
async function writtenAlong(
  { store }: Pick<Context, 'store'>,
  { changes, batchId }: JournalEntry,
): Promise<readonly JournalEntry[]> {
  const along: JournalEntry[] = [];
  for (const id of addedIds(changes, 'performers')) {
    const entity = { kind: 'performer', id } as const;
    const { items } = await store.journal.list({ entity, state: 'written' }, MAX_ALONG, 0);
    const belongs = (other: JournalEntry): boolean =>
      other.suggestionId === null && (other.changes[0]?.op === 'create' || other.batchId === batchId);
    along.push(...items.filter(belongs));
  }
  return along;
}

/**
The change that reverts the entry.

Refuses only when the changed value itself was changed since. A tag that is missing already does not prevent the removal of
the performer.

@param begun an earlier undo of the entry was interrupted, so a missing value may have been removed by us
*/
async function dueOf(
  { store, library }: Pick<Context, 'store' | 'library'>,
  entry: JournalEntry,
  object: StashObject,
  begun: boolean,
): Promise<Due> {
  const [gone] = missingPerformers(entry.changes, object.values);
  if (gone !== undefined && !begun) {
    const performer = await library.performer(gone).catch(nullIfExcluded);
    const name = performer === null ? await nameOfPerformer(store, gone, entry.entity) : shownName(performer);
    const item = nameOfObject(object);
    const successor =
      performer === null
        ? await successorOf({ store, library }, { kind: 'performer', id: gone }, '').catch(nullIfExcluded)
        : null;
    if (successor !== null && listOf(object.values, 'performers').includes(successor.id))
      return { refused: message('undo.performerMerged', { name, item, into: shownName(successor) }) };
    return { refused: message('undo.performerGone', { name, item }) };
  }
  const due = inverseOf(fieldChangesOf(entry.changes), object);
  return 'changes' in due && due.changes.length === 0 ? changedBack(entry.summary, object) : due;
}
