/** GraphQL queries, and mutations of settings and jobs, each with the schema of its answer. Those of files depend on the version of Stash. */
import { z } from 'zod';
import type { EntityKind } from '../../core/content-id.ts';
import type { Features } from './capabilities.ts';
import type * as types from './documents.generated.ts';
import { operation, type Variables } from './operation.ts';

const Id = z.string();
const Ids = z.array(z.object({ id: Id }));
const Text = z
  .string()
  .nullish()
  .transform((value) => value ?? '');

// ---------------------------------------------------------------- scenes, images, galleries

const File = z.object({
  id: Id,
  path: z.string(),
  /** Int64: a number, or a string when it is too large for one. */
  size: z.coerce.number(),
  mod_time: z.string(),
  /** Seconds; videos only. */
  duration: z.number().optional(),
  width: z.number().optional(),
  height: z.number().optional(),
  zip_file: z.object({ path: z.string() }).nullish(),
  zip_file_id: Id.nullish(),
  fingerprints: z.array(z.object({ type: z.string(), value: z.string() })),
});
export type FileAnswer = z.output<typeof File>;

const Item = z.object({
  id: Id,
  title: Text,
  updated_at: z.string(),
  files: z.array(File),
  folder: z.object({ path: z.string() }).nullish(),
  paths: z.record(z.string(), z.string().nullish()),
  performers: Ids,
  tags: Ids,
  /** Of scenes. */
  studio: z.object({ id: Id }).nullish(),
  /** Of images. */
  galleries: Ids.optional(),
});
export type ItemAnswer = z.output<typeof Item>;

/** Names in Stash's schema for each kind. */
const KINDS = {
  scene: {
    one: 'findScene',
    many: 'findScenes',
    list: 'scenes',
    filterName: 'scene_filter',
    filterType: 'SceneFilterType',
  },
  image: {
    one: 'findImage',
    many: 'findImages',
    list: 'images',
    filterName: 'image_filter',
    filterType: 'ImageFilterType',
  },
  gallery: {
    one: 'findGallery',
    many: 'findGalleries',
    list: 'galleries',
    filterName: 'gallery_filter',
    filterType: 'GalleryFilterType',
  },
} as const satisfies Record<EntityKind, Record<string, string>>;

function itemFields(kind: EntityKind, { zipFile }: Features): string {
  const file = `id path size mod_time ${zipFile ? 'zip_file { path }' : 'zip_file_id'} fingerprints { type value }`;
  const own = {
    scene: `studio { id } files { ${file} duration width height } paths { screenshot preview }`,
    image: `files: visual_files { ... on ImageFile { ${file} width height } ... on VideoFile { ${file} duration width height } } galleries { id } paths { image thumbnail }`,
    gallery: `files { ${file} } folder { path } paths { cover }`,
  };
  return `id title updated_at performers { id } tags { id } ${own[kind]}`;
}

/** Variables `find: FindFilterType`, `filter` of the kind. */
export function itemsQuery(kind: EntityKind, features: Features) {
  const { many, list, filterName, filterType } = KINDS[kind];
  return operation<
    types.SceneItemsQuery | types.ImageItemsQuery | types.GalleryItemsQuery,
    types.SceneItemsQueryVariables | types.ImageItemsQueryVariables | types.GalleryItemsQueryVariables
  >()({
    document: `query Items($find: FindFilterType!, $filter: ${filterType}!) { found: ${many}(filter: $find, ${filterName}: $filter) { items: ${list} { ${itemFields(kind, features)} } } }`,
    answer: z.object({ found: z.object({ items: z.array(Item) }) }).transform((answer) => answer.found.items),
  });
}

