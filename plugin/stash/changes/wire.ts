/** Maps the fields of core/changes/fields.ts to Stash's GraphQL: selections, answers and inputs. */
import { z } from 'zod';
import type { FieldValue, FieldValues, ListValue, StashIdValue } from '../../../core/changes/change.ts';
import { CREATED_WITH, FIELDS, type Field } from '../../../core/changes/fields.ts';
import { isList } from '../../../core/changes/values.ts';
import type { StashKind } from '../../../core/stash-ref.ts';
import type { Features } from '../capabilities.ts';

export type FieldFeatures = Pick<Features, 'tagStashIds'>;

export type WireField = {
  readonly name: string;
  readonly field: Field;
  /** Selection of the field in a query. */
  readonly selection: string;
  /** Name of the field in the answer, and below in inputs. */
  readonly output: string;
  readonly input: string;
  readonly answer: z.ZodType<FieldValue>;
};

const Ids = z.array(z.object({ id: z.string() })).transform((rows) => rows.map(({ id }) => id));
const Id = z
  .object({ id: z.string() })
  .nullish()
  .transform((row) => row?.id ?? null);
const Texts = z
  .array(z.string())
  .nullish()
  .transform((texts) => texts ?? []);
/** `updatedAt`: as Stash keeps it beside the id. What is only written along is sent back with it. */
type TimedStashId = StashIdValue & { readonly updatedAt?: string };
const StashIds = z
  .array(z.object({ endpoint: z.string(), stash_id: z.string(), updated_at: z.string() }))
  .transform((rows) =>
    rows.map(({ endpoint, stash_id: stashId, updated_at: updatedAt }): TimedStashId => ({
      endpoint,
      stashId,
      updatedAt,
    })),
  );
/** Stash's empty string means that there is no value. */
const One = z
  .union([z.string(), z.number(), z.boolean()])
  .nullish()
  .transform((value) => (value === undefined || value === '' ? null : value));

/** Fields with a special shape. All others use their name in snake case, and hold strings or one value. */
const SHAPES: Readonly<Record<string, Pick<WireField, 'selection' | 'input' | 'answer'>>> = {
  performers: { selection: 'performers { id }', input: 'performer_ids', answer: Ids },
  tags: { selection: 'tags { id }', input: 'tag_ids', answer: Ids },
  parents: { selection: 'parents { id }', input: 'parent_ids', answer: Ids },
  children: { selection: 'children { id }', input: 'child_ids', answer: Ids },
  studio: { selection: 'studio { id }', input: 'studio_id', answer: Id },
  parent: { selection: 'parent_studio { id }', input: 'parent_id', answer: Id },
  stashIds: { selection: 'stash_ids { endpoint stash_id updated_at }', input: 'stash_ids', answer: StashIds },
};
const OTHER_NAMES: Readonly<Record<string, string>> = { 'performer.aliases': 'alias_list' };

/** Fields that are read for a kind: those that can be changed, and those that can be set when an object is made. */
function wireFields(kind: StashKind): readonly WireField[] {
  const created: readonly string[] = kind in CREATED_WITH ? Object.keys(FIELDS[kind]) : [];
  return Object.entries<Field>(FIELDS[kind])
    .filter(([name, { built }]) => built || created.includes(name))
    .map(([name, field]) => {
      const own = OTHER_NAMES[`${kind}.${name}`] ?? snakeCase(name);
      const shape = SHAPES[name] ?? {
        selection: own,
        input: own,
        answer: field.shape === 'list' ? Texts : One,
      };
      return { name, field, output: shape.selection.split(' ')[0] ?? own, ...shape };
    });
}

/** Names of the fields that this version of Stash does not have. */
export function lackingFields(kind: StashKind, { tagStashIds }: FieldFeatures): readonly string[] {
  return kind === 'tag' && !tagStashIds ? ['stashIds'] : [];
}

/** @param fields without: all that are read for the kind */
export function selectionOf(kind: StashKind, fields?: readonly string[]): string {
  return only(kind, fields)
    .map(({ selection }) => selection)
    .join(' ');
}

/** Field values from an answer. */
export function readValues(
  kind: StashKind,
  answer: Readonly<Record<string, unknown>>,
  fields?: readonly string[],
): FieldValues {
  return Object.fromEntries(
    only(kind, fields).map(({ name, output, answer: shape }) => [name, shape.parse(answer[output])]),
  );
}

function only(kind: StashKind, fields: readonly string[] | undefined): readonly WireField[] {
  return wireFields(kind).filter(({ name }) => fields === undefined || fields.includes(name));
}

/** Fields whose null Stash ignores: an empty string empties them. */
const EMPTIED_BY_TEXT = new Set(['gallery.title']);

/** Field values as part of an input. Null empties a field. */
export function toInput(kind: StashKind, values: FieldValues): Record<string, unknown> {
  return Object.fromEntries(
    wireFields(kind)
      .filter(({ name }) => values[name] !== undefined)
      .map(({ name, input }) => {
        const value = values[name];
        if (value === null && EMPTIED_BY_TEXT.has(`${kind}.${name}`)) return [input, ''];
        return [input, isList(value) ? value.map(toWire) : value];
      }),
  );
}

/** One field as part of a bulk mutation's input. */
export function toBulkInput(
  kind: StashKind,
  name: string,
  mode: 'ADD' | 'REMOVE',
  values: readonly ListValue[],
): Record<string, unknown> {
  const wire = wireFields(kind).find((one) => one.name === name);
  if (wire === undefined) throw new Error(`${kind} has no field ${name}`);
  return { [wire.input]: { mode, [wire.answer === Ids ? 'ids' : 'values']: values.map(toWire) } };
}

function toWire(value: ListValue): unknown {
  if (typeof value === 'string') return value;
  const { endpoint, stashId, updatedAt }: TimedStashId = value;
  // Without it Stash would take an id that is only written along for one that was changed now.
  return { endpoint, stash_id: stashId, ...(updatedAt !== undefined && { updated_at: updatedAt }) };
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
