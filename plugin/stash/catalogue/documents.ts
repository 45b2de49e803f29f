/** GraphQL queries for what *Check library health* asks of studios, tags and performers. */
import { z } from 'zod';
import type * as types from '../documents.generated.ts';
import { operation } from '../operation.ts';

const Named = z.object({ id: z.string(), name: z.string() });
const Unused = Named.extend({ favorite: z.boolean() });

export const unusedPerformersQuery = operation<
  types.UnusedPerformersQuery,
  types.UnusedPerformersQueryVariables
>()({
  document:
    'query UnusedPerformers { found: findPerformers(filter: { per_page: -1 }, performer_filter: { scene_count: { value: 0, modifier: EQUALS }, image_count: { value: 0, modifier: EQUALS }, gallery_count: { value: 0, modifier: EQUALS } }) { performers { id name favorite } } }',
  answer: z
    .object({ found: z.object({ performers: z.array(Unused) }) })
    .transform(({ found }) => found.performers),
});

export const unusedStudiosQuery = operation<types.UnusedStudiosQuery, types.UnusedStudiosQueryVariables>()({
  document:
    'query UnusedStudios { found: findStudios(filter: { per_page: -1 }, studio_filter: { scene_count: { value: 0, modifier: EQUALS }, image_count: { value: 0, modifier: EQUALS }, gallery_count: { value: 0, modifier: EQUALS }, child_count: { value: 0, modifier: EQUALS } }) { studios { id name favorite } } }',
  answer: z.object({ found: z.object({ studios: z.array(Unused) }) }).transform(({ found }) => found.studios),
});

export const unusedTagsQuery = operation<types.UnusedTagsQuery, types.UnusedTagsQueryVariables>()({
  document:
    'query UnusedTags { found: findTags(filter: { per_page: -1 }, tag_filter: { scene_count: { value: 0, modifier: EQUALS }, image_count: { value: 0, modifier: EQUALS }, gallery_count: { value: 0, modifier: EQUALS }, performer_count: { value: 0, modifier: EQUALS }, marker_count: { value: 0, modifier: EQUALS }, child_count: { value: 0, modifier: EQUALS } }) { tags { id name favorite } } }',
  answer: z.object({ found: z.object({ tags: z.array(Unused) }) }).transform(({ found }) => found.tags),
});

export const picturelessQuery = operation<types.PicturelessQuery, types.PicturelessQueryVariables>()({
  document:
    'query Pictureless { found: findPerformers(filter: { per_page: -1 }, performer_filter: { is_missing: "image" }) { performers { id name } } }',
  answer: z
    .object({ found: z.object({ performers: z.array(Named) }) })
    .transform(({ found }) => found.performers),
});

export const foldersQuery = operation<types.FoldersQuery, types.FoldersQueryVariables>()({
  document: 'query Folders { configuration { general { stashes { path } } } }',
  answer: z
    .object({
      configuration: z.object({ general: z.object({ stashes: z.array(z.object({ path: z.string() })) }) }),
    })
    .transform(({ configuration }) => configuration.general.stashes.map(({ path }) => path)),
});
