/** What the Faces tab shows. */
import { z } from 'zod';
import { SuggestionState } from '../suggestions/suggestion.ts';
import { Confidence, CropView, ExpectedView, Picture } from './values.ts';
import { PackPersonView } from './reference-packs.ts';
import { Message } from '../messages/schema.ts';

export const CandidateView = z.object({
  performerId: z.string().nullable(),
  name: z.string(),
  confidence: Confidence,
  similarity: z.number(),
  reference: z.object({ url: Picture, source: z.enum(['profile', 'image', 'confirmed', 'file']) }).nullable(),
  /** A person rejected this performer for this face; `entity.reject` with `undo` unrejects. Absent: not rejected. */
  rejected: z.boolean().optional(),
  /** The entity has this performer already. */
  present: z.boolean().optional(),
  /** Journal entry of the write that added the performer, while it can be undone. Absent: none. */
  journalId: z.string().optional(),
  /** The performer was added with a yes, and has been taken off in Stash since. Absent: no. */
  removed: z.boolean().optional(),
  /** What let one expect the performer here, which is a part of the confidence. Absent: nothing. */
  expected: ExpectedView.optional(),
  /** Less likely than what is asked about, and none of several who fit alike: shown where the user asks for it. Absent: no. */
  isUnlikely: z.boolean().optional(),
  /** Somebody of a reference pack: `performerId` is then the performer who was made or chosen for them here. Absent: a performer. */
  pack: PackPersonView.optional(),
});

export type CandidateView = z.infer<typeof CandidateView>;

/** One person of a scene, an image or a gallery, as the Faces tab shows them. */
export const PersonView = z.object({
  key: z.int(),
  decision: z.enum(['match', 'ambiguous', 'unknown']),
  /** Of the match; null for `ambiguous` and `unknown`. */
  performerId: z.string().nullable(),
  name: z.string().nullable(),
  confidence: Confidence,
  margin: z.number(),
  faceCount: z.int(),
  /** Nothing but the cover shows the person. Absent: the film does. */
  onlyCover: z.boolean().optional(),
  /** Milliseconds into the scene, ascending, at most 24. */
  timesMs: z.array(z.number()),
  crops: z.array(CropView),
  /** Best first; of a match the first is the answer. */
  candidates: z.array(CandidateView),
  /** The suggestion of the matched performer; null: there is none. */
  suggestion: z.object({ id: z.string(), state: SuggestionState }).nullable(),
  /** Journal entry of the write that added the matched performer, while it can be undone. */
  journalId: z.string().nullable(),
  /** The entity has this performer already. */
  present: z.boolean(),
  /** The id of the hidden person (`people.hidden`): the user called them nobody of interest. Absent: not hidden. */
  hiddenId: z.string().optional(),
});

export type PersonView = z.infer<typeof PersonView>;

export const FacesView = z.object({
  /**
  `never`: not observed yet. `waiting`: identification is requested and has not begun. `excluded`: the settings exclude it,
  `problem` says why.
  */
  state: z.enum(['never', 'waiting', 'working', 'done', 'failed', 'excluded']),
  /** Fraction 0…1 and the current step, while identification runs. */
  progress: z.object({ fraction: z.number(), message: Message }).nullable(),
  /** Why identification is not possible now (weights missing, no people yet). */
  problem: Message.nullable(),
  /** Why the last identification failed; null: it succeeded. `persons` then holds the result of the one before. */
  lastFailure: z.object({ at: z.number(), message: Message }).nullable(),
  observedAt: z.number().nullable(),
  frameCount: z.int(),
  persons: z.array(PersonView),
  /** Performers whom Stash has on the entity, and as whom nobody of `persons` was recognised: those with nobody's face may be theirs. Absent: none. */
  unseen: z
    .array(z.object({ performerId: z.string(), name: z.string(), picture: Picture.nullable() }))
    .optional(),
  /** Number of performers with at least one usable reference. */
  peopleCount: z.int(),
  /** References have changed since the last match, and the gallery is too large to rematch within this operation: the next task does it. */
  isOutdated: z.boolean().optional(),
});

/** A part of a picture: fractions of it, 0…1. */
export const Region = z.object({
  x: z.number().min(0).max(1),
  y: z.number().min(0).max(1),
  width: z.number().gt(0).max(1),
  height: z.number().gt(0).max(1),
});
export type Region = z.infer<typeof Region>;

export type FacesView = z.infer<typeof FacesView>;
