import { StashSenseError } from '../../../core/errors.ts';
import type { ReferencePackManifest } from '../../../core/reference-packs/reference-pack.ts';
import { requireOwnId, whyNotUsed } from '../damage.ts';
import { packFolder, packIds } from '../folders.ts';
import { openPack, type Using } from '../open-pack.ts';
import { manifestBefore, replaceManifest } from '../versions.ts';

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
  const before = manifestBefore(dataFolder, packId);
  if (before !== null) replaceManifest(packFolder(dataFolder, packId), before, { keepsBefore: true });
  return before;
}
