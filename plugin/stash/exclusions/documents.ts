/** GraphQL queries for what the settings of exclusions name. */
import { z } from 'zod';
import type * as types from '../documents.generated.ts';
import { operation } from '../operation.ts';

const Tag = z.object({ id: z.string(), name: z.string() });
const StashIds = z
  .array(z.object({ endpoint: z.string(), stash_id: z.string() }))
  .transform((ids) => ids.map(({ endpoint, stash_id: stashId }) => ({ endpoint, stashId })));
const Ids = z.array(z.object({ id: z.string() })).transform((rows) => rows.map(({ id }) => id));

export const tagQuery = operation<types.TagQuery, types.TagQueryVariables>()({
  document: 'query Tag($id: ID!) { tag: findTag(id: $id) { id name } }',
  answer: z.object({ tag: Tag.nullable() }).transform(({ tag }) => tag),
});

/** At any depth. */
export const tagsBelowQuery = operation<types.TagsBelowQuery, types.TagsBelowQueryVariables>()({
  document:
    'query TagsBelow($ids: [ID!]!) { found: findTags(filter: { per_page: -1 }, tag_filter: { parents: { value: $ids, modifier: INCLUDES, depth: -1 } }) { tags { id name } } }',
  answer: z.object({ found: z.object({ tags: z.array(Tag) }) }).transform(({ found }) => found.tags),
});

/** EQUALS is SQL's LIKE: the caller compares the names itself. */
export const performersNamedQuery = operation<
  types.PerformersNamedQuery,
  types.PerformersNamedQueryVariables
>()({
  document:
    'query PerformersNamed($name: String!) { found: findPerformers(filter: { per_page: -1 }, performer_filter: { name: { value: $name, modifier: EQUALS }, OR: { aliases: { value: $name, modifier: EQUALS } } }) { performers { id name disambiguation alias_list stash_ids { endpoint stash_id } } } }',
  answer: z
    .object({
      found: z.object({
        performers: z.array(
          z.object({
            id: z.string(),
            name: z.string(),
            disambiguation: z
              .string()
              .nullish()
              .transform((value) => value ?? ''),
            alias_list: z.array(z.string()),
            stash_ids: StashIds,
          }),
        ),
      }),
    })
    .transform(({ found }) => found.performers),
});

export const performersWithTagQuery = operation<
  types.PerformersWithTagQuery,
  types.PerformersWithTagQueryVariables
>()({
  document:
    'query PerformersWithTag($ids: [ID!]!) { found: findPerformers(filter: { per_page: -1 }, performer_filter: { tags: { value: $ids, modifier: INCLUDES, depth: -1 } }) { performers { id name tags { id } stash_ids { endpoint stash_id } } } }',
  answer: z
    .object({
      found: z.object({
        performers: z.array(z.object({ id: z.string(), name: z.string(), tags: Ids, stash_ids: StashIds })),
      }),
    })
    .transform(({ found }) =>
      found.performers.map(({ id, name, tags, stash_ids: stashIds }) => ({
        id,
        name,
        stashIds,
        tagIds: tags,
      })),
    ),
});

export const galleriesWithTagQuery = operation<
  types.GalleriesWithTagQuery,
  types.GalleriesWithTagQueryVariables
>()({
  document:
    'query GalleriesWithTag($ids: [ID!]!) { found: findGalleries(filter: { per_page: -1 }, gallery_filter: { tags: { value: $ids, modifier: INCLUDES, depth: -1 } }) { galleries { id tags { id } } } }',
  answer: z
    .object({ found: z.object({ galleries: z.array(z.object({ id: z.string(), tags: Ids })) }) })
    .transform(({ found }) => found.galleries.map(({ id, tags }) => ({ id, tagIds: tags }))),
});
