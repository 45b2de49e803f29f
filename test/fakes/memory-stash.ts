/** A Stash in memory behind the same ports as the real one: scenes, images, galleries, performers and tags. */
import type { FieldValues, StashIdValue } from '../../core/changes/change.ts';
import { listOf } from '../../core/changes/values.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import { StashSenseError } from '../../core/errors.ts';
import { plain } from '../../core/messages/message.ts';
import { listed, pageAfter } from './memory-list.ts';
import { createMemoryCatalogue, createMemoryLookup, namedIn } from './memory-lookup.ts';
import type {
  Library,
  LibraryWriter,
  StashFile,
  StashEntity,
  StashJob,
  StashPerformer,
} from '../../core/ports/library.ts';
import { addStashIds, destroy, findNamed, make, setPicture, usageOf } from './memory-made.ts';
import {
  fieldsOf,
  imagesWith,
  linkedScenes,
  objectOf,
  performersLike,
  scenesOfBox,
  studioIdsOf,
} from './memory-objects.ts';

export type MemoryStash = {
  readonly library: Library;
  readonly writer: LibraryWriter;
  readonly items: Map<string, StashEntity>;
  readonly performers: Map<string, StashPerformer>;
  /** By name. */
  readonly tags: Map<string, string>;
  /** Id of a tag → ids of the tags above it. */
  readonly tagParents: Map<string, readonly string[]>;
  /** Id of a performer → the fields that `StashPerformer` does not have. */
  readonly performerFields: Map<string, FieldValues>;
  /** Id of a scene → its date and studio. */
  readonly sceneFields: Map<string, FieldValues>;
  /** Ids of scenes of which it has no cover. */
  readonly withoutCover: Set<string>;
  /** Id of a scene → its stash IDs. */
  readonly sceneStashIds: Map<string, readonly StashIdValue[]>;
  /** Id of a performer → ids of their tags. */
  readonly performerTags: Map<string, readonly string[]>;
  /** By id. */
  readonly studios: Map<string, { name: string; aliases: string[]; stashIds: StashIdValue[] }>;
  /** Id of a tag → its aliases. */
  readonly tagAliases: Map<string, readonly string[]>;
  /** As `tag:4`. */
  readonly favorites: Set<string>;
  /** Of its library. */
  folders: readonly string[];
  readonly media: Map<string, Uint8Array>;
  readonly jobs: StashJob[];
  /** Jobs that have ended, as far as Stash remembers them. */
  readonly endedJobs: StashJob[];
  /** Tasks that were started, in order. */
  readonly started: { name: string; args: Record<string, unknown> }[];
  settings: Record<string, unknown>;
  /** Called before and after each call; may throw, as a server can fail before or after it has executed a request. */
  before(call: string): void;
  after(call: string): void;
};

