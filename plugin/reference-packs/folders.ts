/**
Where reference packs lie: `reference-packs/<id>/` of the data folder. The files of data have their checksum in their names, so
that those of a new version lie beside those in use, and replacing `manifest.json` is the one step that changes the pack.
*/
import { lstatSync, readdirSync, rmdirSync, rmSync, type Dirent } from 'node:fs';
import { hash, randomBytes } from 'node:crypto';
import path from 'node:path';
import { jsonOf } from '../../core/json-of.ts';
import { message } from '../../core/messages/message.ts';
import { toBlankedLine } from '../../core/printable.ts';
import { ReferencePackId, ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import { makeFolderBelow, sweepTemporary } from '../system/files/own-files.ts';
import { REFERENCE_PACKS } from '../system/files/own-names.ts';
import {
  optOutLists,
  PACK_DATA_FILE as DATA_FILE,
  PACK_FETCHED,
  PACK_MAKING as MAKING,
  PACK_MANIFEST as MANIFEST,
  PACK_MANIFESTS as MANIFESTS,
} from '../system/files/reference-pack-files.ts';
import { readSmallFile } from '../system/files/regular-file.ts';
import { isOwnerAlive } from '../system/process-owner.ts';
import { PackDamage } from './damage.ts';

/** Files without a manifest that names them are of a killed process, or of one that is about to write it. */
const ABANDONED_MS = 600_000;
/** Nothing is written for so long: what is being made is given up, also where its process cannot be asked after. */
const SILENT_MS = 86_400_000;
/** What was fetched is no longer waited for. */
const FETCHED_SILENT_MS = 7 * 86_400_000;

export type FoundManifest = {
  readonly manifest: ReferencePackManifest;
  readonly sha256: string;
  readonly modifiedMs: number;
};

export function packsFolder(dataFolder: string): string {
  return path.join(dataFolder, REFERENCE_PACKS);
}

export function packFolder(dataFolder: string, packId: string): string {
  return path.join(packsFolder(dataFolder), packId);
}

/** Another one when the pack or a list of who opted out was replaced. Null: there is no such pack. */
export function stampOf(dataFolder: string, packId: string): string | null {
  if (!ReferencePackId.safeParse(packId).success) return null;
  const pack = stampOfManifest(dataFolder, packId);
  return pack === null ? null : `${pack} ${stampOfOptOuts(dataFolder)}`;
}

/** Another one when a pack was installed, replaced or removed. Reads no file. @throws the system's error */
export function stampOfPacks(dataFolder: string): string {
  return packIds(dataFolder)
    .map((packId) => `${packId} ${stampOfManifest(dataFolder, packId)}`)
    .join();
}

function stampOfManifest(dataFolder: string, packId: string): string | null {
  return stampOfFile(path.join(packFolder(dataFolder, packId), MANIFEST));
}

/** Another one when a list of who opted out was made, replaced or deleted. @throws the system's error */
export function stampOfOptOuts(dataFolder: string): string {
  return optOutLists(dataFolder)
    .map((file) => `${path.basename(file)} ${stampOfFile(file)}`)
    .join(' ');
}

function stampOfFile(file: string): string | null {
  const found = lstatSync(file, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.ino} ${found.size} ${found.mtimeMs}`;
}

/** Ids of the folders that can be packs, in their order. */
export function packIds(dataFolder: string): string[] {
  return entriesOf(packsFolder(dataFolder))
    .filter((entry) => entry.isDirectory() && ReferencePackId.safeParse(entry.name).success)
    .map(({ name }) => name)
    .toSorted();
}

/** Null: the folder holds none. @throws PackDamage, the system's error */
export function readManifest(folder: string, name: string = MANIFEST): FoundManifest | null {
  const file = path.join(folder, name);
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return null;
  if (!found.isFile()) throw new PackDamage(message('referencePacks.damage.manifest'));
  const text = readSmallFile(file);
  return { manifest: parseManifest(text), sha256: hash('sha256', text), modifiedMs: found.mtimeMs };
}

/** @throws PackDamage */
export function parseManifest(text: string): ReferencePackManifest {
  const parsed = ReferencePackManifest.safeParse(jsonOf(text));
  if (
    !parsed.success ||
    Object.entries(parsed.data.files).some(([name, { sha256 }]) => !isNameOf(name, sha256))
  )
    throw new PackDamage(message('referencePacks.damage.manifest'));
  const { name, version, sources, ...rest } = parsed.data;
  return {
    ...rest,
    name: toBlankedLine(name),
    version: toBlankedLine(version),
    sources: sources.map((source) => ({ ...source, name: toBlankedLine(source.name) })),
  };
}

function isNameOf(name: string, sha256: string): boolean {
  return DATA_FILE.test(name) && name === dataFileName(name.slice(0, name.indexOf('-')), sha256);
}

/** The name under which a part of a pack lies: the same content has the same name. */
export function dataFileName(part: string, sha256: string): string {
  return `${part}-${sha256.slice(0, 16)}.bin`;
}

/** The file of a part. @throws PackDamage: the manifest names none, or several */
export function fileOfPart({ files }: ReferencePackManifest, part: string) {
  const names = Object.keys(files).filter((name) => name.startsWith(`${part}-`));
  const [name] = names;
  if (name === undefined || names.length > 1) throw new PackDamage(message('referencePacks.damage.manifest'));
  return { name, ...files[name]! };
}

/** An empty folder for the files of one pack, which is swept when its owner has ended without `putInPlace`. */
export function makingFolder(dataFolder: string, owner: string): string {
  const name = `${encodeURIComponent(owner)}.${randomBytes(4).toString('hex')}${MAKING}`;
  return makeFolderBelow(dataFolder, REFERENCE_PACKS, name);
}

/** Null: it is not there, or it cannot be read. */
export function manifestIn(folder: string, name: string): ReferencePackManifest | null {
  try {
    return readManifest(folder, name)?.manifest ?? null;
  } catch {
    return null;
  }
}

export function manifestText(manifest: ReferencePackManifest): string {
  return `${JSON.stringify(manifest, null, 2)}\n`;
}

/** Files that are not of the pack stay, and their folder with them. */
export function removePack(dataFolder: string, packId: string): void {
  const folder = packFolder(dataFolder, packId);
  const names = entriesOf(folder)
    .filter((entry) => entry.isFile() && DATA_FILE.test(entry.name))
    .map(({ name }) => name);
  for (const name of MANIFESTS) rmSync(path.join(folder, name), { force: true });
  for (const name of names) rmSync(path.join(folder, name), { force: true });
  removeEmpty(folder);
}

/** Removes what killed processes have left. Never throws: a start must not fail because of it. */
export function sweepReferencePacks(dataFolder: string, now: number): void {
  const root = packsFolder(dataFolder);
  try {
    for (const { name } of entriesOf(root))
      if (name.endsWith(MAKING) && isAbandoned(path.join(root, name), now))
        rmSync(path.join(root, name), { recursive: true, force: true });
    for (const packId of packIds(dataFolder)) sweepPack(packFolder(dataFolder, packId), now);
  } catch {
    // Another process sweeps it, or it is not permitted.
  }
}

function sweepPack(folder: string, now: number): void {
  for (const name of MANIFESTS) sweepTemporary(path.join(folder, name));
  const named = namedFiles(folder);
  // A manifest that cannot be read, by this version or at this moment, may name all of them.
  if (named === null) return;
  for (const entry of entriesOf(folder)) {
    const file = path.join(folder, entry.name);
    if (!entry.isFile() || !DATA_FILE.test(entry.name) || named.includes(entry.name)) continue;
    if ((lstatSync(file, { throwIfNoEntry: false })?.ctimeMs ?? now) < now - ABANDONED_MS)
      rmSync(file, { force: true });
  }
  removeEmpty(folder);
}

/** None where there is no manifest; null where one cannot be read. */
export function namedFiles(folder: string): readonly string[] | null {
  try {
    return MANIFESTS.flatMap((name) => Object.keys(readManifest(folder, name)?.manifest.files ?? {}));
  } catch {
    return null;
  }
}

function isAbandoned(folder: string, now: number): boolean {
  const name = path.basename(folder);
  if (name === PACK_FETCHED) return isSilent(folder, now - FETCHED_SILENT_MS);
  return !isOwnerAlive(ownerOf(name)) || isSilent(folder, now - SILENT_MS);
}

/** Nothing was written in it since. */
function isSilent(folder: string, since: number): boolean {
  const files = entriesOf(folder).map(({ name }) => path.join(folder, name));
  return [folder, ...files].every(
    (file) => (lstatSync(file, { throwIfNoEntry: false })?.ctimeMs ?? 0) < since,
  );
}

function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch {
    // It holds something.
  }
}

function entriesOf(folder: string): Dirent[] {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function ownerOf(name: string): string {
  const encoded = name.slice(0, -MAKING.length).replace(/\.[0-9a-f]+$/, '');
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
