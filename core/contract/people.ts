/** What the People tab asks and shows. */
import { z } from 'zod';
import { Message } from '../messages/schema.ts';
import { DescribedPackView } from './reference-packs.ts';
import { EntityRefInput, Id, Picture } from './values.ts';

export const ReferenceView = z.object({
  id: z.string(),
  source: z.string(),
  /** Whether it is used, or why not. */
  state: z.string(),
  quality: z.number(),
  url: Picture.nullable(),
  /** The image it is, or what the face was seen in; null: a profile picture, or nothing that is known any more. */
  entity: EntityRefInput.nullable(),
  /** What the user can say of the picture. */
  offers: z.enum(['set-aside', 'use']).nullable(),
});

export type ReferenceView = z.infer<typeof ReferenceView>;

/** One of two performers who look like one person. */
const LookAlikeView = z.object({
  performerId: z.string(),
  name: z.string(),
  disambiguation: z.string(),
  /** The best reference. */
  url: Picture.nullable(),
});

export const LookAlikesView = z.object({
  total: z.int(),
  /** Pairs of which the user said that they are two people. */
  told: z.int(),
  /** Most alike first. */
  items: z.array(z.object({ one: LookAlikeView, other: LookAlikeView, similarity: z.number() })),
});

export const ReferencesQuery = z.object({
  performerId: Id,
  limit: z.int().min(1).max(100).default(30),
  offset: z.int().min(0).default(0),
});

export const ReferencesView = z.object({
  total: z.int(),
  /** Used ones first. */
  items: z.array(ReferenceView),
  /** Why the performer cannot be recognised; null: they can, or they were never learnt. */
  problem: Message.nullable(),
});

export type ReferencesView = z.infer<typeof ReferencesView>;

export const peopleOperations = {
  'people.info': {
    input: () => z.object({ limit: z.int().min(1).max(200).default(50), offset: z.int().min(0).default(0) }),
    output: () =>
      z.object({
        performers: z.int(),
        withReference: z.int(),
        references: z.record(z.string(), z.int()),
        /** People whom the user called nobody of interest. Absent: none. */
        hidden: z.int().optional(),
        /** The reference packs that are searched with the performers, and those that are not, with why. */
        packs: z.array(DescribedPackView),
        /** Performers without a usable reference, with the reason. */
        without: z.object({
          total: z.int(),
          items: z.array(z.object({ performerId: z.string(), name: z.string(), reason: Message })),
        }),
      }),
  },
  /** Each picture of a performer that was read, with its state as a reference. */
  'people.references': { input: () => ReferencesQuery, output: () => ReferencesView },
  /** Sets a reference aside for good, or uses it again: whatever else has the same picture goes with it. Answers as `people.references`. */
  'people.use': {
    input: () => ReferencesQuery.extend({ referenceId: Id, use: z.boolean() }),
    output: () => ReferencesView,
  },
  /** Performers who look like one person, as of the last "Update people"; with `told` those of whom the user said that they are two. */
  'people.lookAlikes': {
    input: () =>
      z.object({
        told: z.boolean().default(false),
        limit: z.int().min(1).max(50).default(20),
        offset: z.int().min(0).default(0),
      }),
    output: () => LookAlikesView,
  },
  /** The user says that these are two people; `undo` withdraws it. */
  'people.tellApart': {
    input: () => z.object({ performerIds: z.tuple([Id, Id]), undo: z.boolean().default(false) }),
    output: () => z.object({ toldApart: z.boolean() }),
  },
} as const;
