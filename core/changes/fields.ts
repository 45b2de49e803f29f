/**
Every field of Stash that a change can name, and how Stash lets it be written. A field that is `built` can be changed; the
others stand here to be built (docs/how-to-add.md).
*/
import { z } from 'zod';
import type { StashKind } from '../stash-ref.ts';
import { StashIdValue, type ListValue, type Scalar } from './change.ts';

/**
How Stash lets a field be written.

`bulk`: its bulk mutation adds and removes single values, so that what others write meanwhile stays. `merge`: Stash knows
only the whole list, which is read, merged, written, and compared with what was there at that moment. `set`: one value, written
where the one before is still there.
*/
export type WriteMode = 'bulk' | 'merge' | 'set';

export type ListField = {
  readonly shape: 'list';
  readonly write: 'bulk' | 'merge';
  readonly value: z.ZodType<ListValue>;
  /** Of stash IDs: Stash keeps one of each endpoint, and refuses a second. */
  readonly isOnePerEndpoint: boolean;
  /** Stash takes values that differ in case alone for the same. */
  readonly ignoresCase: boolean;
  readonly built: boolean;
};
export type ScalarField = {
  readonly shape: 'scalar';
  readonly write: 'set';
  readonly value: z.ZodType<Scalar>;
  readonly built: boolean;
};
export type Field = ListField | ScalarField;

const Id = z.string().regex(/^\d+$/, 'an id of Stash is a number');
const Line = z.string().trim().min(1);
/** A day, or a month or year alone. */
const Day = z.string().regex(/^\d{4}(-\d{2}(-\d{2})?)?$/, 'a date is YYYY, YYYY-MM or YYYY-MM-DD');

const list = (value: z.ZodType<ListValue>, write: ListField['write'] = 'bulk'): ListField => ({
  shape: 'list',
  write,
  value,
  ignoresCase: false,
  isOnePerEndpoint: false,
  built: true,
});
const scalar = (value: z.ZodType<Scalar>): ScalarField => ({
  shape: 'scalar',
  write: 'set',
  value,
  built: true,
});
const later = <F extends Field>(field: F): F => ({ ...field, built: false });

const ids = list(Id);
const urls = list(Line);
const aliases: ListField = { ...list(Line), ignoresCase: true };
const stashIds = list(StashIdValue, 'merge');
const text = scalar(Line.nullable());
const day = scalar(Day.nullable());
const flag = scalar(z.boolean());
const id = scalar(Id.nullable());
const rating = scalar(z.int().min(1).max(100).nullable());
const count = scalar(z.int().min(1).nullable());

const ofMedia = {
  performers: ids,
  tags: ids,
  urls,
  studio: id,
  title: text,
  code: text,
  details: text,
  date: day,
  rating100: rating,
  organized: flag,
};

export const FIELDS = {
  scene: {
    ...ofMedia,
    director: text,
    stashIds: { ...stashIds, isOnePerEndpoint: true },
    galleries: later(ids),
    groups: later(ids),
  },
  image: { ...ofMedia, photographer: text, galleries: later(ids) },
  gallery: { ...ofMedia, photographer: text, scenes: later(ids) },
  performer: {
    tags: ids,
    urls,
    aliases,
    stashIds,
    name: scalar(Line),
    disambiguation: text,
    gender: scalar(
      z
        .enum(['MALE', 'FEMALE', 'TRANSGENDER_MALE', 'TRANSGENDER_FEMALE', 'INTERSEX', 'NON_BINARY'])
        .nullable(),
    ),
    birthdate: day,
    deathDate: day,
    ethnicity: text,
    country: text,
    eyeColor: text,
    hairColor: text,
    heightCm: count,
    weight: count,
    measurements: text,
    fakeTits: text,
    penisLength: scalar(z.number().positive().nullable()),
    circumcised: scalar(z.enum(['CUT', 'UNCUT']).nullable()),
    careerLength: text,
    tattoos: text,
    piercings: text,
    details: text,
    rating100: rating,
    favorite: flag,
    ignoreAutoTag: flag,
  },
  studio: {
    tags: later(ids),
    aliases: later({ ...aliases, write: 'merge' as const }),
    stashIds: later(stashIds),
    name: later(scalar(Line)),
    parent: later(id),
    details: later(text),
    rating100: later(rating),
    favorite: later(flag),
    ignoreAutoTag: later(flag),
  },
  tag: {
    aliases: later(aliases),
    stashIds: later(stashIds),
    parents: later(ids),
    children: later(ids),
    name: later(scalar(Line)),
    description: later(text),
    favorite: later(flag),
    ignoreAutoTag: later(flag),
  },
  group: {
    tags: later(ids),
    urls: later(urls),
    name: later(scalar(Line)),
    studio: later(id),
    date: later(day),
    director: later(text),
    details: later(text),
    rating100: later(rating),
  },
} as const satisfies Record<StashKind, Readonly<Record<string, Field>>>;

/** With what a performer, studio or tag can be made. */
export const CREATED_WITH = {
  performer: Object.keys(FIELDS.performer),
  studio: ['name', 'aliases', 'details', 'parent', 'stashIds', 'tags'],
  tag: ['name', 'aliases', 'description', 'parents', 'stashIds'],
} as const satisfies Partial<Record<StashKind, readonly string[]>>;

export function fieldOf(kind: StashKind, field: string): Field | null {
  const fields: Readonly<Record<string, Field>> = FIELDS[kind];
  return Object.hasOwn(fields, field) ? (fields[field] ?? null) : null;
}

/** Every field that can be changed. */
export function builtCells(): { readonly kind: StashKind; readonly name: string; readonly field: Field }[] {
  return (Object.keys(FIELDS) as StashKind[]).flatMap((kind) =>
    Object.entries<Field>(FIELDS[kind])
      .filter(([, field]) => field.built)
      .map(([name, field]) => ({ kind, name, field })),
  );
}
