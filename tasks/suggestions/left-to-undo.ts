/** What an undo would still find in Stash. */
import type { ChangeCount } from '../../core/changes/batch.ts';
import type { Change, FieldValues } from '../../core/changes/change.ts';
import { inverseOf } from '../../core/changes/invert.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { isOfPicture } from '../../core/changes/picture.ts';
import { fieldsToRead, type ValuesOf } from '../../core/changes/standing.ts';
import { addedIds, fieldChangesOf, listOf } from '../../core/changes/values.ts';
import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import { readFields } from '../accepted/read-fields.ts';
import type { Context } from '../runs/task.ts';

type Parts = Pick<Context, 'store' | 'library'>;

/** Entries of a batch that are read at once. */
const PAGE = 500;

/**
What is written of a batch: the changes that an undo would revert, and how many entries it would leave as they are. Where Stash
does not answer, all of them: the undo itself says of each what it leaves.
*/
export async function countLeft(
  parts: Parts & Pick<Context, 'log'>,
  batchId: string,
): Promise<{ readonly changes: ChangeCount[]; readonly gone: number }> {
  try {
    return await countWithout((items) => goneSince(parts, items), parts, batchId);
  } catch (error) {
    parts.log.debug(messageOf(error));
    logFault(parts.log, error);
    return await countWithout(() => Promise.resolve(new Set()), parts, batchId);
  }
}

async function countWithout(
  goneOf: (entries: readonly JournalEntry[]) => Promise<ReadonlySet<string>>,
  { store }: Pick<Context, 'store'>,
  batchId: string,
): Promise<{ readonly changes: ChangeCount[]; readonly gone: number }> {
  const left: Change[] = [];
  let gone = 0;
  for (let before: string | undefined; ;) {
    const { items } = await store.journal.list({ batchId, state: 'written', before }, PAGE, 0);
    const goneIds = await goneOf(items);
    gone += goneIds.size;
    left.push(...items.filter(({ id }) => !goneIds.has(id)).flatMap(({ changes }) => changes));
    if (items.length < PAGE) return { changes: countChanges(left), gone };
    before = items.at(-1)?.id;
  }
}

/** Ids of those that stand in Stash no more, or were changed there since, and so cannot be undone. */
export async function goneSince(
  { store, library }: Parts,
  entries: readonly JournalEntry[],
): Promise<ReadonlySet<string>> {
  const written = entries.filter(({ state }) => state === 'written');
  if (written.length === 0) return new Set();
  // A part of these may be undone already.
  const begun = (await store.state.get('undo-begun')) ?? [];
  const valuesOf = await readFields(
    library,
    written.flatMap(({ entity, changes }) => [{ entity, field: null }, ...fieldsToRead(changes)]),
  );
  const gone = written.filter((entry) => !begun.includes(entry.id) && !canBeUndone(entry, valuesOf));
  return new Set(gone.map(({ id }) => id));
}

function canBeUndone({ entity, entityTitle, identity, changes }: JournalEntry, valuesOf: ValuesOf): boolean {
  const values = valuesOf(entity);
  if (values === null || missingPerformers(changes, values).length > 0) return false;
  // Whether something uses what was made, or the picture is another one, is asked when it is undone.
  const made = fieldChangesOf(changes).filter((change) => !isOfPicture(change));
  if (made.length === 0) return true;
  const due = inverseOf(made, { entity, title: entityTitle, identity, values });
  return 'changes' in due && due.changes.length > 0;
}

/** Whom these changes added and the object does not have any more. */
export function missingPerformers(changes: readonly Change[], values: FieldValues): string[] {
  const there = listOf(values, 'performers');
  return addedIds(changes, 'performers').filter((id) => !there.includes(id));
}

/** Most first. */
function countChanges(changes: readonly Change[]): ChangeCount[] {
  const counts = new Map<string, ChangeCount>();
  for (const change of changes) {
    const what = 'field' in change ? change.field : 'kind' in change ? change.kind : change.entity.kind;
    const key = `${change.op} ${what}`;
    const count = 'values' in change && Array.isArray(change.values) ? change.values.length : 1;
    counts.set(key, { op: change.op, what, count: (counts.get(key)?.count ?? 0) + count });
  }
  return [...counts.entries()]
    .toSorted(([a, { count: many }], [b, { count: more }]) => more - many || (a < b ? -1 : 1))
    .map(([, count]) => count);
}
