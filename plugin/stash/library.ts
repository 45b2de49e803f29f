import path from 'node:path';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { EntityFilter, Library, StashEnvironment } from '../../core/ports/library.ts';
import type { Connection } from './connection.ts';
import { readFeatures, type Features, versionNote } from './capabilities.ts';
import type { Graphql } from './graphql.ts';
import { toStashFilter, type StashFilter } from './filter.ts';
import * as queries from './queries.ts';
import { toSceneFilter } from './saved-filter.ts';
import { toItem, toPerformer } from './entities.ts';
import { createAlike } from './lookups/alike.ts';
import { createLinkedScenes, createStudioIds } from './lookups/linked-scenes.ts';
import { createScenesOfBox } from './lookups/scenes-of-box.ts';
import { createMediaFetcher } from './media.ts';
import { createNamedReader } from './changes/named.ts';
import { createObjectReader } from './changes/read.ts';
import { createCatalogue } from './catalogue/catalogue.ts';
import { createExclusionLookup } from './exclusions/lookup.ts';

/** How long the environment that came with the settings is taken for what it is now: a question of the page is answered by then. */
const ENVIRONMENT_SECONDS = 1;

/** Reads the user's Stash over HTTP. `configDir`: folder of config.yml, as Stash passed it to the plugin; absent on the command line. */
export function createLibrary(
  connection: Connection,
  graphql: Graphql,
  options: { configDir?: string } = {},
): Library {
  let knownFeatures: Promise<Features> | null = null;
  const features = (): Promise<Features> => {
    knownFeatures ??= readFeatures(graphql).catch((error: unknown) => {
      knownFeatures = null;
      throw error;
    });
    return knownFeatures;
  };

  /** Came with the settings, so many seconds after this process began. */
  let environment: { readonly answer: queries.EnvironmentAnswer; readonly at: number } | null = null;
  async function readSettings(): Promise<Record<string, unknown>> {
    const { settings, apiKey, ...read } = await graphql.query(queries.settingsQuery);
    connection.hide(apiKey);
    environment = { answer: read.environment, at: process.uptime() };
    return settings;
  }
  async function readEnvironment(): Promise<queries.EnvironmentAnswer> {
    return environment !== null && process.uptime() - environment.at < ENVIRONMENT_SECONDS
      ? environment.answer
      : await graphql.query(queries.environmentQuery);
  }

  async function savedFilter(id: string): Promise<StashFilter> {
    const filters = await graphql.query(queries.savedSceneFiltersQuery);
    const found = filters.find((filter) => filter.id === id);
    if (!found) throw new StashSenseError('not-found', message('stash.filterGone', { id }));
    return {
      text: found.find_filter?.q ?? '',
      criteria: toSceneFilter(found.name, found.object_filter ?? {}),
    };
  }

  async function variables(
    kind: 'scene' | 'image' | 'gallery',
    filter: EntityFilter,
    afterId: string | null,
    limit: number,
  ) {
    const saved = filter.savedFilterId && kind === 'scene' ? await savedFilter(filter.savedFilterId) : null;
    const { text, criteria } = toStashFilter(kind, filter, afterId, saved);
    const find = {
      page: 1,
      per_page: limit,
      sort: 'id',
      direction: 'ASC' as const,
      ...(text ? { q: text } : {}),
    };
    return { find, filter: criteria };
  }

  const findTag: Library['findTag'] = async (name) =>
    byName(name, await graphql.query(queries.tagsByNameQuery, { name: name.trim() }));
  const studioNamed = async (name: string): Promise<string | null> =>
    byName(name, await graphql.query(queries.studiosByNameQuery, { name: name.trim() }));

  return {
    ...createObjectReader(graphql, { tag: findTag, studio: studioNamed }, features),
    environment: async () => toEnvironment(await readEnvironment(), options.configDir),

    async entitiesAfter(kind, afterId, limit, filter = {}) {
      const items = await graphql.query(
        queries.itemsQuery(kind, await features()),
        await variables(kind, filter, afterId, limit),
      );
      return items.map((item) => toItem(kind, item));
    },
    countEntities: async (kind, filter = {}) =>
      await graphql.query(queries.countQuery(kind), await variables(kind, filter, null, 0)),
    async item({ kind, id }) {
      const item = await graphql.query(queries.itemQuery(kind, await features()), { id });
      return item && toItem(kind, item);
    },

    performersAfter: createPerformersAfter(graphql),
    countPerformers: () => graphql.query(queries.performerCountQuery),
    async performer(id) {
      const performer = await graphql.query(queries.performerQuery, { id });
      return performer && toPerformer(performer);
    },

    ...createAlike(graphql),
    linkedScenes: createLinkedScenes(graphql),
    studioIds: createStudioIds(graphql),
    scenesOfBox: createScenesOfBox(graphql),
    named: createNamedReader(graphql, features),

    fetchMedia: createMediaFetcher(connection),

    findTag,
    async findStudio(nameOrId) {
      const byId = /^\d+$/.test(nameOrId) ? await graphql.query(queries.studioQuery, { id: nameOrId }) : null;
      return byId ?? (await studioNamed(nameOrId));
    },
    async findSavedFilter(nameOrId) {
      const filters = await graphql.query(queries.savedSceneFiltersQuery);
      return (
        filters.find((filter) => filter.id === nameOrId)?.id ??
        byName(
          nameOrId,
          filters.map((filter) => ({ ...filter, aliases: [] })),
        )
      );
    },

    exclusions: createExclusionLookup(graphql),
    catalogue: createCatalogue(graphql),

    settings: readSettings,
    async changeSettings(changes) {
      const all = { ...(await readSettings()), ...changes };
      const input = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
      await graphql.mutate(queries.settingsMutation, { input });
    },

    jobs: () => graphql.query(queries.jobsQuery),
    job: (id) => graphql.query(queries.jobQuery, { id }),
    startTask: (taskName, args) =>
      graphql.mutate(queries.startTaskMutation, {
        task: taskName,
        // The same description as from the Tasks menu: the page and other processes identify a job by it.
        description: taskName,
        args,
      }),
    async stopJob(id) {
      await graphql.mutate(queries.stopJobMutation, { id });
    },
  };
}

