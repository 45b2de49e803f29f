/** What the page asks about the stash-boxes of Stash's settings. */
import { z } from 'zod';
import { StashIdValue } from '../changes/change.ts';
import { Message } from '../messages/schema.ts';
import { OFFERED_FIELDS } from '../stash-box/offers.ts';
import { Taken } from '../stash-box/taken.ts';
import { BoxView } from './stash-box/box-view.ts';
import { ListName, NameTakenView, SuggestionQuery, SuggestionView } from './suggestions.ts';
import { FieldValue, Id, Picture } from './values.ts';

/** One field of which the stash-box has something that Stash does not have. */
export const OfferView = z.object({
  field: z.enum(OFFERED_FIELDS),
  mine: FieldValue,
  /** Of a list what is missing here, of the picture its id at the stash-box. */
  theirs: FieldValue,
  /** Nothing is there that it could replace. */
  isProposed: z.boolean(),
  /** Of both sides: sent back, it takes over what was shown and nothing else. */
  revision: z.string(),
});
export type OfferView = z.infer<typeof OfferView>;

/** A performer of the user, and who they are at a stash-box. `imageId`: the picture there that shows them best, as far as is known. */
const AtBox = z.object({
  performerId: Id,
  stashId: StashIdValue.extend({ endpoint: z.string().max(2000), stashId: z.string().min(1).max(200) }),
  imageId: z.string().min(1).max(100).nullable().default(null),
});

const PerformerIds = z.array(Id).min(1).max(100_000);

/** A performer with all that is suggested about their stash IDs. */
export const PerformerLinks = z.object({
  performerId: Id,
  name: z.string(),
  disambiguation: z.string(),
  stashIds: z.array(StashIdValue),
  /** The stash-boxes that can be asked and of which they have no id. */
  missing: z.array(
    z.object({
      endpoint: z.string(),
      /** Unix milliseconds; null: they were never looked up there. */
      lookedUpAt: z.number().nullable(),
      /** A run is to look them up. */
      isWaiting: z.boolean(),
    }),
  ),
  /** The surest first. */
  suggestions: z.array(SuggestionView),
});
export type PerformerLinks = z.infer<typeof PerformerLinks>;

export const stashBoxOperations = {
  /** Pictures of performers, by the ids that the stash-boxes give them: fetched by us, so that the browser asks no stash-box. */
  'stashBoxes.pictures': {
    input: () =>
      z.object({
        pictures: z
          .array(z.object({ endpoint: z.string().max(2000), imageId: z.string().min(1).max(100) }))
          .min(1)
          .max(12),
        size: z.union([z.literal(300), z.literal(600)]).default(300),
      }),
    /** In the order asked for. `problem`: why there is no picture. */
    output: () =>
      z.object({
        pictures: z.array(z.object({ url: Picture.nullable(), problem: Message.nullable() })),
      }),
  },
  /**
  What a stash-box knows of somebody who is or may be a performer of the user, beside what Stash has. `performerId` is null for
  somebody who is to be made a performer.
  */
  'stashBoxes.profile': {
    input: () => AtBox.extend({ performerId: Id.nullable() }),
    output: () =>
      z.object({
        name: z.string(),
        disambiguation: z.string(),
        imageId: z.string().nullable(),
        offers: z.array(OfferView),
      }),
  },
  /** The stash IDs of a performer, by the stash-boxes of Stash's settings, and of others whose ids the performer has. */
  'stashIds.ofPerformer': {
    input: () => z.object({ performerId: Id }),
    output: () =>
      z.object({
        name: z.string(),
        disambiguation: z.string(),
        boxes: z.array(BoxView),
      }),
  },
  /** Looks a performer up at one stash-box, by face, names, addresses and scenes; ends when it has. `isWhole`: the stash-box answered all that was asked. */
  'stashIds.findOne': {
    input: () => z.object({ performerId: Id, endpoint: z.string().max(2000) }),
    output: () => z.object({ isWhole: z.boolean() }),
  },
  /** Takes over what was ticked of it, of a performer who has this stash ID. `journalId` is null in a dry run, or where there was nothing to write. */
  'stashBoxes.take': {
    input: () => AtBox.extend({ taken: Taken }),
    output: () =>
      z.object({ journalId: z.string().nullable(), dryRun: z.boolean(), note: Message.nullable() }),
  },
  /**
  Makes a performer of somebody who was found at a stash-box and is another one than the performer they were found for; with
  `performerId` gives that one the stash ID instead, unless `addStashId` is false. The suggestion is rejected with it.
  */
  'stashIds.create': {
    input: () =>
      z.object({
        suggestionId: z.string().min(1).max(100),
        /** Of what `stashBoxes.profile` offers without a performer. */
        taken: Taken.default({}),
        /** With which a performer is made whose name is taken. */
        disambiguation: z.string().trim().min(1).max(200).optional(),
        performerId: Id.optional(),
        addStashId: z.boolean().default(true),
      }),
    /** `refused`: why not. `performerId`: who was made or chosen, null in a dry run. `note`: what was done otherwise than usual. */
    output: () =>
      z.object({
        journalId: z.string().nullable(),
        performerId: Id.nullable(),
        dryRun: z.boolean(),
        note: Message.nullable(),
        refused: z.object({ reason: Message, nameTaken: NameTakenView.optional() }).nullable(),
      }),
  },
  /**
  Performers with what is suggested about their stash IDs, those with the surest first. With `performerList` those of that list in
  its order, also without a suggestion as long as nothing is asked of those; `text` is looked for in their names then.
  */
  'stashIds.performers': {
    input: () =>
      SuggestionQuery.pick({
        kind: true,
        endpoint: true,
        minConfidence: true,
        text: true,
        performerList: true,
      }).extend({
        limit: z.int().min(1).max(50).default(20),
        /** `next` of the page before. */
        after: z.string().max(100).optional(),
      }),
    /** `total`: performers that fit. `listed`: of the list, whatever else is asked; null without one. `next`: null at the end. */
    output: () =>
      z.object({
        total: z.int(),
        listed: z.int().nullable(),
        items: z.array(PerformerLinks),
        next: z.string().nullable(),
        /** Of Stash's settings, those that can be asked. */
        boxes: z.array(z.object({ endpoint: z.string(), name: z.string() })),
      }),
  },
  /** Keeps a list of performers for the page, for some days. */
  'stashIds.list': {
    input: () => z.object({ performerIds: PerformerIds }),
    output: () => z.object({ performerList: ListName }),
  },
  /** Has *Link stash-box IDs* look these performers up, or those of a list; without either all. `force`: also who has not changed. */
  'stashIds.find': {
    input: () =>
      z.object({
        performerIds: PerformerIds.optional(),
        performerList: ListName.optional(),
        endpoint: z.string().max(2000).optional(),
        force: z.boolean().default(false),
      }),
    output: () => z.object({ jobId: z.string().nullable(), joined: z.boolean() }),
  },
} as const;
