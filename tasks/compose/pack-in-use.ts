import type { Fusion } from '../../core/packs/fusion.ts';
import type { StateValue } from '../../core/state-keys.ts';
import { catalog, type FacePack, fusionOf, packIds, packOf } from '../../models/catalog/catalog.ts';

/** The default pack: the first of the catalogue. */
export const packInUse: FacePack = packOf(catalog, catalog.packs[0]!.id);

/** The pack that was chosen; the default one where none was, or where this version has no such pack. */
export function chosenPack(chosen: StateValue<'face-pack'> | null): FacePack {
  return chosen !== null && packIds(catalog).includes(chosen.inUse)
    ? packOf(catalog, chosen.inUse)
    : packInUse;
}

export const PACKS: readonly FacePack[] = packIds(catalog).map((id) => packOf(catalog, id));

/** By the id of the pack. */
export const FUSIONS: ReadonlyMap<string, Fusion> = new Map(
  PACKS.flatMap((pack) => {
    const fusion = fusionOf(pack);
    return fusion === null ? [] : [[pack.id, fusion] as const];
  }),
);

/** What the embeddings of a pack are made by, as a reference pack names it, and how many numbers they have. */
export function embeddingOf({ seenBy, adds, dimensions }: FacePack) {
  return { embedders: [seenBy.id, ...adds.map(({ embedder }) => embedder.id)], dimensions };
}
