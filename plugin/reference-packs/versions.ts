/** Which version of a pack is in use, and which one can be gone back to. */
import { renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { ReferencePackManifest } from '../../core/reference-packs/reference-pack.ts';
import { flushFolder } from '../system/files/fsync.ts';
import { makeFolderBelow, replaceFile } from '../system/files/own-files.ts';
import { REFERENCE_PACKS } from '../system/files/own-names.ts';
import {
  PACK_MANIFEST as MANIFEST,
  PACK_MANIFEST_BEFORE as BEFORE,
  PACK_MANIFEST_REPLACED as REPLACED,
} from '../system/files/reference-pack-files.ts';
import { manifestIn, manifestText, namedFiles, packFolder } from './folders.ts';

/**
Moves the finished files of `making` to the pack, and then lets the manifest name them.
@param keepsBefore the version before stays beside it, to go back to
*/
export function putInPlace(
  dataFolder: string,
  { making, manifest }: { readonly making: string; readonly manifest: ReferencePackManifest },
  { keepsBefore = false } = {},
): void {
  const folder = makeFolderBelow(dataFolder, REFERENCE_PACKS, manifest.id);
  const before = namedFiles(folder) ?? [];
  for (const name of Object.keys(manifest.files))
    renameSync(path.join(making, name), path.join(folder, name));
  flushFolder(folder);
  replaceManifest(folder, manifest, { keepsBefore });
  // Another process may have put one in place meanwhile.
  const now = namedFiles(folder);
  for (const name of before)
    if (now !== null && !now.includes(name)) rmSync(path.join(folder, name), { force: true });
  rmSync(making, { recursive: true, force: true });
}

/**
The manifest in use becomes the one before, and `manifest` the one in use. After a kill at any line each version that was named
is named, and `settle` does what is left.
*/
export function replaceManifest(
  folder: string,
  manifest: ReferencePackManifest,
  { keepsBefore }: { readonly keepsBefore: boolean },
): void {
  settle(folder);
  const last = keepsBefore ? manifestIn(folder, MANIFEST) : null;
  // Of the same version there is nothing to go back to, and what is kept already stays.
  const replaced = last === null || isSame(last, manifest) ? null : last;
  if (replaced !== null) replaceFile(path.join(folder, REPLACED), manifestText(replaced));
  replaceFile(path.join(folder, MANIFEST), manifestText(manifest));
  if (replaced !== null) replaceFile(path.join(folder, BEFORE), manifestText(replaced));
  if (!keepsBefore) rmSync(path.join(folder, BEFORE), { force: true });
  rmSync(path.join(folder, REPLACED), { force: true });
}

/** Does what a killed process has left to do: the version it replaced becomes the one before, or is still in use. */
function settle(folder: string): void {
  const replaced = manifestIn(folder, REPLACED);
  if (replaced === null) return;
  const now = manifestIn(folder, MANIFEST);
  if (now !== null && !isSame(now, replaced)) replaceFile(path.join(folder, BEFORE), manifestText(replaced));
  rmSync(path.join(folder, REPLACED), { force: true });
}

/** Of the version that can be gone back to. Null: there is none, or it cannot be read. */
export function manifestBefore(dataFolder: string, packId: string): ReferencePackManifest | null {
  const folder = packFolder(dataFolder, packId);
  const now = manifestIn(folder, MANIFEST);
  // Where its process was killed, what it replaced is the one before.
  const found = [REPLACED, BEFORE].map((name) => manifestIn(folder, name));
  return found.find((one) => one !== null && (now === null || !isSame(one, now))) ?? null;
}

function isSame(one: ReferencePackManifest, other: ReferencePackManifest): boolean {
  return manifestText(one) === manifestText(other);
}
