import type { EntityKind } from '../../core/content-id.ts';
import { whyExcluded, type Exclusions } from '../../core/exclusions/exclusions.ts';
import type { EntityFilter, Library } from '../../core/ports/library.ts';
import type { Forgotten, Store } from '../../core/ports/store.ts';
import { knownContentId } from '../observe/content-ids.ts';

const PAGE = 500;
const KINDS = ['scene', 'image', 'gallery'] as const;

/** Erases what is kept of all that is excluded. Asks Stash for what is excluded, not for the whole library. */
export async function forgetExcluded(
  {
    library,
    store,
  }: { readonly library: Pick<Library, 'entitiesAfter'>; readonly store: Pick<Store, 'forget'> },
  exclusions: Exclusions,
): Promise<Forgotten> {
  const { performers } = await store.forget({
    entities: [],
    performerIds: [...exclusions.performers.keys()],
    stashIds: [...exclusions.performers.values()].flatMap(({ stashIds }) => stashIds),
  });
  let entities = 0;
  for (const kind of KINDS)
    for (const filter of filtersOf(kind, exclusions))
      for (let after = '0'; ;) {
        const page = await library.entitiesAfter(kind, after, PAGE, filter);
        const excluded = page.filter((entity) => whyExcluded(entity, exclusions) !== null);
        const forgotten = await store.forget({
          entities: excluded.map(({ id, files }) => ({
            kind,
            id,
            contentIds: kind === 'gallery' ? [] : files.flatMap((file) => knownContentId(kind, file) ?? []),
          })),
          performerIds: [],
        });
        entities += forgotten.entities;
        const last = page.at(-1);
        if (last === undefined || page.length < PAGE) break;
        after = last.id;
      }
  return { entities, performers };
}

function filtersOf(kind: EntityKind, { tags, folders, galleries }: Exclusions): EntityFilter[] {
  return [
    ...(tags.size > 0 ? [{ tagIds: [...tags.keys()] }] : []),
    ...folders.map((folder) => ({ folder })),
    ...(kind === 'image' ? inPieces([...galleries.keys()]).map((galleryIds) => ({ galleryIds })) : []),
  ];
}

function inPieces(ids: readonly string[]): (readonly string[])[] {
  return Array.from({ length: Math.ceil(ids.length / PAGE) }, (_, n) => ids.slice(n * PAGE, (n + 1) * PAGE));
}
