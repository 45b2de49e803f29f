/** What the page asks about reference packs and the people in them. */
import { z } from 'zod';
import { StashIdValue } from '../changes/change.ts';
import { JoinEvidence } from '../reference-packs/reference-pack.ts';
import { PackPersonChoices } from '../suggestions/kinds/pack-person-seen.ts';
import { Message } from '../messages/schema.ts';
import { NameTakenView } from './suggestions.ts';
import { EntityRefInput, Id, Picture } from './values.ts';

const PersonId = z.string().min(1).max(200);

/** Somebody of a reference pack, as far as a candidate is shown. */
export const PackPersonView = z.object({
  personId: PersonId,
  disambiguation: z.string(),
  stashIds: z.array(StashIdValue),
  /** Why the stash IDs of several boxes are of one person. Absent: there is one box, or nobody said why. */
  joins: z.array(JoinEvidence).optional(),
});
export type PackPersonView = z.infer<typeof PackPersonView>;

/** A pack as its manifest tells of it. */
export const DescribedPackView = z.object({
  id: z.string(),
  /** Null where the manifest cannot be read. */
  name: z.string().nullable(),
  version: z.string().nullable(),
  /** ISO 8601. */
  builtAt: z.string().nullable(),
  people: z.int(),
  facePack: z.string().nullable(),
  /** What its vectors were made by. */
  embedders: z.array(z.string()),
  /** Hosts of the stash-boxes that it was made from. */
  sources: z.array(z.string()),
  /** Why it is not used; null: it is. */
  problem: Message.nullable(),
});
export type DescribedPackView = z.infer<typeof DescribedPackView>;

export const InstalledPackView = DescribedPackView.extend({
  /** Not by somebody else. */
  isBuiltHere: z.boolean(),
  references: z.int(),
  licenseNote: z.string(),
  bytes: z.int(),
  /** The version that it has replaced and that is kept; null: there is none. */
  before: z.object({ version: z.string(), builtAt: z.string() }).nullable(),
});
export type InstalledPackView = z.infer<typeof InstalledPackView>;

export const referencePackOperations = {
  'referencePacks.list': {
    input: () => z.object({}),
    /** `offered`: packs that a package of Stash brings and that are not installed. */
    output: () =>
      z.object({
        packs: z.array(InstalledPackView),
        offered: z.array(z.object({ place: z.string(), name: z.string(), people: z.int() })),
      }),
  },
  /** Takes in a pack that lies in a folder or a zip of Stash's machine. */
  'referencePacks.install': {
    input: () => z.object({ place: z.string().trim().min(1).max(4096) }),
    output: () => z.object({ id: z.string(), name: z.string(), people: z.int() }),
  },
  /** The version before takes the place of the installed one, and the other way round. */
  'referencePacks.goBack': {
    input: () => z.object({ id: z.string().min(1).max(100) }),
    output: () => z.object({ name: z.string(), version: z.string() }),
  },
  'referencePacks.remove': {
    input: () => z.object({ id: z.string().min(1).max(100) }),
    output: () => z.object({}),
  },
  /** Writes the confirmed references to a file in the data folder, and says where it is and what is in it. */
  'referencePacks.export': {
    input: () => z.object({}),
    output: () => z.object({ people: z.int(), said: z.array(Message) }),
  },
  /** The picture that shows each of these people best, from the stash-box that published it. */
  'referencePacks.pictures': {
    input: () =>
      z.object({
        personIds: z.array(PersonId).min(1).max(12),
        size: z.union([z.literal(300), z.literal(600)]).default(300),
      }),
    /** By person id. `problem`: why there is no picture. */
    output: () =>
      z.object({
        pictures: z.record(z.string(), z.object({ url: Picture.nullable(), problem: Message.nullable() })),
      }),
  },
  /** Accepts a person of a pack for a cluster of an entity, with or without a suggestion, as `suggestions.accept` does. */
  'packPeople.add': {
    input: () =>
      z.object({
        entity: EntityRefInput,
        personKey: z.int(),
        personId: PersonId,
        choices: PackPersonChoices.omit({ personId: true }).default({}),
      }),
    /** `refused`: why not. `performerId`: who was made or chosen, null in a dry run. */
    output: () =>
      z.object({
        journalId: z.string().nullable(),
        performerId: Id.nullable(),
        dryRun: z.boolean(),
        note: Message.nullable(),
        refused: z.object({ reason: Message, nameTaken: NameTakenView.optional() }).nullable(),
      }),
  },
  /** The person of the entity is not this person of a pack, nor a performer with their stash ID; `undo` withdraws that. */
  'packPeople.reject': {
    input: () =>
      z.object({
        entity: EntityRefInput,
        personKey: z.int(),
        personId: PersonId,
        undo: z.boolean().default(false),
      }),
    output: () => z.object({ rejected: z.boolean() }),
  },
} as const;
