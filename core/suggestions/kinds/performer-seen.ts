import { z } from 'zod';
import { CropView, ExpectedView } from '../../contract/values.ts';
import { defineKind, refTo } from './define.ts';
import { ReferenceView, SeenClusters, SeenEvidence } from './seen.ts';

/** A performer was recognised in a scene, an image or a gallery that does not have them. */
export const performerSeen = defineKind({
  kind: 'performer-seen',
  entity: refTo('scene', 'image', 'gallery'),
  target: refTo('performer'),
  payload: z.object({ seen: SeenClusters }),
  evidence: SeenEvidence.extend({
    referenceId: z.string(),
    /** What let one expect the performer here, which is a part of the confidence. Absent: nothing. */
    expected: ExpectedView.optional(),
    /** The other candidates. */
    alternatives: z.array(z.object({ performerId: z.string(), name: z.string(), confidence: z.number() })),
  }),
  choices: z.strictObject({
    performer: z.boolean().default(true),
    /** The tag that auto-accept adds; unset: only auto-accept adds it. */
    tag: z.boolean().optional(),
  }),
  view: z.object({ crop: CropView.nullable(), reference: ReferenceView }),
  keyParts: (_payload, target) => [target.id],
  // Not what was written: the target may have been merged into another performer since. Only the tag may have been chosen.
  finding: ({ entity, target }, written) =>
    written?.every((change) => !('field' in change) || change.field !== 'performers') === true
      ? []
      : [{ op: 'add', entity, field: 'performers', values: [target.id] }],
  contentIds: ({ seen }) => seen.map(({ contentId }) => contentId),
});
