import type { StashObject } from '../../core/changes/change.ts';
import { changedBack, inverseOf } from '../../core/changes/invert.ts';
import { staysForGood } from '../../core/changes/picture.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { Due as DueChanges } from '../../core/changes/plan.ts';
import { addedIds, fieldChangesOf, listOf } from '../../core/changes/values.ts';
import type { Write } from '../../core/changes/write.ts';
import type { Input, Output } from '../../core/contract/operations.ts';
import { nullIfExcluded, StashSenseError } from '../../core/errors.ts';
import { matchDue } from '../matching/match-due.ts';
import type { RecognizerParts } from '../matching/recognizer.ts';
import type { Context } from '../runs/task.ts';
import { successorOf } from '../accepted/successor.ts';
import { faceOf, withdrawFaceOf } from '../accepted/withdraw-face.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import { nameOfObject } from '../../core/messages/names.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { missingPerformers } from './left-to-undo.ts';
import { chunksPerLock, nameOfPerformer, reasonOf } from './write-parts.ts';

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
  const due = 'ids' in what ? await dueOfIds(context, what.ids) : await dueOfBatch(context, what);
  const limit = 'ids' in what ? undefined : what.limit;
  if (limit !== undefined && due.length > limit) {
    due.length = limit;
    report.next = due.at(-1)?.id;
  }
  if (context.settings.dryRun) {
    const written = due.filter(({ was }) => was !== 'undone');
    return { undone: [], refused: written.map(({ id }) => ({ id, reason: message('undo.dryRun') })) };
  }
  for await (const chunk of chunksPerLock(context, due))
    await context.changes.exclusively(async (write) => {
      for (const { id, was } of chunk) {
        try {
          if (report.undone.includes(id)) continue;
          // Settled just now: it never reached Stash, and nobody has named it.
          if (was === 'planned' && (await context.store.journal.get(id))?.state === 'void') continue;
          const along = await undoOne(context, write, id);
          report.undone.push(...(was === 'undone' ? [] : [id]), ...along);
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

/** An entry to be undone. `was`: its state before; null: the journal has none of this id. */
type Due = { readonly id: string; readonly was: JournalEntry['state'] | null };

/** Those first that are not undone yet. */
async function dueOfIds({ store }: Pick<Context, 'store'>, ids: readonly string[]): Promise<Due[]> {
  const [due, unfinished]: [Due[], Due[]] = [[], []];
  for (const id of ids) {
    const entry = await store.journal.get(id);
    if (entry?.state !== 'undone') due.push({ id, was: entry?.state ?? null });
    else if (await isUnfinished({ store }, entry)) unfinished.push({ id, was: 'undone' });
  }
  return [...due, ...unfinished];
}

/** It is undone, while a performer who was made for it, or a stash ID that was given with it, is still there. */
async function isUnfinished({ store }: Pick<Context, 'store'>, entry: JournalEntry): Promise<boolean> {
  return entry.state === 'undone' && (await writtenAlong({ store }, entry)).length > 0;
}

/**
Newest first: the order in which writes are reverted. Those whose write was interrupted are among them, and those whose undo was.
One more than `limit` says that there are more.
@throws StashSenseError `not-found`: the journal has no such batch
*/
async function dueOfBatch(
  { store }: Pick<Context, 'store'>,
  { batchId, limit = Infinity, before }: OfBatch,
): Promise<Due[]> {
  if ((await store.journal.batches([batchId])).length === 0)
    throw new StashSenseError('not-found', message('undo.noBatch', { batchId }));
  const due: Due[] = [];
  for (let last = before; due.length <= limit;) {
    const { items } = await store.journal.list({ batchId, before: last }, PAGE, 0);
    for (const entry of items) {
      const { id, state } = entry;
      if (state === 'planned' || state === 'written' || (await isUnfinished({ store }, entry)))
        due.push({ id, was: state });
    }
    last = items.at(-1)?.id;
    if (items.length < PAGE) break;
  }
  return due;
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
The performers who were made to be added, and the studio and tags that were made with it, where nothing else uses them by now and
nobody has changed them, and the stash IDs that performers were given with it. What somebody uses or has changed stays.
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

/**
What was written of what was added, and of nothing else: that the performers, the studio, what is above it, and the tags were
made for it, and the stash IDs that performers were given with it.
*/
async function writtenAlong(
  { store }: Pick<Context, 'store'>,
  { changes, batchId, suggestionId }: JournalEntry,
): Promise<readonly JournalEntry[]> {
  const written = { store, batchId, suggestionId };
  const along: JournalEntry[] = [];
  const madeWith = async (kind: 'studio' | 'tag', id: unknown): Promise<void> => {
    if (typeof id !== 'string') return;
    const { items } = await store.journal.list({ entity: { kind, id } }, MAX_ALONG, 0);
    for (const entry of items) {
      const [made] = entry.changes;
      if (made?.op !== 'create' || !(await wasMadeFor(written, entry))) continue;
      // An undo that was killed has undone the studio, and its parent not yet.
      if (entry.state === 'written') along.push(entry);
      await madeWith('studio', made.values['parent']);
    }
  };
  for (const id of addedIds(changes, 'performers')) {
    const entity = { kind: 'performer', id } as const;
    const { items } = await store.journal.list({ entity, state: 'written' }, MAX_ALONG, 0);
    for (const other of items)
      if (other.changes[0]?.op === 'create' ? await wasMadeFor(written, other) : givenAlong(written, other))
        along.push(other);
  }
  for (const change of changes)
    if (change.op === 'set' && change.field === 'studio') await madeWith('studio', change.after);
  for (const id of addedIds(changes, 'tags')) await madeWith('tag', id);
  return along;
}

type Written = Pick<JournalEntry, 'batchId' | 'suggestionId'> & Pick<Context, 'store'>;

/**
Whether it was made to be added by that write, or by one that is undone by now. An acceptance that was killed has made it in another
batch. What was made by itself, or for what still stands, stays.
*/
async function wasMadeFor(
  { store, batchId, suggestionId }: Written,
  made: Pick<JournalEntry, 'batchId' | 'suggestionId'>,
): Promise<boolean> {
  if (made.batchId === batchId) return true;
  if (made.suggestionId === null) return false;
  if (made.suggestionId === suggestionId) return true;
  const other = await store.suggestions.get(made.suggestionId);
  return other !== null && other.state !== 'accepted' && other.state !== 'removed';
}

function givenAlong({ batchId }: Written, other: JournalEntry): boolean {
  return other.suggestionId === null && other.batchId === batchId;
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
): Promise<DueChanges> {
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
  const made = fieldChangesOf(entry.changes);
  if (made.length > 0 && made.every(staysForGood))
    return { refused: message('undo.coverStays', { item: nameOfObject(object) }) };
  const due = inverseOf(made, object);
  return 'changes' in due && due.changes.length === 0 ? changedBack(entry.summary, object) : due;
}
