/** The user's Stash. */
import type { EntityRef, EntityKind } from '../content-id.ts';

export type StashFile = {
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly modTime: string;
  readonly durationMs: number | null;
  readonly width: number;
  readonly height: number;
  /** Path of the zip it lies in; its own path is then not a file on disk. */
  readonly zipPath: string | null;
  /** As Stash names them: `oshash`, `md5`, `phash`. */
  readonly fingerprints: Readonly<Record<string, string>>;
};

export type StashEntity = {
  readonly kind: EntityKind;
  readonly id: string;
  readonly title: string;
  readonly files: readonly StashFile[];
  readonly performerIds: readonly string[];
  readonly tagIds: readonly string[];
  readonly updatedAt: string;
  /**
  Server-relative paths (no scheme, no host), null where Stash names none. Scene: cover, preview clip; image: the
  picture itself (also out of a zip), its thumbnail; gallery: cover, none.
  */
  readonly coverPath: string | null;
  readonly previewPath: string | null;
};

export type StashPerformer = {
  readonly id: string;
  readonly name: string;
  readonly disambiguation: string;
  readonly aliases: readonly string[];
  readonly stashIds: readonly { readonly endpoint: string; readonly stashId: string }[];
  /** Server-relative; null when the performer has no picture of their own. Carries `t=`, which changes with the performer. */
  readonly imagePath: string | null;
};

/** `imageCount`: images that carry the performer, whoever else is on them. */
export type ListedPerformer = StashPerformer & { readonly imageCount: number };

export type StashEnvironment = {
  readonly version: string;
  /** One sentence where this version was not tried; absent: it was. */
  readonly versionNote?: string;
  readonly ffmpegPath: string | null;
  readonly ffprobePath: string | null;
  /** Absolute. */
  readonly configDir: string;
  readonly generatedPath: string | null;
  readonly fileNaming: 'oshash' | 'md5';
};

export type StashJob = {
  readonly id: string;
  readonly status: 'READY' | 'RUNNING' | 'STOPPING' | 'FINISHED' | 'CANCELLED' | 'FAILED';
  readonly description: string;
};

/** `all`, or one of the narrower scopes of the settings, already resolved to ids. */
export type EntityFilter = {
  readonly withoutPerformers?: boolean;
  readonly studioId?: string;
  /** Scenes: a saved filter's own criteria, as Stash stored them. */
  readonly savedFilterId?: string;
  readonly tagId?: string;
  /** Images: this one performer and nobody else. */
  readonly onlyPerformerId?: string;
  /** Images of this gallery. */
  readonly galleryId?: string;
};

/** The user's Stash. Reads retry with back-off; writes are sent once. */
export type Library = {
  environment(): Promise<StashEnvironment>;
  /** Ascending by id, beginning behind `afterId` ('0' for the start): stable while items are edited. Empty at the end. */
  entitiesAfter(
    kind: EntityKind,
    afterId: string,
    limit: number,
    filter?: EntityFilter,
  ): Promise<StashEntity[]>;
  countEntities(kind: EntityKind, filter?: EntityFilter): Promise<number>;
  /** Null when Stash has it no more. */
  item(entity: EntityRef): Promise<StashEntity | null>;
  performersAfter(afterId: string, limit: number): Promise<ListedPerformer[]>;
  countPerformers(): Promise<number>;
  performer(id: string): Promise<StashPerformer | null>;
  /**
  The bytes behind one of Stash's own server-relative paths, at most `maxBytes`. Null: 404.
  @throws StashSenseError `unreadable-media` when it is larger, no picture or video, or Stash cannot read it itself
  */
  fetchMedia(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** By exact name or alias, any case. */
  findTag(name: string): Promise<string | null>;
  findStudio(nameOrId: string): Promise<string | null>;
  findSavedFilter(nameOrId: string): Promise<string | null>;
  /** Settings as Stash stored them; {} when never touched. */
  settings(): Promise<Record<string, unknown>>;
  /** Reads all, changes these, writes all: Stash knows only the whole map. */
  changeSettings(changes: Record<string, unknown>): Promise<void>;
  jobs(): Promise<StashJob[]>;
  /** Queues one of our tasks; the id of Stash's job. */
  startTask(taskName: string, args: Record<string, unknown>): Promise<string>;
  stopJob(id: string): Promise<void>;
};

/** The only way to change performers and tags in Stash; `tasks/suggestions/write.ts` alone is given it. */
export type LibraryWriter = {
  /**
  ADD or REMOVE mode: what others write meanwhile stays.
  @throws StashSenseError `stash-refused`, `not-found`: nothing was changed; `changed-since`: a part of it was, the rest refused
  */
  change(entity: EntityRef, change: { add?: PerformersAndTags; remove?: PerformersAndTags }): Promise<void>;
  /** The id of the tag with this name, made if there is none. */
  ensureTag(name: string): Promise<string>;
};

export type PerformersAndTags = {
  readonly performerIds?: readonly string[];
  readonly tagIds?: readonly string[];
};
