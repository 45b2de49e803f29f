/** Writes fields that Stash only replaces as a whole, so that no concurrent change of another client is lost. */
import type { FieldChange, FieldValue, FieldValues, StashObject } from '../../../core/changes/change.ts';
import { changedMeanwhile, takenEndpoint } from '../../../core/changes/plan.ts';
import { isList, listOf, without } from '../../../core/changes/values.ts';
import { StashSenseError } from '../../../core/errors.ts';
import { message } from '../../../core/messages/message.ts';
import { nameOfObject } from '../../../core/messages/names.ts';
import type { Graphql } from '../graphql.ts';
import { updateMutation } from './documents.ts';
import { toInput } from './wire.ts';

/** Attempts. Each failed one means another write of a different client within milliseconds of ours. */
const TRIES = 5;

/**
Writes the fields of these changes and reads in the same request the values that were overwritten. If these differ from what
was read before, another client has written in between: a list is merged again, starting from their value; a single value is
restored to theirs.

@param also what is written in the same update, whatever was there: a picture
@throws StashSenseError `changed-since`: their value remains, ours is not written
*/
export async function writeWhole(
  graphql: Pick<Graphql, 'mutate'>,
  object: StashObject,
  changes: readonly FieldChange[],
  also: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  const { kind, id } = object.entity;
  const fields = [...new Set(changes.map(({ field }) => field))];
  // `theirs`: the values of other clients; `ours`: our changes to them; `believed`: the values expected in Stash now.
  let theirs = pick(object.values, fields);
  let ours = changes;
  let believed = theirs;
  let conflict: StashSenseError | null = null;
  for (let tries = 1; tries <= TRIES; tries++) {
    const written = applied(theirs, ours);
    const input = { id, ...toInput(kind, written), ...(ours.length > 0 && also) };
    const seen = pick(await graphql.mutate(updateMutation(kind), { look: { id }, input }), fields);
    if (fields.every((field) => isSame(seen[field], believed[field]))) {
      if (conflict !== null) throw conflict;
      return;
    }
    theirs = Object.fromEntries(
      fields.map((field) => [field, rebased(theirs[field]!, believed[field]!, seen[field]!)]),
    );
    const collides = ours.some(
      (change) => change.op === 'set' && !isSame(seen[change.field], believed[change.field]),
    );
    const endpoint = takenEndpoint(kind, listOf(applied(theirs, ours), 'stashIds'));
    if (collides || endpoint !== null) {
      conflict ??= conflictOf(
        { ...object, values: { ...object.values, ...theirs } },
        changes,
        endpoint ?? '',
      );
      ours = [];
    }
    believed = written;
  }
  throw new StashSenseError('changed-since', message('changes.contended', { item: nameOfObject(object) }));
}

function pick(values: FieldValues, fields: readonly string[]): FieldValues {
  return Object.fromEntries(fields.map((field) => [field, values[field] ?? null]));
}

function applied(values: FieldValues, changes: readonly FieldChange[]): FieldValues {
  const result: Record<string, FieldValue> = { ...values };
  // Removals before additions: a stash ID may replace another one of the same endpoint.
  for (const change of changes) if (change.op === 'set') result[change.field] = change.after;
  for (const change of changes)
    if (change.op === 'remove') result[change.field] = without(listOf(result, change.field), change.values);
  for (const change of changes)
    if (change.op === 'add') {
      const there = listOf(result, change.field);
      result[change.field] = [...there, ...without(change.values, there)];
    }
  return result;
}

/** Applies the difference between `believed` and `seen` (the write of another client) to `theirs`. */
function rebased(theirs: FieldValue, believed: FieldValue, seen: FieldValue): FieldValue {
  if (!isList(seen)) return isSame(seen, believed) ? theirs : seen;
  const [from, known] = [isList(theirs) ? theirs : [], isList(believed) ? believed : []];
  const kept = without(from, without(known, seen));
  return [...kept, ...without(without(seen, known), kept)];
}

function isSame(a: FieldValue | undefined, b: FieldValue | undefined): boolean {
  if (!isList(a) || !isList(b)) return a === b;
  return a.length === b.length && without(a, b).length === 0;
}

function conflictOf(now: StashObject, changes: readonly FieldChange[], endpoint: string): StashSenseError {
  for (const change of changes)
    if (change.op === 'set' && !isSame(now.values[change.field], change.before))
      return new StashSenseError('changed-since', changedMeanwhile(change, now, change.before));
  return new StashSenseError(
    'changed-since',
    message('changes.stashIdTaken', { item: nameOfObject(now), endpoint }),
  );
}
