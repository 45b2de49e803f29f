import { meaningOf } from '../../core/exclusions/entries.ts';
import type { ExclusionLookup, Named } from '../../core/ports/library.ts';
import type { MemoryStash } from './memory-stash.ts';

/** What the settings of exclusions mean in a Stash in memory. */
export function createMemoryLookup(stash: () => MemoryStash): ExclusionLookup {
  const tags = (): Named[] => Array.from(stash().tags, ([name, id]) => ({ id, name }));
  const isBelow = (id: string, above: string): boolean =>
    (stash().tagParents.get(id) ?? []).some((parent) => parent === above || isBelow(parent, above));
  return {
    tags: async (entry) => meant(entry, tags()),
    performers: async (entry) => meant(entry, [...stash().performers.values()]),
    tagsBelow: async (tagId) => tags().filter(({ id }) => isBelow(id, tagId)),
    performersWithTag: async (tagIds) =>
      [...stash().performers.values()].flatMap(({ id, name, stashIds }) => {
        const own = stash().performerTags.get(id) ?? [];
        return hasOne(own, tagIds) ? { id, name, stashIds, tagIds: own } : [];
      }),
    galleriesWithTag: async (tagIds) =>
      [...stash().items.values()].flatMap(({ kind, id, tagIds: own }) =>
        kind === 'gallery' && hasOne(own, tagIds) ? { id, tagIds: own } : [],
      ),
  };
}

function meant<One extends Named>(entry: string, all: readonly One[]): readonly One[] {
  const { id, names } = meaningOf(entry);
  return all.filter((one) => one.id === id || names.includes(one.name));
}

function hasOne(own: readonly string[], wanted: readonly string[]): boolean {
  return own.some((id) => wanted.includes(id));
}
