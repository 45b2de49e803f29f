import { z } from 'zod';
import type { Change } from '../../changes/change.ts';
import { isContentId } from '../../content-id.ts';
import { CropView, ExpectedView, Picture } from '../../contract/values.ts';
import type { StashRef } from '../../stash-ref.ts';

export const SeenCluster = z.object({ contentId: z.string().refine(isContentId), personKey: z.int() });
export type SeenCluster = z.infer<typeof SeenCluster>;

/** The clusters that were matched; several when a scene has several files or a gallery several pictures. */
export const SeenClusters = z.array(SeenCluster);

/** A performer who fits the face, of several. */
export const SeenCandidate = z.object({
  performerId: z.string(),
  name: z.string(),
  confidence: z.number(),
  similarity: z.number(),
  referenceId: z.string(),
  /** What let one expect the performer here. Absent: nothing. */
  expected: ExpectedView.optional(),
});
export type SeenCandidate = z.infer<typeof SeenCandidate>;

/** What speaks for a face that was seen. */
export const SeenEvidence = z.object({
  /** Milliseconds into the scene, ascending, at most 24. */
  timesMs: z.array(z.number()),
  faceCount: z.int(),
  similarity: z.number(),
  margin: z.number(),
});

/** The same where somebody has to be chosen. */
export const OpenSeenEvidence = SeenEvidence.extend({
  /** Only the cover shows the face, and the film does not. Absent: the film shows it. */
  onlyCover: z.boolean().optional(),
  /** The one candidate is on the scene in Stash, nobody knows their face, and this one alone is nobody's. Absent: not so. */
  tagged: z.boolean().optional(),
});

export const ReferenceView = z.object({ url: Picture, source: z.string() }).nullable();

/** What the page is shown where somebody has to be chosen. */
export const OpenSeenView = z.object({
  crop: CropView.nullable(),
  /** By performer id, of each performer who fits. */
  references: z.record(z.string(), ReferenceView),
  /** Id of the performer who was made or chosen; null: nobody, or the write was undone. */
  chosen: z.string().nullable(),
});

/** Who was meant without a write: the one candidate. Of several it is not known any more who was chosen. */
export function theOnlyOne(
  entity: StashRef,
  [candidate, ...others]: readonly Pick<SeenCandidate, 'performerId'>[],
): readonly Change[] {
  return candidate === undefined || others.length > 0
    ? []
    : [{ op: 'add', entity, field: 'performers', values: [candidate.performerId] }];
}

/** Of what was written for a choice the change that carries it. */
export function chosenPerformer(entity: StashRef, written: readonly Change[] | null): readonly Change[] {
  return (written ?? []).filter(
    (change) => change.op === 'add' && change.entity.id === entity.id && change.field === 'performers',
  );
}
