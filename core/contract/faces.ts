/** What the Faces tab shows. */
import { z } from 'zod';
import { SuggestionState } from '../suggestions/suggestion.ts';
import { Confidence, CropView, Picture } from './values.ts';
import { Message } from '../messages/schema.ts';

export const CandidateView = z.object({
  performerId: z.string().nullable(),
  name: z.string(),
  confidence: Confidence,
  similarity: z.number(),
  reference: z.object({ url: Picture, source: z.enum(['profile', 'image', 'confirmed', 'file']) }).nullable(),
  /** Somebody said that it is not this performer; `entity.reject` with `undo` takes that back. Absent: nobody did. */
  rejected: z.boolean().optional(),
  /** The entity has this performer already. */
  present: z.boolean().optional(),
  /** The write that put the performer there and can be undone. Absent: none. */
  journalId: z.string().optional(),
});

export type CandidateView = z.infer<typeof CandidateView>;

/** One person of a scene, an image or a gallery, as the Faces tab shows them. */
export const PersonView = z.object({
  key: z.int(),
  decision: z.enum(['match', 'ambiguous', 'unknown']),
  /** Of a match. */
  performerId: z.string().nullable(),
  name: z.string().nullable(),
  confidence: Confidence,
  margin: z.number(),
  faceCount: z.int(),
  /** Milliseconds into the scene, ascending, at most 24. */
  timesMs: z.array(z.number()),
  crops: z.array(CropView),
  /** Best first; of a match the first is the answer. */
  candidates: z.array(CandidateView),
  /** What can be accepted or was decided, for the match. */
  suggestion: z.object({ id: z.string(), state: SuggestionState }).nullable(),
  /** The write that can be undone. */
  journalId: z.string().nullable(),
  /** The entity has this performer already. */
  present: z.boolean(),
});

export type PersonView = z.infer<typeof PersonView>;

export const FacesView = z.object({
  /** `waiting`: asked for, not begun. */
  state: z.enum(['never', 'waiting', 'working', 'done', 'failed']),
  /** 0…1 and what is being done, while it works. */
  progress: z.object({ fraction: z.number(), message: z.string() }).nullable(),
  /** What keeps it from being identified (weights missing, no people yet). */
  problem: z.string().nullable(),
  /** Why it could last not be identified; null: it could. Who was found before is in `persons` all the same. */
  lastFailure: z.object({ at: z.number(), message: Message }).nullable(),
  observedAt: z.number().nullable(),
  frameCount: z.int(),
  persons: z.array(PersonView),
  /** How many people can be recognised at all. */
  peopleCount: z.int(),
  /** The people known have changed since it was matched, and they are too many to match it at once: the next task does. */
  isOutdated: z.boolean().optional(),
});

export type FacesView = z.infer<typeof FacesView>;
