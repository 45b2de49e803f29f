import { z } from 'zod';
import { StashIdValue } from '../../changes/change.ts';
import { isContentId } from '../../content-id.ts';
import { Picture } from '../../contract/values.ts';
import { keyOfStashId } from '../../reference-packs/reference-pack.ts';
import { STRONG_FROM } from '../../stash-box/rate.ts';
import { SceneTaken } from '../../stash-box/scene/offer.ts';
import { Recut } from '../../stash-box/recuts/recut.ts';
import { SceneHit } from '../../stash-box/scene-hit.ts';
import { defineKind, refTo } from './define.ts';

/** A scene without a stash ID of a stash-box is one that the box has. */
export const sceneStashId = defineKind({
  kind: 'scene-stash-id',
  entity: refTo('scene'),
  target: z.null(),
  payload: z.object({
    stashId: StashIdValue,
    /** Of the files of the scene that have one. */
    contentIds: z.array(z.string().refine(isContentId)),
  }),
  evidence: z.object({
    /** Fingerprints that agree, what speaks most for it first; none of a re-cut. */
    hits: z.array(SceneHit),
    recut: Recut.optional(),
    /** The film is the same, and no other scene there has it. */
    isStrong: z.boolean(),
    /** As the stash-box publishes it; empty or null where it has none. */
    title: z.string(),
    date: z.string().nullable(),
    studio: z.string().nullable(),
    seconds: z.number().nullable(),
    cast: z.array(z.string()),
    imageId: z.string().nullable(),
    /** As Stash had it when it was looked up. */
    mine: z.object({
      date: z.string().nullable(),
      studio: z.string().nullable(),
      seconds: z.number().nullable(),
    }),
  }),
  choices: z.strictObject({ take: SceneTaken.optional() }),
  view: z.object({
    /** The cover. */
    picture: z.object({ url: Picture }),
  }),
  keyParts: ({ stashId }) => [keyOfStashId(stashId)],
  finding: ({ entity, payload }) => [{ op: 'add', entity, field: 'stashIds', values: [payload.stashId] }],
  contentIds: ({ contentIds }) => contentIds,
  acceptableFrom: STRONG_FROM,
});
