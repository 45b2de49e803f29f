/** What the page asks of the builder of reference packs. */
import { z } from 'zod';
import { StashIdValue } from '../changes/change.ts';
import { Message } from '../messages/schema.ts';
import { PackEstimate, PackScope } from '../reference-packs/build.ts';
import { PICTURE_STATES } from '../reference-packs/picture-states.ts';
import { JoinEvidence, ReferencePackId } from '../reference-packs/reference-pack.ts';

/** Which pack; without an endpoint that of the first stash-box with a key. */
const WhichPack = z.object({
  scope: PackScope.default('mine'),
  endpoint: z.string().min(1).max(1000).optional(),
  /** For the scope `ids`: ids of the stash-box. */
  ids: z.array(z.uuid()).max(10_000).optional(),
});
const Started = z.object({
  packId: ReferencePackId,
  jobId: z.string().nullable(),
  joined: z.boolean(),
});

const DoubtfulPersonView = z.object({
  name: z.string(),
  stashId: StashIdValue,
  /** As published: a year, a month or a day. */
  birthDate: z.string().nullable(),
});
export const DoubtfulView = z.object({
  one: DoubtfulPersonView,
  other: DoubtfulPersonView,
  why: Message,
  evidence: JoinEvidence,
});
export type DoubtfulView = z.infer<typeof DoubtfulView>;

export const packBuildOperations = {
  /** The stash-boxes of Stash's settings. */
  'referencePacks.boxes': {
    input: () => z.object({}),
    output: () =>
      z.object({
        boxes: z.array(z.object({ endpoint: z.string(), name: z.string(), hasKey: z.boolean() })),
      }),
  },
  /** Starts to measure what building this pack would take, within a minute; `referencePacks.estimate` shows it. */
  'referencePacks.measure': { input: () => WhichPack, output: () => Started },
  /** The estimate of this pack as it was measured last; null: it was not, or is being measured anew. */
  'referencePacks.estimate': {
    input: () => WhichPack.omit({ ids: true }),
    output: () =>
      z.object({
        packId: ReferencePackId,
        isMeasuring: z.boolean(),
        /** Why the last measurement failed; null: it did not. */
        problem: Message.nullable(),
        estimate: PackEstimate.extend({ text: Message }).nullable(),
      }),
  },
  /** Builds this pack, or goes on with it. `keepCrops`: face crops are kept, so that another face pack needs no picture again. */
  'referencePacks.build': {
    input: () => WhichPack.extend({ keepCrops: z.boolean().default(false) }),
    output: () => Started,
  },
  /** Performers of different stash-boxes who could be one person, and why they are not taken for one. */
  'referencePacks.doubtful': {
    input: () => z.object({ limit: z.int().min(1).max(100).default(20), offset: z.int().min(0).default(0) }),
    output: () => z.object({ total: z.int(), items: z.array(DoubtfulView) }),
  },
  /** What became of the pictures of each person of a pack that is built here. `without`: only people without a usable one. */
  'referencePacks.learnt': {
    input: () =>
      z.object({
        packId: ReferencePackId,
        /** A part of the name, or an id of the stash-box. */
        name: z.string().max(200).default(''),
        without: z.boolean().default(false),
        limit: z.int().min(1).max(200).default(50),
        offset: z.int().min(0).default(0),
      }),
    output: () =>
      z.object({
        people: z.int(),
        usable: z.int(),
        total: z.int(),
        items: z.array(
          z.object({
            stashId: z.string(),
            name: z.string(),
            isLookedAt: z.boolean(),
            pictures: z.array(
              z.object({
                imageId: z.string(),
                state: z.enum(PICTURE_STATES),
                said: Message,
                /** 0…1; null unless it is used. */
                quality: z.number().nullable(),
              }),
            ),
          }),
        ),
      }),
  },
} as const;
