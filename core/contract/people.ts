/** What the People tab shows of one performer. */
import { z } from 'zod';
import { Message } from '../messages/schema.ts';
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
