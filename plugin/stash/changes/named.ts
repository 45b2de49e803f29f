/** All studios or tags of Stash, to be found by another name or by an id of a stash-box. */
import { z } from 'zod';
import type { Library, NamedObject } from '../../../core/ports/library.ts';
import type { Features } from '../capabilities.ts';
import type * as types from '../documents.generated.ts';
import type { Graphql } from '../graphql.ts';
import { operation } from '../operation.ts';

const StashIds = z
  .array(z.object({ endpoint: z.string(), stash_id: z.string() }))
  .optional()
  .transform((rows) => rows?.map(({ endpoint, stash_id: stashId }) => ({ endpoint, stashId })) ?? []);
const Named = z
  .object({ id: z.string(), name: z.string(), aliases: z.array(z.string()), stash_ids: StashIds })
  .transform(({ stash_ids: stashIds, ...one }): NamedObject => ({ ...one, stashIds }));

export const namedStudiosQuery = operation<types.NamedStudiosQuery, types.NamedStudiosQueryVariables>()({
  document:
    'query NamedStudios { found: findStudios(filter: { per_page: -1 }) { studios { id name aliases stash_ids { endpoint stash_id } } } }',
  answer: z.object({ found: z.object({ studios: z.array(Named) }) }).transform(({ found }) => found.studios),
});

export function namedTagsQuery({ tagStashIds }: Pick<Features, 'tagStashIds'>) {
  return operation<types.NamedTagsQuery, types.NamedTagsQueryVariables>()({
    document: `query NamedTags { found: findTags(filter: { per_page: -1 }) { tags { id name aliases ${tagStashIds ? 'stash_ids { endpoint stash_id }' : ''} } } }`,
    answer: z.object({ found: z.object({ tags: z.array(Named) }) }).transform(({ found }) => found.tags),
  });
}

export function createNamedReader(
  graphql: Pick<Graphql, 'query'>,
  features: () => Promise<Features>,
): Library['named'] {
  return async (kind) =>
    kind === 'studio'
      ? await graphql.query(namedStudiosQuery)
      : await graphql.query(namedTagsQuery(await features()));
}
