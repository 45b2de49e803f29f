/** Packs that a package of Stash brings and that are not installed: they are offered, so that nobody has to know where they lie. */
import type { OfferedPack } from '../../core/ports/reference-packs.ts';
import { isSystemError } from '../../core/errors.ts';
import { whyNotUsed } from './damage.ts';
import { idWhenInstalled } from './builder.ts';
import { packIds, readManifest } from './folders.ts';
import { requireFit, type Using } from './open-pack.ts';

/** @param builder of the packs that are built here; null: each pack keeps its id */
export function readOffered(
  parts: Using & { readonly dataFolder: string; readonly offeredFolders: readonly string[] },
  builder: string | null,
): OfferedPack[] {
  const installed = new Set(packIds(parts.dataFolder));
  const offered = new Map<string, OfferedPack>();
  for (const place of parts.offeredFolders) {
    const manifest = usableManifest(place, parts);
    if (manifest === null) continue;
    const id = builder === null ? manifest.id : idWhenInstalled(manifest, builder);
    if (!installed.has(id) && !offered.has(id))
      offered.set(id, { place, name: manifest.name, people: manifest.people });
  }
  return [...offered.values()];
}

/** Null: there is none that could be used. */
function usableManifest(
  place: string,
  using: Using,
): NonNullable<ReturnType<typeof readManifest>>['manifest'] | null {
  try {
    const found = readManifest(place);
    if (found === null) return null;
    requireFit(found.manifest, using);
    return found.manifest;
  } catch (error) {
    if (whyNotUsed(place, error) === null && !isSystemError(error)) throw error;
    return null;
  }
}
