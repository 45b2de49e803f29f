import type { ListFilter } from '../../stash/lists/shown.ts';

/** Adds the studio, tag or performer whose page a list is on. */
export type FilterHook<Filter = ListFilter> = (filter: Filter) => Filter;

/** What a list shows: since Stash 0.31 its operations are given the filter without what its page adds. */
export function hooked<Filter extends { clone(): Filter }>(
  filter: Filter,
  filterHook: FilterHook<Filter> | undefined,
): Filter {
  return filterHook === undefined ? filter : filterHook(filter.clone());
}
