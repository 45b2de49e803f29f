import { rmSync } from 'node:fs';
import path from 'node:path';
import type { StashIdValue } from '../../core/changes/change.ts';
import type { Gallery } from '../../core/ports/gallery.ts';
import type { Log } from '../../core/ports/log.ts';
import type { OpenReferencePack } from '../../core/ports/reference-packs.ts';
import type { QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { parsePackPersonId } from '../../core/reference-packs/reference-pack.ts';
import type { FacePack } from '../../models/catalog/catalog.ts';
import { linkPeople } from '../../plugin/gallery/link-people.ts';
import { createUnionGallery } from '../../plugin/gallery/union-gallery.ts';
import { createReferencePacks } from '../../plugin/reference-packs/reference-packs.ts';
import { makeFolder } from '../../plugin/system/files/own-files.ts';
import { scratchOfUser } from '../../plugin/system/files/temp-files.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { version } from '../compose/context.ts';
import { embeddingOf } from '../compose/pack-in-use.ts';

/**
Takes packs into memory from where the user has them, checked as when they are installed.
@param places absolute
@throws StashSenseError `bad-input`
*/
export async function readReferencePacks(
  places: readonly string[],
  { facePack, log }: { readonly facePack: FacePack; readonly log: Log },
): Promise<readonly OpenReferencePack[]> {
  if (places.length === 0) return [];
  const owner = createOwner();
  // It is swept at the next start where this process is killed.
  const own = path.join(scratchOfUser(), encodeURIComponent(owner));
  const opened: OpenReferencePack[] = [];
  try {
    makeFolder(scratchOfUser());
    makeFolder(own);
    for (const [n, place] of places.entries()) {
      // A folder each: two packs may have the same id.
      const dataFolder = path.join(own, `pack-${n}`);
      makeFolder(dataFolder);
      const packs = createReferencePacks({
        dataFolder,
        owner,
        version,
        facePack: facePack.id,
        embedding: embeddingOf(facePack),
        log,
        kept: null,
      });
      await packs.install(place);
      const taken = new Set(opened.map(({ id }) => id));
      for (const pack of await packs.open())
        opened.push(taken.has(pack.id) ? { ...pack, id: `${pack.id}-${n + 1}` } : pack);
      rmSync(dataFolder, { recursive: true, force: true });
    }
    return opened;
  } finally {
    rmSync(own, { recursive: true, force: true });
  }
}

/** The people of a folder and those of packs as one gallery. */
export async function joinedGallery(
  people: Gallery,
  packs: readonly OpenReferencePack[],
  createRowSearch: (vectors: QuantizedVectors) => RowSearch,
): Promise<Gallery> {
  if (packs.length === 0) return people;
  return createUnionGallery(
    { ...people, signatures: () => [] },
    {
      packs,
      links: await linkPeople(packs, []),
      rowSearches: packs.map(({ vectors }) => createRowSearch(vectors)),
    },
  );
}

/** Of somebody of a pack; empty for others. */
export function stashIdsIn(packs: readonly OpenReferencePack[], personId: string): readonly StashIdValue[] {
  const parsed = parsePackPersonId(personId);
  const pack = packs.find(({ id }) => id === parsed?.packId);
  const row = parsed === null ? null : (pack?.rowOf(parsed.personId) ?? null);
  return row === null ? [] : (pack?.person(row)?.stashIds ?? []);
}
