import { z } from 'zod';
import { Id } from '../../contract/values.ts';
import { defineKind, refTo } from './define.ts';
import {
  theOnlyOne,
  chosenPerformer,
  OpenSeenEvidence,
  OpenSeenView,
  SeenCandidate,
  SeenClusters,
} from './seen.ts';

/**
It is open who was seen in a scene, an image or a gallery that has none of them: one of several performers who cannot be told
apart, being one person entered twice or people who look alike; or whoever only the cover shows.
Or whether an unknown face is that of the one performer who is on the scene and was not seen.
*/
export const performerAmbiguous = defineKind({
  kind: 'performer-ambiguous',
  entity: refTo('scene', 'image', 'gallery'),
  target: z.null(),
  payload: z.object({
    seen: SeenClusters,
    /** Most likely first. */
    candidates: z.array(SeenCandidate).min(1),
  }),
  evidence: OpenSeenEvidence,
  choices: z.strictObject({ performerId: Id.optional() }),
  view: OpenSeenView,
  // oxlint-disable-next-line unicorn/no-array-sort -- of a new array; the types of the page have no toSorted
  keyParts: ({ candidates }) => candidates.map(({ performerId }) => performerId).sort(),
  finding: ({ entity, payload: { candidates } }, written) =>
    written === null ? theOnlyOne(entity, candidates) : chosenPerformer(entity, written),
  contentIds: ({ seen }) => seen.map(({ contentId }) => contentId),
  options: ({ candidates }) =>
    candidates.map(({ performerId, name }) => ({
      target: { kind: 'performer', id: performerId },
      name,
      choices: { performerId },
    })),
});
