import type { EntityKind } from '../../core/content-id.ts';
import type { EntityFilter } from '../../core/ports/library.ts';

export type StashFilter = {
  /** Text of the search box on Stash's page. */
  readonly text: string;
  readonly criteria: Record<string, unknown>;
};

/** Includes sub-studios at any depth: a network rarely has scenes of its own. */
const ALL_LEVELS = -1;

/** Converts our filter to Stash's, combined with the saved filter that it refers to. */
export function toStashFilter(
  kind: EntityKind,
  filter: EntityFilter,
  afterId: string | null,
  saved: StashFilter | null,
): StashFilter {
  const criteria: Record<string, unknown> = {};
  if (afterId !== null) criteria['id'] = { value: Number(afterId), modifier: 'GREATER_THAN' };
  if (filter.updatedAfter) criteria['updated_at'] = { value: filter.updatedAfter, modifier: 'GREATER_THAN' };
  if (filter.withoutPerformers) criteria['is_missing'] = 'performers';
  if (filter.withoutCover) criteria['is_missing'] = 'cover';
  if (filter.withoutPhash) criteria['is_missing'] = 'phash';
  if (filter.studioId)
    criteria['studios'] = { value: [filter.studioId], modifier: 'INCLUDES', depth: ALL_LEVELS };
  if (filter.tagId) criteria['tags'] = { value: [filter.tagId], modifier: 'INCLUDES', depth: 0 };
  if (filter.tagIds) criteria['tags'] = { value: filter.tagIds, modifier: 'INCLUDES', depth: ALL_LEVELS };
  if (filter.folder !== undefined)
    criteria['path'] = { value: toPathText(filter.folder), modifier: 'INCLUDES' };
  if (filter.onlyPerformerId) {
    criteria['performers'] = { value: [filter.onlyPerformerId], modifier: 'INCLUDES_ALL' };
    criteria['performer_count'] = { value: 1, modifier: 'EQUALS' };
  }
  if (filter.galleryId && kind === 'image')
    criteria['galleries'] = { value: [filter.galleryId], modifier: 'INCLUDES' };
  if (filter.galleryIds && kind === 'image')
    criteria['galleries'] = { value: filter.galleryIds, modifier: 'INCLUDES' };
  return { text: saved?.text ?? '', criteria: join(criteria, saved?.criteria ?? {}) };
}

/**
Quoted, or Stash looks for each word by itself. It compares with SQLite's LIKE, which folds the case of ASCII alone and knows
no Unicode forms: `%` stands for any text.
*/
function toPathText(folder: string): string {
  return `"${folder
    .normalize()
    .replace(/[\\/]+$/, '')
    .replace(/[^\x20-\x7e]+|["\\/]+/g, '%')}"`;
}

/** Merges the criteria; when both have the same criterion, nests one with AND, which is slower in Stash. */
function join(ours: Record<string, unknown>, saved: Record<string, unknown>): Record<string, unknown> {
  const clash = Object.keys(saved).some((key) => Object.hasOwn(ours, key));
  return clash ? { ...ours, AND: saved } : { ...saved, ...ours };
}
