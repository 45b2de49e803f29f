import { meaningOf } from '../../../core/exclusions/entries.ts';
import type { ExclusionLookup, Named, StashPerformer } from '../../../core/ports/library.ts';
import type { Graphql } from '../graphql.ts';
import { performerQuery, tagsByNameQuery } from '../queries.ts';
import * as documents from './documents.ts';

type NamedPerformer = Named & Pick<StashPerformer, 'stashIds'>;

export function createExclusionLookup({ query }: Pick<Graphql, 'query'>): ExclusionLookup {
  const tagsNamed = async (name: string): Promise<Named[]> => {
    const found = await query(tagsByNameQuery, { name });
    return found
      .filter((tag) => [tag.name, ...tag.aliases].some((known) => isSame(known, name)))
      .map(({ id, name: own }) => ({ id, name: own }));
  };
  const performersNamed = async (text: string): Promise<NamedPerformer[]> => {
    const [, name = text, disambiguation = null] = /^(.+?)\s*\(([^()]+)\)$/.exec(text) ?? [];
    const found = [...(await query(documents.performersNamedQuery, { name: text }))];
    if (name !== text) found.push(...(await query(documents.performersNamedQuery, { name })));
    return found
      .filter(
        (one) =>
          [one.name, ...one.alias_list].some((known) => isSame(known, text)) ||
          (disambiguation !== null && isSame(one.name, name) && isSame(one.disambiguation, disambiguation)),
      )
      .map(({ id, name: own, stash_ids: stashIds }) => ({ id, name: own, stashIds }));
  };
  return {
    tags: (entry) => find(entry, (id) => query(documents.tagQuery, { id }), tagsNamed),
    performers: (entry) =>
      find(
        entry,
        async (id) => {
          const performer = await query(performerQuery, { id });
          return (
            performer && {
              id: performer.id,
              name: performer.name,
              stashIds: performer.stash_ids.map(({ endpoint, stash_id: stashId }) => ({ endpoint, stashId })),
            }
          );
        },
        performersNamed,
      ),
    tagsBelow: (tagId) => query(documents.tagsBelowQuery, { ids: [tagId] }),
    performersWithTag: (tagIds) => query(documents.performersWithTagQuery, { ids: [...tagIds] }),
    galleriesWithTag: (tagIds) => query(documents.galleriesWithTagQuery, { ids: [...tagIds] }),
  };
}

/**
By id and by name. Where the id has the name, nothing else is meant; where it has another one, it may have been renamed, or
be another object of a replaced database: both are meant.
*/
async function find<One extends Named>(
  entry: string,
  byId: (id: string) => Promise<One | null>,
  byName: (name: string) => Promise<One[]>,
): Promise<readonly One[]> {
  const { id, names } = meaningOf(entry);
  const known = id === null ? null : await byId(id);
  if (known !== null && names.some((name) => isSame(known.name, name))) return [known];
  const named = (await Promise.all(names.map(byName))).flat();
  const all = known === null ? named : [known, ...named];
  return [...new Map(all.map((one) => [one.id, one])).values()];
}

function isSame(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}
