/** Making a performer, studio or tag: with which values, and whether it is still as it was made. */
import { StashSenseError } from '../errors.ts';
import { message } from '../messages/message.ts';
import type { CreateChange, FieldValue, FieldValues, Identity, StashObject } from './change.ts';
import { CREATED_WITH, fieldOf } from './fields.ts';
import { readValue } from './plan.ts';
import { isList, listOf, scalarOf, stashIdsOf, without } from './values.ts';

type Made = Pick<CreateChange, 'kind' | 'values'>;

/**
The values as the table of fields reads them, without the empty ones.

@throws StashSenseError `bad-input`
*/
export function checkCreation({ kind, values }: Made): CreateChange {
  const known: readonly string[] = CREATED_WITH[kind];
  const read = Object.entries({ ...filled(values), name: values['name'] ?? '' }).map(
    ([name, value]): [string, FieldValue] => {
      const field = fieldOf(kind, name);
      if (field === null || !known.includes(name))
        throw new StashSenseError('bad-input', message('changes.cannotWrite', { field: name, kind }));
      const parts = (isList(value) ? value : [value]).map((part) => readValue(field, name, part));
      return [
        name,
        isList(value) ? (parts as FieldValue[] as FieldValue) : ((parts[0] ?? null) as FieldValue),
      ];
    },
  );
  return { op: 'create', kind, values: Object.fromEntries(read), id: null };
}

export function identityOfCreation({ values }: Made): Identity {
  return {
    contents: [],
    name: String(scalarOf(values, 'name') ?? ''),
    disambiguation: String(scalarOf(values, 'disambiguation') ?? ''),
    stashIds: stashIdsOf(values),
  };
}

/** As Stash shows it now: what is kept of one that was just made. */
export function valuesOf({ values }: StashObject): CreateChange['values'] {
  return filled(values);
}

/** Whether it can be the one that was to be made: it has all that this was to be made with. */
export function hasValues({ values }: StashObject, wanted: FieldValues): boolean {
  return Object.entries(wanted).every(([name, value]) =>
    isList(value) ? without(value, listOf(values, name)).length === 0 : scalarOf(values, name) === value,
  );
}

/** Whether nobody has changed it since it was made. */
export function isAsMade(object: StashObject, made: FieldValues): boolean {
  const now = filled(object.values);
  const names = new Set([...Object.keys(now), ...Object.keys(made)]);
  return [...names].every((name) => {
    if (!isList(now[name]) && !isList(made[name])) return now[name] === made[name];
    const [one, other] = [listOf(now, name), listOf(made, name)];
    return one.length === other.length && without(one, other).length === 0;
  });
}

/** Without what is empty, which Stash answers for what nobody gave. */
function filled(values: FieldValues): FieldValues {
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) =>
      isList(value) ? value.length > 0 : value !== null && value !== false && value !== '',
    ),
  );
}