/** Variables `find`, `filter` as above. */
export function countQuery(kind: EntityKind) {
  const { many, filterName, filterType } = KINDS[kind];
  return operation<
    types.SceneCountQuery | types.ImageCountQuery | types.GalleryCountQuery,
    types.SceneCountQueryVariables | types.ImageCountQueryVariables | types.GalleryCountQueryVariables
  >()({
    document: `query Count($find: FindFilterType!, $filter: ${filterType}!) { found: ${many}(filter: $find, ${filterName}: $filter) { count } }`,
    answer: z.object({ found: z.object({ count: z.number() }) }).transform((answer) => answer.found.count),
  });
}

export function itemQuery(kind: EntityKind, features: Features) {
  return operation<
    types.SceneItemQuery | types.ImageItemQuery | types.GalleryItemQuery,
    types.SceneItemQueryVariables | types.ImageItemQueryVariables | types.GalleryItemQueryVariables
  >()({
    document: `query Item($id: ID!) { item: ${KINDS[kind].one}(id: $id) { ${itemFields(kind, features)} } }`,
    answer: z.object({ item: Item.nullable() }).transform((answer) => answer.item),
  });
}

// ---------------------------------------------------------------- performers

const Performer = z.object({
  id: Id,
  name: z.string(),
  disambiguation: Text,
  alias_list: z.array(z.string()),
  stash_ids: z.array(z.object({ endpoint: z.string(), stash_id: z.string() })),
  image_path: z.string().nullable(),
});
export type PerformerAnswer = z.output<typeof Performer>;
const ListedPerformer = Performer.extend({ image_count: z.int() });

const PERFORMER_FIELDS = 'id name disambiguation alias_list stash_ids { endpoint stash_id } image_path';

/** Ascending ids of all performers. Performers have no filter by id, so they are listed once and fetched by id. */
export const performerIdsQuery = operation<types.PerformerIdsQuery, types.PerformerIdsQueryVariables>()({
  document:
    'query PerformerIds { found: findPerformers(filter: { per_page: -1, sort: "id", direction: ASC }) { performers { id } } }',
  answer: z
    .object({ found: z.object({ performers: Ids }) })
    .transform((answer) => answer.found.performers.map((one) => one.id)),
});
/** Stash refuses the whole query when one of the performers is missing. */
export const performersQuery = operation<types.PerformersQuery, types.PerformersQueryVariables>()({
  document: `query Performers($ids: [ID!]!) { found: findPerformers(ids: $ids) { performers { ${PERFORMER_FIELDS} image_count } } }`,
  answer: z
    .object({ found: z.object({ performers: z.array(ListedPerformer) }) })
    .transform((answer) => answer.found.performers),
});
export const performerQuery = operation<types.PerformerQuery, types.PerformerQueryVariables>()({
  document: `query Performer($id: ID!) { performer: findPerformer(id: $id) { ${PERFORMER_FIELDS} } }`,
  answer: z.object({ performer: Performer.nullable() }).transform((answer) => answer.performer),
});
/** Variable `filter`: of Stash's `PerformerFilterType`. */
export const performersLikeQuery = operation<types.PerformersLikeQuery, types.PerformersLikeQueryVariables>()(
  {
    document: `query PerformersLike($filter: PerformerFilterType!) { found: findPerformers(filter: { per_page: -1 }, performer_filter: $filter) { performers { ${PERFORMER_FIELDS} } } }`,
    answer: z
      .object({ found: z.object({ performers: z.array(Performer) }) })
      .transform((answer) => answer.found.performers),
  },
);
/** Variables `f0`, `f1` and so on, each of that type; answered as `a0`, `a1` and so on. */
export function performersAlikeQuery(count: number) {
  const places = Array.from({ length: count }, (_, n) => n);
  const variables = places.map((n) => `$f${n}: PerformerFilterType!`).join(', ');
  const lists = places.map(
    (n) =>
      `a${n}: findPerformers(filter: { per_page: -1 }, performer_filter: $f${n}) { performers { ${PERFORMER_FIELDS} } }`,
  );
  return operation<types.PerformersAlikeQuery, Variables>()({
    document: `query PerformersAlike(${variables}) { ${lists.join(' ')} }`,
    answer: z.record(
      z.string(),
      z.object({ performers: z.array(Performer) }).transform(({ performers }) => performers),
    ),
  });
}
export const performerCountQuery = operation<types.PerformerCountQuery, types.PerformerCountQueryVariables>()(
  {
    document: 'query PerformerCount { found: findPerformers(filter: { per_page: 0 }) { count } }',
    answer: z.object({ found: z.object({ count: z.number() }) }).transform((answer) => answer.found.count),
  },
);

