import type { StashIdValue } from '../../core/changes/change.ts';
import type { OpenGallery, Searches } from '../../core/ports/gallery.ts';
import type { PeopleStore } from '../../core/ports/people.ts';
import type { OpenReferencePack, ReferencePacks } from '../../core/ports/reference-packs.ts';
import type { QuantizedVectors, RowSearch } from '../../core/ports/vision.ts';
import { withoutRows } from '../../core/reference-packs/without-rows.ts';
import { linkPeople, type PackLinks } from './link-people.ts';
import { PLAIN_UP_TO_PEOPLE } from './open-gallery.ts';
import { createUnionGallery } from './union-gallery.ts';

type Parts = {
  readonly openPerformers: OpenGallery;
  readonly packs: Pick<ReferencePacks, 'revision' | 'open'>;
  readonly people: Pick<PeopleStore, 'withStashIds' | 'stashIdsVersion'>;
  /** Of performers whom the settings exclude. */
  readonly excludedStashIds: () => Promise<readonly StashIdValue[]>;
  readonly search: {
    createPlainRowSearch(vectors: QuantizedVectors): RowSearch;
    createRowSearch(vectors: QuantizedVectors, searches: Searches): Promise<RowSearch>;
  };
};

type Opened = { readonly key: string; readonly packs: readonly OpenReferencePack[] };
type Linked = { readonly key: string; readonly links: PackLinks };

/** The user's performers and the people of all reference packs as one gallery. The packs stay in memory until they change. */
export function withReferencePacks(parts: Parts): OpenGallery {
  let opened: Promise<Opened> | null = null;
  let openedKey = '';
  let linked: Linked | null = null;
  const searchesOf = new WeakMap<OpenReferencePack, Map<Searches, Promise<RowSearch>>>();

  return async (searches) => {
    const performers = await parts.openPerformers(searches);
    const revision = await parts.packs.revision();
    if (revision === '') {
      [opened, openedKey, linked] = [null, '', null];
      return performers;
    }
    const excluded = await parts.excludedStashIds();
    const key = JSON.stringify([revision, excluded]);
    if (opened === null || openedKey !== key) {
      openedKey = key;
      opened = openPacks(parts, key, excluded);
    }
    const { packs } = await opened.catch((error: unknown) => {
      opened = null;
      throw error;
    });
    if (packs.length === 0) return performers;
    const linkKey = `${await parts.people.stashIdsVersion()} ${key}`;
    if (linked?.key !== linkKey)
      linked = { key: linkKey, links: await linkPeople(packs, await parts.people.withStashIds()) };
    return createUnionGallery(performers, {
      packs,
      links: linked.links,
      rowSearches: await Promise.all(packs.map((pack) => searchOf(pack, searches))),
    });
  };

  function searchOf(pack: OpenReferencePack, searches: Searches): Promise<RowSearch> {
    const known = searchesOf.get(pack) ?? new Map<Searches, Promise<RowSearch>>();
    searchesOf.set(pack, known);
    const made = known.get(searches) ?? createSearch(parts.search, pack.vectors, searches);
    known.set(searches, made);
    return made;
  }
}

async function createSearch(
  search: Parts['search'],
  vectors: QuantizedVectors,
  searches: Searches,
): Promise<RowSearch> {
  const isSmall = vectors.size === 0 || (searches === 'few probes' && vectors.size <= PLAIN_UP_TO_PEOPLE);
  return isSmall ? search.createPlainRowSearch(vectors) : await search.createRowSearch(vectors, searches);
}

async function openPacks(
  { packs }: Pick<Parts, 'packs'>,
  key: string,
  excluded: readonly StashIdValue[],
): Promise<Opened> {
  const all = await packs.open();
  return {
    key,
    packs: all.map((pack) =>
      withoutRows(pack, new Set(excluded.flatMap((stashId) => pack.rowsWith(stashId)))),
    ),
  };
}
