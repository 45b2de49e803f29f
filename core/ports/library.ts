/** The user's Stash. */
import type { CreateChange, FieldChange, FieldValues, StashIdValue, StashObject } from '../changes/change.ts';
import type { EntityRef, EntityKind } from '../content-id.ts';
import type { Message } from '../messages/message.ts';
import type { StashKind, StashRef } from '../stash-ref.ts';
import type { LinkedScenes } from './boxes/linked-scenes.ts';

export type StashFile = {
  readonly id: string;
  readonly path: string;
  readonly sizeBytes: number;
  readonly modTime: string;
  readonly durationMs: number | null;
  readonly width: number;
  readonly height: number;
  /** Path of the zip that contains the file; `path` is then no file on disk. */
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
  Server-relative paths (no scheme, no host), null when Stash has none. `coverPath`: cover of a scene or gallery, of an
  image the picture itself (also from a zip). `previewPath`: preview clip of a scene, thumbnail of an image, null for a
  gallery.
  */
  readonly coverPath: string | null;
  readonly previewPath: string | null;
  /** Of a gallery that is a folder. */
  readonly folderPath?: string;
  /** Of a scene; null: it has none. */
  readonly studioId?: string | null;
  /** Of an image: the galleries that it is in. */
  readonly galleryIds?: readonly string[];
};

export type StashPerformer = {
  readonly id: string;
  readonly name: string;
  readonly disambiguation: string;
  readonly aliases: readonly string[];
  readonly stashIds: readonly StashIdValue[];
  /** Server-relative; null when the performer has only Stash's default picture. The parameter `t=` changes whenever the performer is updated. */
  readonly imagePath: string | null;
};

/** Who can be somebody. `excluded`: by the settings, so that they are named to nobody, and nobody is made a second time. */
export type Alike = Readonly<Record<'performers' | 'excluded', readonly StashPerformer[]>>;

/** `imageCount`: number of images with this performer, with or without others. */
export type ListedPerformer = StashPerformer & { readonly imageCount: number };

export type StashEnvironment = {
  readonly version: string;
  /** Warning that the plugin was not tested with this version; absent: it was. */
  readonly versionNote?: Message;
  readonly ffmpegPath: string | null;
  readonly ffprobePath: string | null;
  /** Absolute. */
  readonly configDir: string;
  readonly generatedPath: string | null;
  readonly fileNaming: 'oshash' | 'md5';
  /** The system of Stash's machine takes `A` and `a` for the same name of a file. */
  readonly ignoresCase?: true;
};

export type StashJob = {
  readonly id: string;
  readonly status: 'READY' | 'RUNNING' | 'STOPPING' | 'FINISHED' | 'CANCELLED' | 'FAILED';
  readonly description: string;
  /** When it was added, as Stash writes it. Ids begin at 1 whenever Stash starts: only both together name a job. */
  readonly addedAt: string;
};
export type JobRef = Pick<StashJob, 'id' | 'addedAt'>;

/** The scope of the settings with names resolved to ids; without any field: all entities. */
export type EntityFilter = {
  readonly withoutPerformers?: boolean;
  /** Scenes of which Stash has no cover. Not together with `withoutPerformers`. */
  readonly withoutCover?: boolean;
  /** Scenes with a file of which Stash has no perceptual hash. Not together with the two above. */
  readonly withoutPhash?: boolean;
  /** Changed after this time, as Stash wrote it of an entity (`updatedAt`). */
  readonly updatedAfter?: string;
  readonly studioId?: string;
  /** Scenes: a saved filter's own criteria, as Stash stored them. */
  readonly savedFilterId?: string;
  readonly tagId?: string;
  /** With one of these tags or a tag below them. */
  readonly tagIds?: readonly string[];
  /** With a file below this folder; others whose path holds the same text may be among them. */
  readonly folder?: string;
  /** Images: with this performer and no other. */
  readonly onlyPerformerId?: string;
  /** Images of this gallery. */
  readonly galleryId?: string;
  /** Images of one of these galleries. */
  readonly galleryIds?: readonly string[];
};

/** A studio or tag. Tags have stash IDs since Stash 0.30. */
export type NamedObject = {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly stashIds: readonly StashIdValue[];
};

export type Named = { readonly id: string; readonly name: string };

/** What the settings of exclusions mean in this Stash. */
export type ExclusionLookup = {
  /** Those that an entry (`meaningOf`) means, by id, name or alias; several where a name was given away anew. */
  tags(entry: string): Promise<readonly Named[]>;
  /** Names may be followed by the disambiguation in brackets, as Stash shows them. */
  performers(entry: string): Promise<readonly (Named & Pick<StashPerformer, 'stashIds'>)[]>;
  /** All tags below this one. */
  tagsBelow(tagId: string): Promise<readonly Named[]>;
  performersWithTag(
    tagIds: readonly string[],
  ): Promise<readonly (Named & Pick<StashPerformer, 'stashIds'> & { readonly tagIds: readonly string[] })[]>;
  galleriesWithTag(
    tagIds: readonly string[],
  ): Promise<readonly { readonly id: string; readonly tagIds: readonly string[] }[]>;
};

