import { z } from 'zod';
import { StashIdValue } from '../../changes/change.ts';
import { Picture } from '../../contract/values.ts';
import { keyOfStashId } from '../../reference-packs/reference-pack.ts';
import { STRONG_FROM } from '../../stash-box/rate.ts';
import { LinkSign } from '../../stash-box/signs.ts';
import { Taken } from '../../stash-box/taken.ts';
import { defineKind, refTo } from './define.ts';

/** A performer without a stash ID of a stash-box is somebody whom that box knows. */
export const performerStashId = defineKind({
  kind: 'performer-stash-id',
  entity: refTo('performer'),
  target: z.null(),
  payload: z.object({ stashId: StashIdValue }),
  evidence: z.object({
    /** What was compared. */
    signs: z.array(LinkSign),
    /** A face agrees and something else does too, or an id or an address says it. */
    isStrong: z.boolean(),
    /** As the stash-box publishes them. */
    name: z.string(),
    disambiguation: z.string(),
    birthDate: z.string().nullable(),
    country: z.string().nullable(),
    /** Of the picture there that shows them best as far as is known; null: it has none. */
    imageId: z.string().nullable(),
  }),
  choices: z.strictObject({ take: Taken.optional() }),
  view: z.object({
    /** Of the performer; null: there is none. */
    picture: z.object({ url: Picture }).nullable(),
  }),
  keyParts: ({ stashId }) => [keyOfStashId(stashId)],
  finding: ({ entity, payload }) => [{ op: 'add', entity, field: 'stashIds', values: [payload.stashId] }],
  contentIds: () => [],
  acceptableFrom: STRONG_FROM,
});
