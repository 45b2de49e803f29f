/** One language for everything that is ever written to Stash. `fields.ts` says which fields there are. */
import { z } from 'zod';
import { StashRef } from '../stash-ref.ts';

export const StashIdValue = z.object({ endpoint: z.string(), stashId: z.string() });
export type StashIdValue = Readonly<z.infer<typeof StashIdValue>>;

/** An id of Stash, a URL, an alias; or a stash ID. */
export const ListValue = z.union([z.string(), StashIdValue]);
export type ListValue = z.infer<typeof ListValue>;

/** Null: no value. Stash answers an empty text for none, which is null here. */
export const Scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
export type Scalar = z.infer<typeof Scalar>;

const ListChange = z.object({
  op: z.enum(['add', 'remove']),
  entity: StashRef,
  field: z.string(),
  values: z.array(ListValue).readonly(),
});
const SetChange = z.object({
  op: z.literal('set'),
  entity: StashRef,
  field: z.string(),
  before: Scalar,
  after: Scalar,
});
const CreateChange = z.object({
  op: z.literal('create'),
  kind: z.enum(['performer', 'studio', 'tag']),
  /** By field. */
  values: z.record(z.string(), z.union([Scalar, z.array(ListValue).readonly()])),
  /** SHA-256 of the picture it is made with, hexadecimal. Absent: without one. */
  picture: z.string().optional(),
  /** Null until it was made. */
  id: z.string().nullable(),
});
/** Nothing makes these yet. Neither can be undone, so all that is lost is kept in `exported`. */
const MergeChange = z.object({
  op: z.literal('merge'),
  source: StashRef,
  entity: StashRef,
  exported: z.record(z.string(), z.unknown()),
});
const DestroyChange = z.object({
  op: z.literal('destroy'),
  entity: StashRef,
  exported: z.record(z.string(), z.unknown()),
});

export const Change = z.discriminatedUnion('op', [
  ListChange,
  SetChange,
  CreateChange,
  MergeChange,
  DestroyChange,
]);
export type Change = Readonly<z.infer<typeof Change>>;
export type ListChange = Readonly<z.infer<typeof ListChange>>;
export type SetChange = Readonly<z.infer<typeof SetChange>>;
export type CreateChange = Readonly<z.infer<typeof CreateChange>>;
/** A change of one field of something that is there. */
export type FieldChange = ListChange | SetChange;

export type FieldValue = Scalar | readonly ListValue[];
/** By field, as `fields.ts` names them. */
export type FieldValues = Readonly<Record<string, FieldValue>>;

/** Something in Stash as it was just read. */
export type StashObject = {
  readonly entity: StashRef;
  /** What people call it. */
  readonly title: string;
  readonly identity: Identity;
  readonly values: FieldValues;
};

/** By what an object is known, since Stash gives the ids of a replaced or restored database to others. */
export const Identity = z.object({
  /** Scene, image, gallery: content ids of the files, and `folder:…` of a gallery that is a folder. */
  contents: z.array(z.string()).readonly(),
  /** Name of a performer, studio or tag; title of the others. */
  name: z.string(),
  disambiguation: z.string(),
  stashIds: z.array(StashIdValue).readonly(),
});
export type Identity = Readonly<z.infer<typeof Identity>>;