/** What is asked of the whole library at once. */
export type Catalogue = {
  /** Those that are on no scene, image or gallery; `usage` says whether anything else refers to one. */
  unused(kind: CreatedKind): Promise<readonly (Named & { readonly favorite: boolean })[]>;
  /** Performers with only Stash's default picture. */
  pictureless(): Promise<readonly Named[]>;
  /** Absolute, on Stash's machine: what its library consists of. */
  folders(): Promise<readonly string[]>;
};

/** Read access to the user's Stash and its task queue. Reads are retried with back-off; mutations are sent once. */
export type Library = LinkedScenes & {
  environment(): Promise<StashEnvironment>;
  /** Entities with an id above `afterId` ('0' for the start), ascending by id: stable while entities are edited. Empty at the end. */
  entitiesAfter(
    kind: EntityKind,
    afterId: string,
    limit: number,
    filter?: EntityFilter,
  ): Promise<StashEntity[]>;
  countEntities(kind: EntityKind, filter?: EntityFilter): Promise<number>;
  /** Null when Stash has no such entity. */
  item(entity: EntityRef): Promise<StashEntity | null>;
  /** Fields of core/changes/fields.ts that this version of Stash does not have for a kind. */
  fieldsLacking(kind: StashKind): Promise<readonly string[]>;
  /** All fields that can be changed, of any kind. Null when Stash has no such object. */
  object(entity: StashRef): Promise<StashObject | null>;
  /** These fields of the objects of a kind, by id; objects that Stash does not have are absent. For many: `object` reads all of one. */
  fieldsOf(
    kind: StashKind,
    ids: readonly string[],
    fields: readonly string[],
  ): Promise<ReadonlyMap<string, FieldValues>>;
  /** What refers to it. Null when Stash has no such object. */
  usage(kind: CreatedKind, id: string): Promise<Usage | null>;
  /** The id of one that has this name, or of a tag or studio with this alias; of performers the disambiguation counts too. */
  findNamed(kind: CreatedKind, values: FieldValues): Promise<string | null>;
  /** All of a kind. */
  named(kind: 'studio' | 'tag'): Promise<readonly NamedObject[]>;
  performersAfter(afterId: string, limit: number): Promise<ListedPerformer[]>;
  countPerformers(): Promise<number>;
  performer(id: string): Promise<StashPerformer | null>;
  /** Who has this name as name or alias, case ignored, or one of these stash IDs. */
  performersLike(performer: Pick<StashPerformer, 'name' | 'stashIds'>): Promise<StashPerformer[]>;
  /** The same of each of several, in few queries, with those whom the settings exclude apart. */
  performersAlike(wanted: readonly Pick<StashPerformer, 'name' | 'stashIds'>[]): Promise<readonly Alike[]>;
  /**
  Fetches one of Stash's server-relative paths, at most `maxBytes`. Null: 404.
  @throws StashSenseError `unreadable-media` when the answer is larger, is no picture or video, or Stash cannot read the file
  */
  fetchMedia(path: string, maxBytes: number): Promise<Uint8Array | null>;
  /** Id of the tag with this name or alias, case ignored. */
  findTag(name: string): Promise<string | null>;
  findStudio(nameOrId: string): Promise<string | null>;
  findSavedFilter(nameOrId: string): Promise<string | null>;
  readonly exclusions: ExclusionLookup;
  readonly catalogue: Catalogue;
  /** The plugin's settings as stored in Stash; {} when none was ever set. */
  settings(): Promise<Record<string, unknown>>;
  /** Reads all settings, changes these, and writes all: Stash can only replace the whole map. */
  changeSettings(changes: Record<string, unknown>): Promise<void>;
  /** Those that wait or run. */
  jobs(): Promise<StashJob[]>;
  /** Also one that has ended; Stash remembers the last ten of these. Null: it knows none of this id. */
  job(id: string): Promise<StashJob | null>;
  /** Adds a task of this plugin to Stash's queue. @returns the id of Stash's job */
  startTask(taskName: string, args: Record<string, unknown>): Promise<string>;
  stopJob(id: string): Promise<void>;
};

export type CreatedKind = CreateChange['kind'];

export type Usage = {
  readonly isUsed: boolean;
  readonly hasCustomFields: boolean;
  /** What no change of ours gives it: custom fields; web pages of a studio; of a tag the name it is sorted by, and stash IDs. */
  readonly hasExtras: boolean;
  /** Server-relative path of its own picture; null: it has only Stash's default one. */
  readonly picturePath: string | null;
};

/** The name under which we know an object; null: it is not known. */
export type NameOf = (ref: StashRef) => Promise<string | null>;

/** Write access to Stash; only `tasks/suggestions/write.ts` receives it. */
export type LibraryWriter = {
  /**
  Concurrent changes by others are preserved.
  @param object as just read
  @param nameOf names what Stash no longer has, for the error
  @param picture the file that a change of the picture sets
  @throws StashSenseError `stash-refused`, `not-found`: nothing was changed; `changed-since`: somebody else changed the same
  at the same moment and theirs stands, or a part of it was made and the rest refused
  */
  change(
    object: StashObject,
    changes: readonly FieldChange[],
    nameOf?: NameOf,
    picture?: Uint8Array | null,
  ): Promise<void>;
  /** @returns its id */
  create(kind: CreatedKind, values: FieldValues, picture?: Uint8Array | null): Promise<string>;
  destroy(ref: { readonly kind: CreatedKind; readonly id: string }): Promise<void>;
};
