import type { EntityKind } from '../../core/content-id.ts';
import type { EntityFilter } from '../../core/ports/library.ts';

export type StashFilter = {
  /** Text that the page's search box would hold. */
  readonly text: string;
  readonly criteria: Record<string, unknown>;
};

/** Sub-studios count: a network rarely holds scenes itself. */
const ALL_LEVELS = -1;

/** Our filter in Stash's words, together with the saved filter that it names. */
export function toStashFilter(
  kind: EntityKind,
  filter: EntityFilter,
  afterId: string | null,
  saved: StashFilter | null,
): StashFilter {
  const criteria: Record<string, unknown> = {};
  if (afterId !== null) criteria['id'] = { value: Number(afterId), modifier: 'GREATER_THAN' };
  if (filter.withoutPerformers) criteria['is_missing'] = 'performers';
  if (filter.studioId)
    criteria['studios'] = { value: [filter.studioId], modifier: 'INCLUDES', depth: ALL_LEVELS };
  if (filter.tagId) criteria['tags'] = { value: [filter.tagId], modifier: 'INCLUDES', depth: 0 };
  if (filter.onlyPerformerId) {
    criteria['performers'] = { value: [filter.onlyPerformerId], modifier: 'INCLUDES_ALL' };
    criteria['performer_count'] = { value: 1, modifier: 'EQUALS' };
  }
  if (filter.galleryId && kind === 'image')
    criteria['galleries'] = { value: [filter.galleryId], modifier: 'INCLUDES' };
  return { text: saved?.text ?? '', criteria: join(criteria, saved?.criteria ?? {}) };
}

/** Side by side where they differ; one within the other (more work for Stash) where both say something on the same thing. */
function join(ours: Record<string, unknown>, saved: Record<string, unknown>): Record<string, unknown> {
  const clash = Object.keys(saved).some((key) => Object.hasOwn(ours, key));
  return clash ? { ...ours, AND: saved } : { ...saved, ...ours };
}