// ---------------------------------------------------------------- names

const Named = z.object({ id: Id, name: z.string(), aliases: z.array(z.string()) });
export type NamedAnswer = z.output<typeof Named>;

/** EQUALS is SQL's LIKE: ignores case, and `_` and `%` are wildcards. The caller compares the names itself. */
export const tagsByNameQuery = operation<types.TagsByNameQuery, types.TagsByNameQueryVariables>()({
  document: `query TagsByName($name: String!) { found: findTags(filter: { per_page: -1 }, tag_filter: { name: { value: $name, modifier: EQUALS }, OR: { aliases: { value: $name, modifier: EQUALS } } }) { tags { id name aliases } } }`,
  answer: z.object({ found: z.object({ tags: z.array(Named) }) }).transform((answer) => answer.found.tags),
});
export const studiosByNameQuery = operation<types.StudiosByNameQuery, types.StudiosByNameQueryVariables>()({
  document: `query StudiosByName($name: String!) { found: findStudios(filter: { per_page: -1 }, studio_filter: { name: { value: $name, modifier: EQUALS }, OR: { aliases: { value: $name, modifier: EQUALS } } }) { studios { id name aliases } } }`,
  answer: z
    .object({ found: z.object({ studios: z.array(Named) }) })
    .transform((answer) => answer.found.studios),
});
export const studioQuery = operation<types.StudioQuery, types.StudioQueryVariables>()({
  document: 'query Studio($id: ID!) { studio: findStudio(id: $id) { id } }',
  answer: z
    .object({ studio: z.object({ id: Id }).nullable() })
    .transform((answer) => answer.studio?.id ?? null),
});

const SavedFilter = z.object({
  id: Id,
  name: z.string(),
  find_filter: z.object({ q: z.string().nullish() }).nullish(),
  object_filter: z.record(z.string(), z.unknown()).nullish(),
});
export type SavedFilterAnswer = z.output<typeof SavedFilter>;

export const savedSceneFiltersQuery = operation<types.SavedFiltersQuery, types.SavedFiltersQueryVariables>()({
  document:
    'query SavedFilters { filters: findSavedFilters(mode: SCENES) { id name find_filter { q } object_filter } }',
  answer: z.object({ filters: z.array(SavedFilter) }).transform((answer) => answer.filters),
});

// ---------------------------------------------------------------- Stash itself

const ENVIRONMENT = 'version { version } systemStatus { os workingDir configPath ffmpegPath ffprobePath }';
const Environment = z.object({
  version: z.object({ version: z.string().nullish() }),
  systemStatus: z.object({
    os: z.string(),
    workingDir: z.string(),
    configPath: z.string().nullish(),
    ffmpegPath: z.string().nullish(),
    ffprobePath: z.string().nullish(),
  }),
  configuration: z.object({
    general: z.object({ generatedPath: z.string(), videoFileNamingAlgorithm: z.string() }),
  }),
});
export type EnvironmentAnswer = z.output<typeof Environment>;

export const environmentQuery = operation<types.EnvironmentQuery, types.EnvironmentQueryVariables>()({
  document: `query Environment { ${ENVIRONMENT} configuration { general { generatedPath videoFileNamingAlgorithm } } }`,
  answer: Environment,
});

