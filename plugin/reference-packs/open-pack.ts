import path from 'node:path';
import { message } from '../../core/messages/message.ts';
import type { InstalledPack, OpenReferencePack } from '../../core/ports/reference-packs.ts';
import type { ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import { sha256OfFile } from '../system/files/hash-file.ts';
import { NotRegularFile, openRegularFile } from '../system/files/regular-file.ts';
import { createPackReader, type PackFileReader } from './bytes.ts';
import type { CheckedFiles } from './checked-files.ts';
import { misfit, PackDamage, PackUnfit, whyNotUsed } from './damage.ts';
import { fileOfPart, type FoundManifest } from './folders.ts';
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

/** @param checked where the file is among them its checksum is not computed again; null: it is */
export async function openPeople(
  folder: string,
  manifest: ReferencePackManifest,
  checked: CheckedFiles | null = null,
): Promise<PackPeople> {
  return await readPart(folder, manifest, PEOPLE, readPeople, checked);
}

async function readPart<Part>(
  folder: string,
  manifest: ReferencePackManifest,
  part: string,
  read: (
    reader: PackFileReader,
    file: { readonly size: number; readonly people: number; readonly name: string },
  ) => Promise<Part>,
  checked: CheckedFiles | null = null,
): Promise<Part> {
  const { name, bytes, sha256 } = fileOfPart(manifest, part);
  const { handle, sizeBytes } = await openRegularFile(path.join(folder, name)).catch((error: unknown) => {
    throw error instanceof NotRegularFile
      ? new PackDamage(message('referencePacks.damage.missing', { file: name }), { cause: error })
      : error;
  });
  const file = { place: path.join(folder, name), handle };
  const readAll = async (reader: PackFileReader): Promise<Part> => {
    const found = await read(reader, { size: bytes, people: manifest.people, name });
    reader.check(sha256);
    return found;
  };
  try {
    if (sizeBytes !== bytes) throw wrongSize(name, sizeBytes, bytes);
    if (checked === null) return await readAll(createPackReader(handle, name));
    if (await checked.isChecked(file)) return await readAll(createPackReader(handle, name, { hash: null }));
    return await checked.checking(file, () => readAll(createPackReader(handle, name)));
  } finally {
    await handle.close();
  }
}

/** What the list of packs says of one. @throws the system's error */
export async function look(
  folder: string,
  { manifest }: FoundManifest,
  using: Using,
  checked: CheckedFiles,
): Promise<Omit<InstalledPack, 'id' | 'isBuiltHere'>> {
  const bytes = Object.values(manifest.files).reduce((sum, file) => sum + file.bytes, 0);
  try {
    requireFit(manifest, using);
    await checkFiles(folder, manifest, checked);
    return { manifest, bytes, problem: null };
  } catch (error) {
    const problem = whyNotUsed(manifest.name, error);
    if (problem === null) throw error;
    return { manifest, bytes, problem };
  }
}

/** Compares each file with the manifest, without what is in it. @throws as `openPack` */
async function checkFiles(
  folder: string,
  { files }: ReferencePackManifest,
  checked: CheckedFiles,
): Promise<void> {
  for (const [name, { bytes, sha256 }] of Object.entries(files)) {
    const place = path.join(folder, name);
    const { handle, sizeBytes } = await openRegularFile(place);
    try {
      if (sizeBytes !== bytes) throw wrongSize(name, sizeBytes, bytes);
      if (await checked.isChecked({ place, handle })) continue;
      await checked.checking({ place, handle }, async () => {
        if ((await sha256OfFile(place)) !== sha256)
          throw new PackDamage(message('referencePacks.damage.checksum', { file: name }));
      });
    } finally {
      await handle.close();
    }
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
