import type { EntityKind } from '../../core/content-id.ts';
import type { EntityFilter, StashEntity } from '../../core/ports/library.ts';
import type { MemoryStash } from './memory-stash.ts';

/** In order of id. */
export function listed(
  { items, withoutCover }: MemoryStash,
  kind: EntityKind,
  filter: EntityFilter = {},
): StashEntity[] {
  return [...items.values()]
    .filter(
      (item) =>
        item.kind === kind &&
        (filter.withoutPerformers !== true || item.performerIds.length === 0) &&
        (filter.withoutCover !== true || withoutCover.has(item.id)) &&
        (filter.withoutPhash !== true ||
          item.files.some(({ fingerprints }) => !Object.hasOwn(fingerprints, 'phash'))) &&
        (filter.updatedAfter === undefined || item.updatedAt > filter.updatedAfter) &&
        (filter.tagId === undefined || item.tagIds.includes(filter.tagId)) &&
        (filter.tagIds === undefined || item.tagIds.some((id) => filter.tagIds?.includes(id) === true)) &&
        (filter.folder === undefined || JSON.stringify(item).includes(filter.folder)) &&
        // Images that name no gallery are in all of them.
        (filter.galleryId === undefined ||
          (item.galleryIds ?? [filter.galleryId]).includes(filter.galleryId)) &&
        (filter.galleryIds === undefined ||
          item.galleryIds?.some((id) => filter.galleryIds?.includes(id) === true) === true) &&
        (filter.onlyPerformerId === undefined ||
          (item.performerIds.length === 1 && item.performerIds[0] === filter.onlyPerformerId)),
    )
    .toSorted((a, b) => Number(a.id) - Number(b.id));
}

export function pageAfter<One extends { readonly id: string }>(
  all: readonly One[],
  afterId: string,
  limit: number,
): One[] {
  return all
    .filter(({ id }) => Number(id) > Number(afterId))
    .toSorted((a, b) => Number(a.id) - Number(b.id))
    .slice(0, limit);
}