export function memoryStash({
  items = [],
  performers = [],
}: { items?: StashEntity[]; performers?: StashPerformer[] } = {}): MemoryStash {
  const stash: MemoryStash = {
    items: new Map(items.map((item) => [keyOf(item), item])),
    performers: new Map(performers.map((performer) => [performer.id, performer])),
    tags: new Map(),
    tagParents: new Map(),
    performerFields: new Map(),
    sceneFields: new Map(),
    withoutCover: new Set(),
    sceneStashIds: new Map(),
    performerTags: new Map(),
    studios: new Map(),
    tagAliases: new Map(),
    favorites: new Set(),
    folders: [],
    media: new Map(),
    jobs: [],
    endedJobs: [],
    started: [],
    settings: {},
    before: () => undefined,
    after: () => undefined,
    library: {
      environment: () =>
        Promise.resolve({
          version: 'v0.30.1',
          ffmpegPath: null,
          ffprobePath: null,
          configDir: '/nowhere',
          generatedPath: null,
          fileNaming: 'oshash',
        }),
      entitiesAfter: (kind, afterId, limit, filter) =>
        call('entitiesAfter', () => pageAfter(listed(stash, kind, filter), afterId, limit)),
      countEntities: (kind, filter) => call('countEntities', () => listed(stash, kind, filter).length),
      item: (entity) => call('item', () => stash.items.get(keyOf(entity)) ?? null),
      object: (entity) => call('object', () => objectOf(stash, entity)),
      fieldsOf: (kind, ids, fields) => call('fieldsOf', () => fieldsOf(stash, kind, ids, fields)),
      usage: (kind, id) => call('usage', () => usageOf(stash, kind, id)),
      fieldsLacking: () => Promise.resolve([]),
      findNamed: (kind, values) => call('findNamed', () => findNamed(stash, kind, values)),
      named: (kind) => call('named', () => namedIn(stash, kind)),
      performersAfter: (afterId, limit) =>
        call('performersAfter', () =>
          pageAfter([...stash.performers.values()], afterId, limit).map((performer) => ({
            ...performer,
            imageCount: imagesWith(stash, performer.id),
          })),
        ),
      countPerformers: () => call('countPerformers', () => stash.performers.size),
      performer: (id) => call('performer', () => stash.performers.get(id) ?? null),
      performersLike: (like) => call('performersLike', () => performersLike(stash, like)),
      performersAlike: (all) =>
        call('performersAlike', () =>
          all.map((like) => ({ performers: performersLike(stash, like), excluded: [] })),
        ),
      linkedScenes: (ids, endpoint, ...how) =>
        call('linkedScenes', () => new Map(ids.map((id) => [id, linkedScenes(stash, id, endpoint, ...how)]))),
      studioIds: (ids, endpoint, _most, isLeftOut) =>
        call('studioIds', () => new Map(ids.map((id) => [id, studioIdsOf(stash, id, endpoint, isLeftOut)]))),
      scenesOfBox: (endpoint, stashId) => call('scenesOfBox', () => scenesOfBox(stash, endpoint, stashId)),
      fetchMedia: (path) => call('fetchMedia', () => stash.media.get(path) ?? null),
      findTag: (name) => call('findTag', () => stash.tags.get(name) ?? null),
      findStudio: () => Promise.resolve(null),
      findSavedFilter: () => Promise.resolve(null),
      exclusions: createMemoryLookup(() => stash),
      catalogue: createMemoryCatalogue(() => stash),
      settings: () => call('settings', () => stash.settings),
      changeSettings: (changes) =>
        call('changeSettings', () => {
          stash.settings = { ...stash.settings, ...changes };
        }),
      jobs: () => call('jobs', () => stash.jobs),
      job: (id) =>
        call('job', () => [...stash.jobs, ...stash.endedJobs].find((job) => job.id === id) ?? null),
      startTask: (name, args) =>
        call('startTask', () => {
          stash.started.push({ name, args });
          return String(stash.started.length);
        }),
      stopJob: (id) =>
        call('stopJob', () => {
          const at = stash.jobs.findIndex((job) => job.id === id);
          for (const job of at >= 0 ? stash.jobs.splice(at, 1) : [])
            stash.endedJobs.push({ ...job, status: 'CANCELLED' });
        }),
    },
    writer: {
      change: ({ entity }, changes, _nameOf, picture = null) =>
        call('change', () => {
          const object = objectOf(stash, entity);
          if (!object)
            throw new StashSenseError('not-found', plain(`${entity.kind} ${entity.id} is not in Stash.`));
          const lists: Record<string, string[]> = {};
          for (const change of changes) {
            if (addStashIds(stash, change) || setPicture(stash, change, picture)) continue;
            if (change.op === 'set' || !['performers', 'tags'].includes(change.field))
              throw new Error('only performers and tags are kept here');
            const ids = change.values.map(String);
            for (const id of change.op === 'add' && change.field === 'performers' ? ids : [])
              if (!stash.performers.has(id))
                throw new StashSenseError('not-found', plain(`Performer ${id} is not in Stash.`));
            const there = lists[change.field] ?? listOf(object.values, change.field).map(String);
            lists[change.field] =
              change.op === 'add'
                ? [...new Set([...there, ...ids])]
                : there.filter((id) => !ids.includes(id));
          }
          const item = stash.items.get(keyOf(entity));
          if (item === undefined) return;
          stash.items.set(keyOf(entity), {
            ...item,
            performerIds: lists['performers'] ?? item.performerIds,
            tagIds: lists['tags'] ?? item.tagIds,
          });
        }),
      create: (kind, values, picture = null) => call('create', () => make(stash, kind, values, picture)),
      destroy: (ref) => call('destroy', () => destroy(stash, ref)),
    },
  };
  return stash;

  async function call<T>(name: string, work: () => T): Promise<T> {
    stash.before(name);
    const answer = work();
    stash.after(name);
    // A server answers later, never at once.
    await new Promise((resolve) => setImmediate(resolve));
    return answer;
  }
}

function keyOf({ kind, id }: StashRef): string {
  return `${kind}:${id}`;
}

export function aFile(n: number, overrides: Partial<StashFile> = {}): StashFile {
  return {
    id: String(n),
    path: `/library/${n}.mp4`,
    sizeBytes: 1000 + n,
    modTime: '2026-01-01T00:00:00Z',
    durationMs: 60_000,
    width: 1920,
    height: 1080,
    zipPath: null,
    fingerprints: { oshash: n.toString(16).padStart(16, '0') },
    ...overrides,
  };
}

export function anItem(n: number, overrides: Partial<StashEntity> = {}): StashEntity {
  return {
    kind: 'scene',
    id: String(n),
    title: `Scene ${n}`,
    files: [aFile(n)],
    performerIds: [],
    tagIds: [],
    updatedAt: '2026-01-01T00:00:00Z',
    coverPath: null,
    previewPath: null,
    ...overrides,
  };
}

export function aPerformer(n: number, overrides: Partial<StashPerformer> = {}): StashPerformer {
  return {
    id: String(n),
    name: `Performer ${n}`,
    disambiguation: '',
    aliases: [],
    stashIds: [],
    imagePath: `/performer/${n}/image?t=1`,
    ...overrides,
  };
}
