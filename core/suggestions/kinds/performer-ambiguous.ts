import { z } from 'zod';
import { CropView, Id, Picture } from '../../contract/values.ts';
import { defineKind, refTo } from './define.ts';
import { SeenClusters } from './seen.ts';

/**
It is open who was seen in a scene, an image or a gallery that has none of them: one of several performers who cannot be told
apart, being one person entered twice or people who look alike; or whoever only the cover shows.
*/
export const performerAmbiguous = defineKind({
  kind: 'performer-ambiguous',
  entity: refTo('scene', 'image', 'gallery'),
  target: z.null(),
  payload: z.object({
    seen: SeenClusters,
    /** Most likely first. */
    candidates: z
      .array(
        z.object({
          performerId: z.string(),
          name: z.string(),
          confidence: z.number(),
          similarity: z.number(),
          referenceId: z.string(),
        }),
      )
      .min(1),
  }),
  evidence: z.object({
    /** Milliseconds into the scene, ascending, at most 24. */
    timesMs: z.array(z.number()),
    faceCount: z.int(),
    similarity: z.number(),
    margin: z.number(),
    /** Only the cover shows the face, and the film does not. Absent: the film shows it. */
    onlyCover: z.boolean().optional(),
  }),
  choices: z.strictObject({ performerId: Id.optional() }),
  view: z.object({
    crop: CropView.nullable(),
    /** By performer id, of each candidate. */
    references: z.record(z.string(), z.object({ url: Picture, source: z.string() }).nullable()),
    /** Id of the performer who was chosen; null: nobody, or the write was undone. */
    chosen: z.string().nullable(),
  }),
  // oxlint-disable-next-line unicorn/no-array-sort -- of a new array; the types of the page have no toSorted
  keyParts: ({ candidates }) => candidates.map(({ performerId }) => performerId).sort(),
  // Without a write it is not known any more who was chosen.
  finding: ({ entity }, written) =>
    written === null
      ? []
      : written.filter(
          (change) => change.op === 'add' && change.entity.id === entity.id && change.field === 'performers',
        ),
  contentIds: ({ seen }) => seen.map(({ contentId }) => contentId),
  options: ({ candidates }) =>
    candidates.map(({ performerId, name }) => ({
      target: { kind: 'performer', id: performerId },
      name,
      choices: { performerId },
    })),
});
