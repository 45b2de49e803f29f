/** `reference-packs.json` of a publisher: which packs there are, in which files, and what leads from one version to the next. */
import { z } from 'zod';
import { isNameOfDevice, ReferencePackManifest } from './reference-pack.ts';

export const PACK_INDEX = 'reference-packs.json';
/** Hosts of releases take files of less than 2 GiB. */
export const MAX_PART_BYTES = 1_900_000_000;
/** Of one pack. */
export const MAX_DELTAS = 36;

const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
/** A file beside the index: no folder and no address, so that it is on the publisher's host whatever the index says. */
const PartName = z
  .string()
  .regex(/^[a-z0-9](?:[a-z0-9-]|\.(?!\.|$)){0,149}$/)
  .refine((name) => !isNameOfDevice(name));
/** 64 GB: more than a pack of the most people has, and exact as a sum. */
const FileBytes = z.int().positive().max(64e9);

/** A file that is published in parts, which are joined in their order. */
export const PublishedFile = z
  .object({
    bytes: FileBytes,
    sha256: Sha256,
    parts: z
      .array(z.object({ name: PartName, bytes: FileBytes, sha256: Sha256 }))
      .min(1)
      .max(1000),
  })
  .refine(({ bytes, parts }) => parts.reduce((sum, part) => sum + part.bytes, 0) === bytes);
export type PublishedFile = z.infer<typeof PublishedFile>;

/** As of `contentOf`. */
const Content = z.string().max(300);

export const PublishedDelta = z.object({
  /** The content that it is applied to, and the one that it gives. */
  from: Content,
  to: Content,
  /** How many people come, are others than before, and leave. */
  added: z.int().nonnegative(),
  changed: z.int().nonnegative(),
  removed: z.int().nonnegative(),
  file: PublishedFile,
});
export type PublishedDelta = z.infer<typeof PublishedDelta>;

export const PublishedPack = z.object({
  manifest: ReferencePackManifest,
  /** By name in the manifest. */
  files: z.record(z.string(), PublishedFile),
  /** Each leads to where the next begins, the last one to the pack. */
  deltas: z.array(PublishedDelta).max(MAX_DELTAS),
});
export type PublishedPack = z.infer<typeof PublishedPack>;

export const PackIndex = z.object({
  format: z.literal(1),
  packs: z.array(PublishedPack).max(100),
  /** Who opted out at the publisher, as the lines of `opted-out.txt`; null: nobody. */
  optOuts: PublishedFile.nullable(),
});
export type PackIndex = z.infer<typeof PackIndex>;

/** The same for two versions whose files are the same. */
export function contentOf({ files }: Pick<ReferencePackManifest, 'files'>): string {
  // The names hold a part of the checksums.
  return Object.keys(files).toSorted().join(' ');
}

/** How one gets from a content to another one. */
type Step = { readonly from: string; readonly to: string };

/** The deltas from one content to another one, in their order: none where they are the same. Null: none lead there. */
export function stepsBetween<Delta extends Step>(
  deltas: readonly Delta[],
  from: string,
  to: string,
): Delta[] | null {
  const steps: Delta[] = [];
  for (let at = from; at !== to;) {
    // A content that was published twice is left by the later one.
    const next = deltas.findLast((delta) => delta.from === at);
    if (next === undefined || steps.length >= MAX_DELTAS) return null;
    steps.push(next);
    at = next.to;
  }
  return steps;
}

/** What leads from the installed content to the published pack with fewer bytes than the pack has. Null: nothing does. */
export function deltasFrom(
  { manifest, files, deltas }: PublishedPack,
  from: string,
): PublishedDelta[] | null {
  const steps = stepsBetween(deltas, from, contentOf(manifest));
  return steps !== null && bytesOf(steps.map(({ file }) => file)) < bytesOf(Object.values(files))
    ? steps
    : null;
}

export function bytesOf(files: readonly Pick<PublishedFile, 'bytes'>[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}