/** Empty when there is none. */
export const apiKeyQuery = operation<types.ApiKeyQuery, types.ApiKeyQueryVariables>()({
  document: 'query ApiKey { configuration { general { apiKey } } }',
  answer: z
    .object({ configuration: z.object({ general: z.object({ apiKey: z.string() }) }) })
    .transform((answer) => answer.configuration.general.apiKey),
});

/** With their keys, which only `plugin/stash-box/` may get. */
export function stashBoxesQuery({ stashBoxLimit }: Features) {
  return operation<types.StashBoxesQuery, types.StashBoxesQueryVariables>()({
    document: `query StashBoxes { configuration { general { stashBoxes { endpoint name api_key ${stashBoxLimit ? 'max_requests_per_minute' : ''} } } } }`,
    answer: z
      .object({ configuration: z.object({ general: z.object({ stashBoxes: z.array(StashBox) }) }) })
      .transform((answer) => answer.configuration.general.stashBoxes),
  });
}
const StashBox = z
  .object({
    endpoint: z.string(),
    name: z.string(),
    api_key: z.string(),
    max_requests_per_minute: z.int().optional(),
  })
  .transform(({ endpoint, name, api_key: apiKey, max_requests_per_minute: limit }) => ({
    endpoint,
    name,
    apiKey,
    maxRequestsPerMinute: limit ?? null,
  }));

/**
Our entry is absent until a setting is changed. Also reads the API key, so that every process can redact it, and the environment,
which nearly every process asks for next.
*/
export const settingsQuery = operation<types.SettingsQuery, types.SettingsQueryVariables>()({
  document: `query Settings { ${ENVIRONMENT} configuration { general { apiKey generatedPath videoFileNamingAlgorithm } plugins(include: ["stash-sense"]) } }`,
  answer: Environment.extend({
    configuration: z.object({
      general: Environment.shape.configuration.shape.general.extend({ apiKey: z.string().nullish() }),
      plugins: z.record(z.string(), z.record(z.string(), z.unknown()).nullish()),
    }),
  }).transform(({ configuration, ...rest }) => ({
    settings: configuration.plugins['stash-sense'] ?? {},
    apiKey: configuration.general.apiKey ?? null,
    environment: { ...rest, configuration: { general: configuration.general } },
  })),
});
export const settingsMutation = operation<types.ConfigureMutation, types.ConfigureMutationVariables>()({
  document: 'mutation Configure($input: Map!) { configurePlugin(plugin_id: "stash-sense", input: $input) }',
  answer: z.unknown(),
});

const Job = z
  .object({
    id: Id,
    status: z.enum(['READY', 'RUNNING', 'STOPPING', 'FINISHED', 'CANCELLED', 'FAILED']),
    description: z.string(),
    addTime: z.string(),
  })
  .transform(({ addTime, ...job }) => ({ ...job, addedAt: addTime }));
/** Null, not empty, when nothing is queued. */
export const jobsQuery = operation<types.JobsQuery, types.JobsQueryVariables>()({
  document: 'query Jobs { jobQueue { id status description addTime } }',
  answer: z.object({ jobQueue: z.array(Job).nullable() }).transform((answer) => answer.jobQueue ?? []),
});
export const jobQuery = operation<types.JobQuery, types.JobQueryVariables>()({
  document: 'query Job($id: ID!) { findJob(input: { id: $id }) { id status description addTime } }',
  answer: z.object({ findJob: Job.nullable() }).transform((answer) => answer.findJob),
});
export const startTaskMutation = operation<types.StartTaskMutation, types.StartTaskMutationVariables>()({
  document:
    'mutation StartTask($task: String!, $description: String!, $args: Map) { job: runPluginTask(plugin_id: "stash-sense", task_name: $task, description: $description, args_map: $args) }',
  answer: z.object({ job: Id }).transform((answer) => answer.job),
});
export const stopJobMutation = operation<types.StopJobMutation, types.StopJobMutationVariables>()({
  document: 'mutation StopJob($id: ID!) { stopJob(job_id: $id) }',
  answer: z.unknown(),
});
