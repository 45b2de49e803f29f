/** Reference packs: people whom stash-boxes know, so that a face gets a name that no performer of the user's Stash has. */
import { z } from 'zod';
import { StashIdValue } from '../changes/change.ts';

/** Whether Windows opens a device under this name, whatever follows a dot. @param name in lower case */
export function isNameOfDevice(name: string): boolean {
  return /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/.test(name);
}

/** Name of a pack's folder and of its people's prefix. */
export const ReferencePackId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
  .refine((id) => !isNameOfDevice(id));

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const FilePart = z.strictObject({ bytes: z.int().nonnegative(), sha256: Sha256 });

/** `builder` of a pack that does not say who built it. */
export const UNKNOWN_BUILDER = '0000000000000000';

/** `manifest.json` of a pack. A field that a later version adds is no error. */
export const ReferencePackManifest = z.object({
  format: z.int().positive(),
  id: ReferencePackId,
  name: z.string().max(200),
  /** Grows with each build of the same pack. */
  version: z.string().max(100),
  builtAt: z.iso.datetime(),
  /** The face pack whose embeddings it holds. */
  facePack: z.string(),
  embedders: z.array(z.string()),
  people: z.int().nonnegative(),
  references: z.int().nonnegative(),
  sources: z.array(z.object({ endpoint: z.string(), name: z.string(), readAt: z.iso.datetime() })),
  /** Random, made once for each data folder that builds packs: two packs of one id can be of two builders. */
  builder: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .default(UNKNOWN_BUILDER),
  /** Oldest version of the plugin that reads it. */
  pluginVersion: z.string(),
  licenseNote: z.string().max(2000),
  /** By name within the folder. */
  files: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/), FilePart),
});
export type ReferencePackManifest = z.infer<typeof ReferencePackManifest>;

/**
What agrees of two performers of stash-boxes. `name`: both go by it; `alias`: one of them, or both, as an alias. `common-name`:
one that several others have too. `spelling`: almost the same name. `birth-date`: to the day. `birth-part`: as far as both are
known.
*/
export const FACTS = ['name', 'alias', 'common-name', 'spelling', 'birth-date', 'birth-part'] as const;
export type Fact = (typeof FACTS)[number];

/** What speaks for two performers being one person. */
export const JoinEvidence = z.object({
  one: StashIdValue,
  other: StashIdValue,
  /** `page`: an address of one is the page of the other. `id`: both boxes have the id. Null: no box says it. */
  link: z.enum(['page', 'id']).nullable(),
  /** Of the templates; null: one of them has none. */
  similarity: z.number().min(-1.01).max(1.01).nullable(),
  facts: z.array(z.enum(FACTS)).max(FACTS.length),
});
export type JoinEvidence = Readonly<z.infer<typeof JoinEvidence>>;

export const PackPerson = z.object({
  /** Within the pack. */
  id: z.string().min(1).max(100),
  name: z.string().min(1),
  disambiguation: z.string(),
  aliases: z.array(z.string()),
  stashIds: z.array(StashIdValue),
  birthYear: z.int().nullable(),
  /** As published. */
  gender: z.string().nullable(),
  country: z.string().nullable(),
  /** The picture of the stash-box that shows them best. */
  picture: z.object({ endpoint: z.string(), imageId: z.string() }).nullable(),
  /** Why the stash IDs of several boxes are of one person. Absent: there is one, or nobody said why. */
  joins: z.array(JoinEvidence).optional(),
});
export type PackPerson = Readonly<z.infer<typeof PackPerson>>;

/** The stash IDs of a person, and why those of several boxes are theirs. */
export function idsOf({
  stashIds,
  joins,
}: PackPerson): Pick<z.infer<typeof PackPerson>, 'stashIds' | 'joins'> {
  return { stashIds: [...stashIds], ...(joins !== undefined && { joins: [...joins] }) };
}

/** The same for one id however its letters are written. */
export function keyOfStashId({ endpoint, stashId }: StashIdValue): string {
  return `${endpoint} ${stashId}`.toLowerCase();
}

const PREFIX = 'pack:';

/** The id of a pack's person in the gallery (`GalleryPerson.id`). */
export function packPersonId(packId: string, personId: string): string {
  return `${PREFIX}${packId}/${personId}`;
}

/** Null: the id is of no reference pack. */
export function parsePackPersonId(id: string): { packId: string; personId: string } | null {
  if (!id.startsWith(PREFIX)) return null;
  const slash = id.indexOf('/');
  return slash < 0 ? null : { packId: id.slice(PREFIX.length, slash), personId: id.slice(slash + 1) };
}
