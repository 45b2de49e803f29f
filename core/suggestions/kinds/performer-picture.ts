import { z } from 'zod';
import { Picture } from '../../contract/values.ts';
import { defineKind, refTo } from './define.ts';
import { SeenCluster } from './seen.ts';

/** A performer has no picture, and there is a face of them that was seen. */
export const performerPicture = defineKind({
  kind: 'performer-picture',
  entity: refTo('performer'),
  target: z.null(),
  /** One of them: a picture by which the performer is known, or a face that was recognised. */
  payload: z.object({ referenceId: z.string().nullable(), face: SeenCluster.nullable(), packId: z.string() }),
  evidence: z.object({ quality: z.number() }),
  choices: z.strictObject({}),
  view: z.object({ picture: Picture.nullable() }),
  keyParts: () => [],
  // A better picture may take its place.
  finding: () => [],
  contentIds: () => [],
  // A person looks at each.
  acceptableFrom: 1,
});