/** Stash has no filter of performers by id: this lists all ids once, then fetches the performers page by page. */
function createPerformersAfter(graphql: Graphql): Library['performersAfter'] {
  let ids: readonly string[] | null = null;
  return async (afterId, limit) => {
    if (afterId === '0') ids = null;
    for (let tries = 1; ; tries++) {
      ids ??= await graphql.query(queries.performerIdsQuery);
      const page = ids.filter((id) => Number(id) > Number(afterId)).slice(0, limit);
      if (page.length === 0) return [];
      try {
        const found = await graphql.query(queries.performersQuery, { ids: page });
        return found
          .map((performer) => ({ ...toPerformer(performer), imageCount: performer.image_count }))
          .toSorted((a, b) => Number(a.id) - Number(b.id));
      } catch (error) {
        // A performer was deleted or merged meanwhile: Stash refuses the whole page, so the ids are listed anew.
        if (!(error instanceof StashSenseError) || error.code !== 'stash-refused' || tries === 3) throw error;
        ids = null;
      }
    }
  };
}

/** Prefers the exact name, then the name in any case, then an alias. */
function byName(name: string, found: readonly queries.NamedAnswer[]): string | null {
  const wanted = fold(name);
  const match =
    found.find((studio) => studio.name === name.trim()) ??
    found.find((studio) => fold(studio.name) === wanted) ??
    found.find((studio) => studio.aliases.some((alias) => fold(alias) === wanted));
  return match?.id ?? null;
}

function fold(name: string): string {
  return name.trim().toLowerCase();
}

/** As Go names them. */
const IGNORING_CASE = new Set(['windows', 'darwin']);

function toEnvironment(
  { version, systemStatus, configuration }: queries.EnvironmentAnswer,
  configDir: string | undefined,
): StashEnvironment {
  const { workingDir, configPath } = systemStatus;
  const { generatedPath, videoFileNamingAlgorithm } = configuration.general;
  const note = versionNote(version.version ?? 'unknown');
  const absolute = (place: string): string => (isAbsolute(place) ? place : path.join(workingDir, place));
  return {
    version: version.version ?? 'unknown',
    ...(note !== null && { versionNote: note }),
    ffmpegPath: systemStatus.ffmpegPath || null,
    ffprobePath: systemStatus.ffprobePath || null,
    configDir: configDir ?? absolute(configPath ? parentOf(configPath) : '.'),
    generatedPath: generatedPath ? absolute(generatedPath) : null,
    fileNaming: videoFileNamingAlgorithm === 'MD5' ? 'md5' : 'oshash',
    ...(IGNORING_CASE.has(systemStatus.os) && { ignoresCase: true }),
  };
}

/** For paths on Stash's machine, which may run another operating system than ours. */
function isAbsolute(place: string): boolean {
  return path.posix.isAbsolute(place) || path.win32.isAbsolute(place);
}

function parentOf(file: string): string {
  return /^[a-z]:|\\/i.test(file) ? path.win32.dirname(file) : path.posix.dirname(file);
}
