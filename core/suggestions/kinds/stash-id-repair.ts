import { z } from 'zod';
import { StashIdValue } from '../../changes/change.ts';
import { Picture } from '../../contract/values.ts';
import { keyOfStashId } from '../../reference-packs/reference-pack.ts';
import { STRONG_FROM } from '../../stash-box/rate.ts';
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
  payload: z.object({
    wrong: StashIdValue,
    /** What takes its place; null: nothing. */
    right: StashIdValue.nullable(),
  }),
  evidence: z.object({
    reason: z.enum(REPAIR_REASONS),
    /** As the stash-box publishes whom the right one means; empty without one. */
    name: z.string(),
    disambiguation: z.string(),
    imageId: z.string().nullable(),
  }),
  choices: z.strictObject({}),
  view: z.object({ picture: z.object({ url: Picture }).nullable() }),
  keyParts: ({ wrong, right }) => [keyOfStashId(wrong), right === null ? '' : keyOfStashId(right)],
  finding: ({ entity, payload: { wrong, right } }) => [
    { op: 'remove', entity, field: 'stashIds', values: [wrong] },
    ...(right === null ? [] : [{ op: 'add' as const, entity, field: 'stashIds', values: [right] }]),
  ],
  contentIds: () => [],
  acceptableFrom: STRONG_FROM,
});
