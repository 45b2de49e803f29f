import { meaningOf } from '../../core/exclusions/entries.ts';
import type { Catalogue, ExclusionLookup, Named, NamedObject } from '../../core/ports/library.ts';
import { usageOf } from './memory-made.ts';
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

/** All studios or tags of a Stash in memory; its tags have no stash IDs. */
export function namedIn({ studios, tags, tagAliases }: MemoryStash, kind: 'studio' | 'tag'): NamedObject[] {
  return kind === 'studio'
    ? Array.from(studios, ([id, studio]) => ({ id, ...studio }))
    : Array.from(tags, ([name, id]) => ({ id, name, aliases: tagAliases.get(id) ?? [], stashIds: [] }));
}

/** What a Stash in memory answers of all its tags, studios and performers. */
export function createMemoryCatalogue(stash: () => MemoryStash): Catalogue {
  return {
    unused: async (kind) => {
      const named = kind === 'performer' ? [...stash().performers.values()] : namedIn(stash(), kind);
      return named
        .filter(({ id }) => usageOf(stash(), kind, id)?.isUsed === false)
        .map(({ id, name }) => ({ id, name, favorite: stash().favorites.has(`${kind}:${id}`) }));
    },
    pictureless: async () =>
      [...stash().performers.values()].flatMap(({ id, name, imagePath }) =>
        imagePath === null ? { id, name } : [],
      ),
    folders: async () => stash().folders,
  };
}
