/** Reference packs: people whom stash-boxes know, so that a face gets a name that no performer of the user's Stash has. */
import { z } from 'zod';
import { StashIdValue } from '../changes/change.ts';

/** Name of a pack's folder and of its people's prefix. */
export const ReferencePackId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
const FilePart = z.strictObject({ bytes: z.int().nonnegative(), sha256: Sha256 });

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
  /** Oldest version of the plugin that reads it. */
  pluginVersion: z.string(),
  licenseNote: z.string().max(2000),
  /** By name within the folder. */
  files: z.record(z.string().regex(/^[a-z0-9][a-z0-9.-]{0,63}$/), FilePart),
});
export type ReferencePackManifest = z.infer<typeof ReferencePackManifest>;

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
});
export type PackPerson = Readonly<z.infer<typeof PackPerson>>;

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
