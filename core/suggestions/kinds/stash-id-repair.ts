import { z } from 'zod';
import { Picture } from '../../contract/values.ts';
import { STRONG_FROM } from '../../stash-box/rate.ts';
import { changesOfCorrection, Correction, keyPartsOfCorrection } from './correction.ts';
import { defineKind, refTo } from './define.ts';

/**
Why a stash ID is wrong. `merged`: the stash-box has merged that performer into another one. `deleted`: it has no such performer
any more. `malformed`: it is no id as stash-boxes write them. `otherBox`: it is the id of another stash-box. `shared`: another
performer has it too, who it is, while something speaks against this one.
*/
export const REPAIR_REASONS = ['merged', 'deleted', 'malformed', 'otherBox', 'shared'] as const;

/** A stash ID that a performer has is wrong. */
export const stashIdRepair = defineKind({
  kind: 'stash-id-repair',
  entity: refTo('performer'),
  target: z.null(),
  payload: Correction,
  evidence: z.object({
    reason: z.enum(REPAIR_REASONS),
    /** As the stash-box publishes whom the right one means; empty without one. */
    name: z.string(),
    disambiguation: z.string(),
    imageId: z.string().nullable(),
  }),
  choices: z.strictObject({}),
  view: z.object({ picture: z.object({ url: Picture }).nullable() }),
  keyParts: keyPartsOfCorrection,
  finding: ({ entity, payload }) => changesOfCorrection(entity, payload),
  contentIds: () => [],
  acceptableFrom: STRONG_FROM,
});
