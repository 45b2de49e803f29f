/** What of a planned change is to be written, and what of it came true. */
import { StashSenseError } from '../errors.ts';
import { message, type Message } from '../messages/message.ts';
import { nameOfObject } from '../messages/names.ts';
import type {
  Change,
  FieldChange,
  FieldValues,
  ListChange,
  ListValue,
  Scalar,
  SetChange,
  StashObject,
} from './change.ts';
import { fieldOf, type Field } from './fields.ts';
import { checkPicture, isOfPicture, PICTURE } from './picture.ts';
import type { StashKind } from '../stash-ref.ts';
import { isSameValue, listOf, scalarOf, within, without } from './values.ts';
import { wordsOf } from './words.ts';

/** The changes that are still to be made; or why none of them may be. */
export type Due<Kind extends Change = FieldChange> =
  | { readonly changes: readonly Kind[] }
  | { readonly refused: Message };

/**
Each value as the table of fields reads it.

@throws StashSenseError `bad-input`
*/
export function checkChanges(changes: readonly FieldChange[]): FieldChange[] {
  return changes.map((change) => {
    if (isOfPicture(change)) return checkPicture(change);
    const { field: name } = change;
    const { kind } = change.entity;
    const field = fieldOf(kind, name);
    if (field === null || !field.built || (field.shape === 'list') !== (change.op !== 'set'))
      throw new StashSenseError('bad-input', message('changes.cannotWrite', { field: name, kind }));
    const read = (value: unknown) => readValue(field, name, value) as never;
    if (change.op === 'set') return { ...change, after: read(change.after) };
    return { ...change, values: change.op === 'add' ? change.values.map(read) : change.values };
  });
}

/** @throws StashSenseError `bad-input` */
export function readValue({ value: shape }: Field, name: string, value: unknown): ListValue | Scalar {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const problem = parsed.error.issues[0]?.message ?? '';
  throw new StashSenseError('bad-input', message('changes.noSuchValue', { field: name, problem }));
}

/** What is as it is to be is left out. A value that somebody else has changed since `before` was read is not overwritten. */
export function dueChanges(changes: readonly FieldChange[], object: StashObject): Due {
  const due: FieldChange[] = [];
  for (const change of changes)
    if (change.op === 'set') {
      const now = scalarOf(object.values, change.field);
      if (now === change.after) continue;
      if (now !== change.before) return { refused: changedMeanwhile(change, object, change.before) };
      due.push(change);
    } else {
      const values =
        change.op === 'add'
          ? missingValues(change, object.values)
          : within(change.values, listOf(object.values, change.field));
      if (values.length > 0) due.push({ ...change, values });
    }
  const taken = takenEndpoint(object.entity.kind, stashIdsAfter(due, object));
  return taken === null
    ? { changes: due }
    : { refused: message('changes.stashIdTaken', { item: nameOfObject(object), endpoint: taken }) };
}

export function changedMeanwhile(
  { field }: Pick<SetChange, 'field'>,
  object: StashObject,
  expected: SetChange['before'],
): Message {
  if (field === PICTURE) return message('changes.pictureChanged', { item: nameOfObject(object) });
  const name = message('changes.field', { field });
  return message('changes.changedMeanwhile', {
    field: name,
    item: nameOfObject(object),
    expected: wordsOf(field, expected),
    value: wordsOf(field, scalarOf(object.values, field)),
  });
}

/** Of what was planned, what the object shows. */
export function madeChanges(changes: readonly FieldChange[], object: StashObject): FieldChange[] {
  return changes.flatMap((change): FieldChange[] => {
    if (change.op === 'set') return scalarOf(object.values, change.field) === change.after ? [change] : [];
    const there = listOf(object.values, change.field);
    const values = change.op === 'add' ? within(change.values, there) : without(change.values, there);
    return values.length === 0 ? [] : [{ ...change, values }];
  });
}

/** Of the values to be added those that are not there, each once. */
export function missingValues({ entity, field, values }: ListChange, now: FieldValues): ListValue[] {
  const spec = fieldOf(entity.kind, field);
  const isThere =
    spec?.shape === 'list' && spec.ignoresCase
      ? (a: ListValue, b: ListValue) => folded(a) === folded(b)
      : isSameValue;
  const there = listOf(now, field);
  return values.filter(
    (value, at) =>
      !there.some((other) => isThere(value, other)) &&
      !values.slice(0, at).some((other) => isThere(value, other)),
  );
}

function folded(value: ListValue): string {
  return typeof value === 'string' ? value.trim().toLowerCase() : JSON.stringify(value);
}

/** The endpoint of which a second stash ID would be there, where Stash keeps one of each. */
export function takenEndpoint(kind: StashKind, values: readonly ListValue[]): string | null {
  const field = fieldOf(kind, 'stashIds');
  if (field?.shape !== 'list' || !field.isOnePerEndpoint) return null;
  const endpoints = values.flatMap((value) => (typeof value === 'string' ? [] : [value.endpoint]));
  return endpoints.find((endpoint, at) => endpoints.indexOf(endpoint) < at) ?? null;
}

/** The stash IDs that would be there after these changes. */
function stashIdsAfter(changes: readonly FieldChange[], object: StashObject): ListValue[] {
  const values = (op: ListChange['op']): ListValue[] =>
    changes.flatMap((change) => (change.field === 'stashIds' && change.op === op ? change.values : []));
  return [...without(listOf(object.values, 'stashIds'), values('remove')), ...values('add')];
}
