/** What changes hold, to be looked at. Free of packages: the page carries it. */
import type {
  Change,
  FieldChange,
  FieldValue,
  FieldValues,
  ListValue,
  Scalar,
  StashIdValue,
} from './change.ts';

/** Ids that these changes added to a list of ids, such as `performers`. */
export function addedIds(changes: readonly Change[], field: string): string[] {
  return changes.flatMap((change) =>
    change.op === 'add' && change.field === field
      ? change.values.filter((value) => typeof value === 'string')
      : [],
  );
}

export function listOf(values: FieldValues, field: string): readonly ListValue[] {
  const value = values[field];
  return isList(value) ? value : [];
}

export function stashIdsOf(values: FieldValues): StashIdValue[] {
  return listOf(values, 'stashIds').filter((value) => typeof value !== 'string');
}

/** Those that are of this stash-box, as they are written. */
export function idsOfBox(stashIds: readonly StashIdValue[], endpoint: string): string[] {
  return stashIds.flatMap((one) => (one.endpoint === endpoint ? [one.stashId] : []));
}

export function scalarOf(values: FieldValues, field: string): Scalar {
  const value = values[field];
  return isList(value) || value === undefined ? null : value;
}

export function isList(value: FieldValue | undefined): value is readonly ListValue[] {
  return Array.isArray(value);
}

export function isSameValue(a: ListValue, b: ListValue): boolean {
  return typeof a === 'string' || typeof b === 'string'
    ? a === b
    : a.endpoint === b.endpoint && a.stashId === b.stashId;
}

/** For people: a stash ID is said by its id. */
export function textOf(value: ListValue): string {
  return typeof value === 'string' ? value : value.stashId;
}

export function within(values: readonly ListValue[], there: readonly ListValue[]): ListValue[] {
  return values.filter((value) => there.some((other) => isSameValue(value, other)));
}

export function without(values: readonly ListValue[], there: readonly ListValue[]): ListValue[] {
  return values.filter((value) => !there.some((other) => isSameValue(value, other)));
}

/** Without what makes, merges or destroys. */
export function fieldChangesOf(changes: readonly Change[]): FieldChange[] {
  return changes.filter(
    (change): change is FieldChange => change.op === 'add' || change.op === 'remove' || change.op === 'set',
  );
}
