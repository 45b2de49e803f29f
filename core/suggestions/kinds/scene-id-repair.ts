import { z } from 'zod';
import { isContentId } from '../../content-id.ts';
import { Picture } from '../../contract/values.ts';
import { STRONG_FROM } from '../../stash-box/rate.ts';
import { changesOfCorrection, Correction, keyPartsOfCorrection } from './correction.ts';
import { defineKind, refTo } from './define.ts';
import { REPAIR_REASONS } from './stash-id-repair.ts';

/** A stash ID that a scene has is wrong, or another scene of the user has it too and at most one of them is that scene. */
export const sceneIdRepair = defineKind({
  kind: 'scene-id-repair',
  entity: refTo('scene'),
  target: z.null(),
  payload: Correction.extend({
    /** Of the files of the scene: a "no" holds for them wherever they come back. */
    contentIds: z.array(z.string().refine(isContentId)),
  }),
  evidence: z.object({
    reason: z.enum(REPAIR_REASONS),
    /** As the stash-box publishes the scene that the right one means, or of a shared one that it means; empty or null without one. */
    title: z.string(),
    date: z.string().nullable(),
    studio: z.string().nullable(),
    imageId: z.string().nullable(),
    /** Of a shared one: the other scenes of the user that have it. */
    others: z.array(z.object({ id: z.string(), title: z.string() })),
    /** Of a shared one: fingerprints of this one's files are another scene's there, and those of another one's are that scene's. */
    isTold: z.boolean(),
  }),
  choices: z.strictObject({}),
  view: z.object({
    /** The cover. */
    picture: z.object({ url: Picture }),
  }),
  keyParts: keyPartsOfCorrection,
  finding: ({ entity, payload }) => changesOfCorrection(entity, payload),
  // What the stash-box says of its ids does not rest on them.
  contentIds: () => [],
  acceptableFrom: STRONG_FROM,
});
