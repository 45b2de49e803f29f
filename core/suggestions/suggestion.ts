import { z } from 'zod';

const EntityRef = z.object({ kind: z.enum(['scene', 'image', 'gallery']), id: z.string() });

/** What the user can check before accepting or rejecting. */
export const FaceEvidence = z.object({
  /** The clusters that were matched; several when a scene has several files or a gallery several pictures. */
  seen: z.array(z.object({ contentId: z.string(), personKey: z.int() })),
  /** Milliseconds into the scene, ascending, at most 24. */
  timesMs: z.array(z.number()),
  faceCount: z.int(),
  similarity: z.number(),
  margin: z.number(),
  referenceId: z.string(),
  /** The other candidates. */
  alternatives: z.array(z.object({ performerId: z.string(), name: z.string(), confidence: z.number() })),
});
export type FaceEvidence = z.infer<typeof FaceEvidence>;

/** `stale`: the last match no longer supports it. It is stored, so that a later match can reopen it. */
export const SuggestionState = z.enum(['open', 'accepted', 'rejected', 'stale']);
export type SuggestionState = z.infer<typeof SuggestionState>;

export const Suggestion = z.object({
  id: z.string(),
  kind: z.enum(['performer-seen']),
  /** Stable key of the finding: kind, entity and performer. */
  key: z.string(),
  entity: EntityRef,
  entityTitle: z.string(),
  performerId: z.string(),
  performerName: z.string(),
  /** 0…1, calibrated. */
  confidence: z.number(),
  state: SuggestionState,
  evidence: FaceEvidence,
  analyzer: z.string(),
  /** Unix milliseconds. */
  createdAt: z.number(),
  updatedAt: z.number(),
});
export type Suggestion = z.infer<typeof Suggestion>;

/** A suggestion before the store has given it an id, a state and times. */
export type Proposal = Omit<Suggestion, 'id' | 'key' | 'state' | 'createdAt' | 'updatedAt'>;

export function suggestionKey({
  kind,
  entity,
  performerId,
}: Pick<Suggestion, 'kind' | 'entity' | 'performerId'>): string {
  return `${kind}:${entity.kind}:${entity.id}:${performerId}`;
}
