import path from 'node:path';
import { message } from '../../core/messages/message.ts';
import type { OpenReferencePack } from '../../core/ports/reference-packs.ts';
import type { ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import { sha256OfFile } from '../system/files/hash-file.ts';
import { NotRegularFile, openRegularFile } from '../system/files/regular-file.ts';
import { createPackReader, type PackFileReader } from './bytes.ts';
import { misfit, PackDamage, PackUnfit } from './damage.ts';
import { fileOfPart } from './folders.ts';
import { PEOPLE, readPeople, type PackPeople } from './people-file.ts';
import { MAX_PEOPLE, qualityOf, readVectors, VECTORS } from './vectors-file.ts';

/** Another meaning of the bytes, or of what the manifest says, gets another number. */
export const FORMAT = 1;

/** What a pack must fit. */
export type Using = {
  /** The face pack in use. */
  readonly facePack: string;
  /** What its embeddings are made by, and how many numbers they have; undefined: that is not known. */
  readonly embedding?: { readonly embedders: readonly string[]; readonly dimensions: number } | undefined;
  /** Of this plugin; 0.0.0 in a checkout, which reads all. */
  readonly version: string;
};

/** @throws PackUnfit, PackDamage */
export function requireFit(
  { format, name, facePack, embedders, pluginVersion, people }: ReferencePackManifest,
  using: Using,
): void {
  if (format > FORMAT || isNewer(pluginVersion, using.version))
    throw new PackUnfit(message('referencePacks.isNewer', { name, version: pluginVersion }));
  if (facePack !== using.facePack)
    throw new PackUnfit(
      message('referencePacks.isOfOtherFacePack', { name, pack: facePack, inUse: using.facePack }),
    );
  const inUse = using.embedding?.embedders ?? embedders;
  if (embedders.toSorted().join(' ') !== inUse.toSorted().join(' '))
    throw new PackUnfit(
      message('referencePacks.isOfOtherEmbedder', {
        name,
        embedders: embedders.join(', '),
        inUse: inUse.join(', '),
      }),
    );
  if (people > MAX_PEOPLE) throw new PackDamage(message('referencePacks.damage.manifest'));
}

/** @throws PackUnfit, PackDamage; the system's error, ENOENT too where the pack was replaced meanwhile */
export async function openPack(
  folder: string,
  manifest: ReferencePackManifest,
  using: Using,
): Promise<OpenReferencePack> {
  requireFit(manifest, using);
  const people = await openPeople(folder, manifest);
  const templates = await readPart(folder, manifest, VECTORS, readVectors);
  const { dimensions, size } = templates.vectors;
  if (size > 0 && dimensions !== (using.embedding?.dimensions ?? dimensions))
    throw misfit(fileOfPart(manifest, VECTORS).name);
  return {
    ...people,
    id: manifest.id,
    vectors: templates.vectors,
    quality: (row) => qualityOf(templates, row),
    references: (row) => templates.references[row] ?? 0,
  };
}

export async function openPeople(folder: string, manifest: ReferencePackManifest): Promise<PackPeople> {
  return await readPart(folder, manifest, PEOPLE, readPeople);
}

async function readPart<Part>(
  folder: string,
  manifest: ReferencePackManifest,
  part: string,
  read: (
    reader: PackFileReader,
    file: { readonly size: number; readonly people: number; readonly name: string },
  ) => Promise<Part>,
): Promise<Part> {
  const { name, bytes, sha256 } = fileOfPart(manifest, part);
  const { handle, sizeBytes } = await openRegularFile(path.join(folder, name)).catch((error: unknown) => {
    throw error instanceof NotRegularFile
      ? new PackDamage(message('referencePacks.damage.missing', { file: name }), { cause: error })
      : error;
  });
  try {
    if (sizeBytes !== bytes) throw wrongSize(name, sizeBytes, bytes);
    const reader = createPackReader(handle, name);
    const found = await read(reader, { size: bytes, people: manifest.people, name });
    reader.check(sha256);
    return found;
  } finally {
    await handle.close();
  }
}

/** Compares each file with the manifest, without what is in it. @throws as `openPack` */
export async function checkFiles(folder: string, { files }: ReferencePackManifest): Promise<void> {
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const { handle, sizeBytes } = await openRegularFile(path.join(folder, name));
    await handle.close();
    if (sizeBytes !== bytes) throw wrongSize(name, sizeBytes, bytes);
    if ((await sha256OfFile(path.join(folder, name))) !== sha256)
      throw new PackDamage(message('referencePacks.damage.checksum', { file: name }));
  }
}

function wrongSize(file: string, actual: number, expected: number): PackDamage {
  return new PackDamage(message('referencePacks.damage.size', { file, actual, expected }));
}

/** What is no version of the form 1.2.3 is not newer. */
function isNewer(asked: string, ours: string): boolean {
  const [wanted, own] = [numbersOf(asked), numbersOf(ours)];
  if (wanted === null || own === null || own.every((number) => number === 0)) return false;
  const at = wanted.findIndex((number, n) => number !== own[n]);
  return at >= 0 && wanted[at]! > own[at]!;
}

function numbersOf(version: string): number[] | null {
  const [, ...parts] = /^(\d{1,6})\.(\d{1,6})\.(\d{1,6})/.exec(version) ?? [];
  return parts.length === 0 ? null : parts.map(Number);
}
