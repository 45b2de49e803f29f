/** What is known of the published packs, as of the last time that their publisher was asked. */
import { z } from 'zod';
import { Message } from '../messages/schema.ts';
import { bytesOf, contentOf, PublishedDelta, stepsBetween, type PublishedPack } from './pack-index.ts';
import { ReferencePackId, ReferencePackManifest } from './reference-pack.ts';

export const KnownPack = ReferencePackManifest.pick({
  name: true,
  version: true,
  builtAt: true,
  people: true,
  facePack: true,
  licenseNote: true,
}).extend({
  /** Under which it is installed. */
  id: ReferencePackId,
  /** As of `contentOf`. */
  content: z.string(),
  bytes: z.int(),
  deltas: z.array(PublishedDelta.omit({ file: true }).extend({ bytes: z.int() })),
});
export type KnownPack = z.infer<typeof KnownPack>;

export const KnownPacks = z.object({
  /** Where they are published, for display; null: no address was known. */
  address: z.string().nullable(),
  /** Unix milliseconds. */
  checkedAt: z.number(),
  /** Why the last time gave no answer; null: it did. */
  problem: Message.nullable(),
  packs: z.array(KnownPack),
  /** `content` of the packs that the user has been told of. */
  told: z.array(z.string()),
});
export type KnownPacks = z.infer<typeof KnownPacks>;

/** What the status says of published packs. `of`: the packs and the publisher that it was found for. */
export const PackNews = z.object({ of: z.string(), news: Message.nullable() });
export type PackNews = z.infer<typeof PackNews>;

/** A pack that is to be fetched, with the content that the user agreed to. */
export const WantedPack = z.object({ id: ReferencePackId, content: z.string() });
export type WantedPack = z.infer<typeof WantedPack>;

export function toKnown({ manifest, files, deltas }: PublishedPack, installedId: string): KnownPack {
  const { name, version, builtAt, people, facePack, licenseNote } = manifest;
  return {
    id: installedId,
    name,
    version,
    builtAt,
    people,
    facePack,
    licenseNote,
    content: contentOf(manifest),
    bytes: bytesOf(Object.values(files)),
    deltas: deltas.map(({ file, ...delta }) => ({ ...delta, bytes: file.bytes })),
  };
}

/** How many people come, are others than before, and leave. */
export type Changes = { readonly added: number; readonly changed: number; readonly removed: number };

/**
What fetching the pack takes.
@param installed the content that is installed; null: none is
@returns `changes`: what is different then; null: nobody says
*/
export function fetchingTakes(
  { content, bytes, deltas }: KnownPack,
  installed: string | null,
): { readonly bytes: number; readonly changes: Changes | null } {
  const steps = installed === null ? null : stepsBetween(deltas, installed, content);
  if (steps === null || steps.length === 0) return { bytes, changes: null };
  const sum = (of: (step: KnownPack['deltas'][number]) => number): number =>
    steps.reduce((total, step) => total + of(step), 0);
  return {
    bytes: Math.min(
      bytes,
      sum((step) => step.bytes),
    ),
    changes: {
      added: sum(({ added }) => added),
      changed: sum(({ changed }) => changed),
      removed: sum(({ removed }) => removed),
    },
  };
}
