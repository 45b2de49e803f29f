import type { FieldChange, ListChange } from '../../../core/changes/change.ts';
import { fieldOf } from '../../../core/changes/fields.ts';
import { toBulkInput } from './wire.ts';

export function isBulk(change: FieldChange): change is ListChange {
  return change.op !== 'set' && fieldOf(change.entity.kind, change.field)?.write === 'bulk';
}

/** One bulk mutation has one mode per field: it can add performers and remove tags, but not add and remove performers. Adds come first. */
export function toBulkInputs(changes: readonly ListChange[]): Record<string, unknown>[] {
  const fields = [...new Set(changes.map(({ field }) => field))].map((field) =>
    (['add', 'remove'] as const).flatMap((op) => {
      const own = changes.filter((change) => change.field === field && change.op === op);
      const values = own.flatMap((change) => change.values);
      const kind = own[0]?.entity.kind;
      return values.length === 0 || kind === undefined
        ? []
        : [toBulkInput(kind, field, op === 'add' ? 'ADD' : 'REMOVE', values)];
    }),
  );
  const count = Math.max(0, ...fields.map((steps) => steps.length));
  return Array.from(
    { length: count },
    (_, at) => Object.assign({}, ...fields.map((steps) => steps[at] ?? {})) as Record<string, unknown>,
  );
}
