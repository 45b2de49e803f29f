import path from 'node:path';
import { StashSenseError } from '../../../core/errors.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { replaceFile } from '../../system/files/own-files.ts';
import {
  PACK_MANIFEST as MANIFEST,
  PACK_MANIFEST_BEFORE as BEFORE,
} from '../../system/files/reference-pack-files.ts';
import { requireOwnId, whyNotUsed } from '../damage.ts';
import { manifestBefore, manifestIn, manifestText, packFolder, packIds } from '../folders.ts';
import { openPack, type Using } from '../open-pack.ts';

/** Null: no version before is kept. @throws StashSenseError `bad-input` where it cannot be used: the installed one stays */
export async function goBack(
  parts: Using & { readonly dataFolder: string },
  packId: string,
): Promise<ReferencePackManifest | null> {
  const { dataFolder } = parts;
  const before = packIds(dataFolder).includes(packId) ? manifestBefore(dataFolder, packId) : null;
  if (before === null) return null;
  try {
    requireOwnId(packId, { manifest: before });
    await openPack(packFolder(dataFolder, packId), before, parts);
  } catch (error) {
    const problem = whyNotUsed(before.name, error);
    if (problem === null) throw error;
    throw new StashSenseError('bad-input', problem, { cause: error });
  }
  return swapVersions(dataFolder, packId);
}

/**
The version before takes the place of the one in use, which can then be gone back to.
@returns its manifest; null: there is none
*/
function swapVersions(dataFolder: string, packId: string): ReferencePackManifest | null {
  const folder = packFolder(dataFolder, packId);
  const [now, before] = [manifestIn(folder, MANIFEST), manifestIn(folder, BEFORE)];
  if (now === null || before === null) return null;
  // Killed in between, the version before is in use, and the other one is gone.
  replaceFile(path.join(folder, MANIFEST), manifestText(before));
  replaceFile(path.join(folder, BEFORE), manifestText(now));
  return before;
}
