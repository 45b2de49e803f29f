/** Writes what was planned for one entity, with all that is made for it. */
import { inverseOf } from '../../../core/changes/invert.ts';
import type { JournalEntry } from '../../../core/changes/journal-entry.ts';
import { fieldChangesOf } from '../../../core/changes/values.ts';
import type { ChangePlan, Write } from '../../../core/changes/write.ts';
import { hasCode, isRunWide, policyOf } from '../../../core/errors.ts';
import type { AcceptPlan, MakeOne } from './planner.ts';
import { adding } from '../read.ts';
import { reasonOf } from '../write-parts.ts';

/**
All in one batch. What is made first is found again after a kill in between: it is what the plan finds in Stash then. Where the
rest is refused, it is undone.
*/
export async function writePlan(
  write: Write,
  { addTags, makes, make, along, ...plan }: AcceptPlan,
  { suggestionId, ...batch }: Pick<ChangePlan, 'batchId' | 'by' | 'suggestionId'>,
): Promise<JournalEntry | null> {
  const first: JournalEntry[] = [];
  const changes = [...plan.changes];
  let { face } = plan;
  try {
    if (makes !== undefined) {
      const made = await write.create({ ...makes, kind: 'performer', ...batch, suggestionId });
      first.push(made);
      changes.push(adding(plan.entity, 'performers', [made.entity.id]));
      face = face && { ...face, performerId: made.entity.id };
    }
    const makeOne: MakeOne = async (one) => {
      const made = await write.create({ ...one, ...batch, suggestionId });
      first.push(made);
      return made.entity.id;
    };
    changes.push(...((await make?.(makeOne)) ?? []));
    const tagIds: string[] = [];
    for (const name of addTags) {
      const tag = await write.ensureTag(name, batch);
      if (tag.made !== null) first.push(tag.made);
      tagIds.push(tag.id);
    }
    if (tagIds.length > 0) changes.push(adding(plan.entity, 'tags', tagIds));
    const beside = along && (await write.make({ ...along, ...batch, suggestionId: null, face: null }));
    if (beside) first.push(beside);
    return await write.make({ ...plan, changes, face, ...batch, suggestionId });
  } catch (error) {
    // Where a part was written after all, what that part uses stays.
    const isRefused = policyOf(error).nothingWritten || hasCode(error, 'changed-since');
    if (isRefused && !isRunWide(error))
      for (const entry of first.toReversed()) await undoWhereUnchanged(write, entry);
    throw error;
  }
}

async function undoWhereUnchanged(write: Write, entry: JournalEntry): Promise<void> {
  try {
    await write.revert(entry, (object) => Promise.resolve(inverseOf(fieldChangesOf(entry.changes), object)));
  } catch (error) {
    reasonOf(error);
  }
}
