/** What is never looked at, learnt or named. */
import type { StashIdValue } from '../changes/change.ts';
import { nameOfEntity } from '../messages/names.ts';
import { message, type Message } from '../messages/message.ts';
import type { StashEntity, StashFile } from '../ports/library.ts';
import { isWithin } from './folders.ts';

export type ExcludedPerformer = {
  readonly name: string;
  readonly tag: string | null;
  /** By which they are known in reference packs. */
  readonly stashIds: readonly StashIdValue[];
};

/** The settings of exclusions, with names resolved to ids of Stash. */
export type Exclusions = {
  /** Ids of the excluded tags and of all tags below them, each with the name of the excluded one. */
  readonly tags: ReadonlyMap<string, string>;
  /** Whole paths. */
  readonly folders: readonly string[];
  /** Whether Stash's machine takes `A` and `a` for the same name of a file. */
  readonly ignoresCase: boolean;
  /** By id. `tag`: the excluded tag the performer has; null: the settings name the performer. */
  readonly performers: ReadonlyMap<string, ExcludedPerformer>;
  /** Ids of galleries with an excluded tag, each with the name of the tag: their pictures are excluded with them. */
  readonly galleries: ReadonlyMap<string, string>;
};

export const NOTHING_EXCLUDED: Exclusions = {
  tags: new Map(),
  folders: [],
  ignoresCase: false,
  performers: new Map(),
  galleries: new Map(),
};

export function isNothingExcluded({ tags, folders, performers }: Exclusions): boolean {
  return tags.size === 0 && folders.length === 0 && performers.size === 0;
}

type Looked = Pick<StashEntity, 'kind' | 'id' | 'title' | 'tagIds' | 'folderPath' | 'galleryIds'> & {
  readonly files: readonly Pick<StashFile, 'path'>[];
};

/** Why a scene, image or gallery is not looked at; null: it may be. */
export function whyExcluded(entity: Looked, exclusions: Exclusions): Message | null {
  const { kind, id, title, files, tagIds, folderPath, galleryIds = [] } = entity;
  const item = title === '' ? nameOfEntity({ kind, id }) : message('stash.titled', { title });
  const tag = firstOf(tagIds, exclusions.tags);
  if (tag !== undefined) return message('exclusions.byTag', { item, tag });
  const places = [...files.map(({ path }) => path), ...(folderPath === undefined ? [] : [folderPath])];
  const folder = exclusions.folders.find((excluded) =>
    places.some((place) => isWithin(place, excluded, exclusions.ignoresCase)),
  );
  if (folder !== undefined) return message('exclusions.byFolder', { item, folder });
  const ofGallery = firstOf(galleryIds, exclusions.galleries);
  return ofGallery === undefined ? null : message('exclusions.byGallery', { item, tag: ofGallery });
}

/** Why a performer is neither learnt nor named; null: they may be. */
export function whyPerformerExcluded(performerId: string, { performers }: Exclusions): Message | null {
  const found = performers.get(performerId);
  if (found === undefined) return null;
  const { name, tag } = found;
  return tag === null
    ? message('exclusions.performer', { name })
    : message('exclusions.performerByTag', { name, tag });
}

function firstOf(ids: readonly string[], named: ReadonlyMap<string, string>): string | undefined {
  for (const id of ids) {
    const name = named.get(id);
    if (name !== undefined) return name;
  }
  return undefined;
}
