/** Whether what was written once is still so. */
import type { StashRef } from '../stash-ref.ts';
import type { Change, FieldValues } from './change.ts';
import { isOfPicture } from './picture.ts';
import { missingValues } from './plan.ts';
import { listOf, scalarOf, within } from './values.ts';

/** What Stash has of an object now; null where Stash has no such object. */
export type ValuesOf = (entity: StashRef) => FieldValues | null;

/** Added values are there, removed ones are not, a set value is the one that was set, and what was made exists. Of a picture nothing can be seen in values. */
export function standsStill(changes: readonly Change[], valuesOf: ValuesOf): boolean {
  return changes.every((change) => {
    if (change.op === 'create')
      return change.id !== null && valuesOf({ kind: change.kind, id: change.id }) !== null;
    if (change.op === 'merge') return valuesOf(change.source) === null;
    const values = valuesOf(change.entity);
    if (change.op === 'destroy') return values === null;
    if (values === null) return false;
    if (isOfPicture(change)) return true;
    if (change.op === 'set') return scalarOf(values, change.field) === change.after;
    return change.op === 'add'
      ? missingValues(change, values).length === 0
      : within(change.values, listOf(values, change.field)).length === 0;
  });
}

/** The objects and fields that `standsStill` asks for. */
export function fieldsToRead(
  changes: readonly Change[],
): readonly { readonly entity: StashRef; readonly field: string | null }[] {
  return changes.map((change) => {
    if (change.op === 'create') return { entity: { kind: change.kind, id: change.id ?? '' }, field: null };
    if (change.op === 'merge') return { entity: change.source, field: null };
    const hasValue = change.op !== 'destroy' && !isOfPicture(change);
    return { entity: change.entity, field: hasValue ? change.field : null };
  });
}
