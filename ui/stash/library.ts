import type { StashRef } from '../../core/stash-ref.ts';
import { query, stash, type ApolloCache } from './api.ts';
import type {
  StashSensePerformerIdsQueryVariables,
  StashSensePerformersQuery,
} from './documents.generated.ts';
import {
  FOLDERS,
  GALLERY,
  IMAGE,
  PERFORMER,
  PERFORMER_IDS,
  PERFORMERS,
  STASH_BOXES,
  STUDIO,
  STUDIOS,
  TAGS,
  VERSION,
} from './documents.ts';
import { editForm, editsSettled, hasUnsavedEdits } from './edit-form.ts';
import { say } from './intl.tsx';

/** What Stash itself knows: the few questions that need none of our own Node side. */

export type EntityRef = { readonly kind: 'scene' | 'image' | 'gallery'; readonly id: string };

export function isMedia(ref: StashRef): ref is EntityRef {
  return ref.kind === 'scene' || ref.kind === 'image' || ref.kind === 'gallery';
}

export type FoundPerformer = StashSensePerformersQuery['findPerformers']['performers'][number];

export async function findPerformers(text: string): Promise<readonly FoundPerformer[]> {
  const { findPerformers: found } = await query(PERFORMERS, { q: text });
  return found.performers;
}

/** A search and an order of Stash's list of performers, and conditions, as Stash's own page sends them. */
export type PerformerOrder = Pick<
  NonNullable<StashSensePerformerIdsQueryVariables['filter']>,
  'q' | 'sort' | 'direction'
>;
export type PerformerConditions = StashSensePerformerIdsQueryVariables['performer_filter'];

/** The ids of all who fit. */
export async function findPerformerIds(
  { q, sort, direction }: PerformerOrder,
  conditions: PerformerConditions,
): Promise<readonly string[]> {
  const { findPerformers: found } = await query(PERFORMER_IDS, {
    filter: { q, sort, direction, per_page: -1 },
    performer_filter: conditions,
  });
  return found.performers.map(({ id }) => id);
}

export async function findStudios(text: string): Promise<readonly { id: string; name: string }[]> {
  const { findStudios: found } = await query(STUDIOS, { q: text });
  return found.studios;
}

/** Null: there is none of this id. */
export async function nameOfStudio(id: string): Promise<string | null> {
  return (await query(STUDIO, { id })).findStudio?.name ?? null;
}

/** Null: there is none of this id. */
export async function nameOfPerformer(id: string): Promise<string | null> {
  return (await query(PERFORMER, { id })).findPerformer?.name ?? null;
}

export async function findTags(text: string): Promise<readonly { id: string; name: string }[]> {
  const { findTags: found } = await query(TAGS, { q: text });
  return found.tags;
}

/** Whole paths of folders of Stash's machine that begin like this. */
export async function findFolders(beginning: string): Promise<readonly string[]> {
  const { directory } = await query(FOLDERS, { path: beginning });
  const typed = beginning.toLowerCase();
  return directory.directories.filter((folder) => folder.toLowerCase().startsWith(typed));
}

export async function findStashVersion(): Promise<string> {
  const { version } = await query(VERSION, {});
  return version.version ?? say('stash.ofUnknownVersion');
}

/** By endpoint, as the user called them in Stash's settings. */
export async function findBoxNames(): Promise<ReadonlyMap<string, string>> {
  const { configuration } = await query(STASH_BOXES, {});
  return new Map(configuration.general.stashBoxes.map(({ endpoint, name }) => [endpoint, name.trim()]));
}

/** Title and small picture of an image or a gallery; null when Stash has none of that id. */
export async function findEntity({
  kind,
  id,
}: EntityRef): Promise<{ title: string; picture: string | null } | null> {
  if (kind === 'image') {
    const { findImage } = await query(IMAGE, { id });
    return (
      findImage && {
        title: titleOf(findImage, findImage.visual_files),
        picture: findImage.paths.thumbnail,
      }
    );
  }
  const { findGallery } = await query(GALLERY, { id });
  return (
    findGallery && {
      title: titleOf(findGallery, [
        ...findGallery.files,
        ...(findGallery.folder ? [findGallery.folder] : []),
      ]),
      picture: null,
    }
  );
}

type Titled = { title: string | null };
type Placed = { path?: string };

/** As Stash's own pages: without a title the name of the file or folder. */
function titleOf({ title }: Titled, places: readonly Placed[]): string {
  if (title) return title;
  return places[0]?.path?.split(/[\\/]/).at(-1) ?? '';
}

const TYPE_NAMES = { scene: 'Scene', image: 'Image', gallery: 'Gallery' } as const;
const OTHER_NAMES = { performer: 'Performer', studio: 'Studio', tag: 'Tag', group: 'Group' } as const;

/**
Makes Stash's page see what our Node side wrote behind its back. What is on screen is asked for again, what is kept in
Apollo's cache for later is forgotten. It never fails: what was written is written, and a page that is behind is no error.

Stash's form of a scene begins anew when its performers change. While it holds unsaved edits nothing is refreshed: it is done
when they were saved or discarded.

@param changed what more than performers and tags was written of
*/
export async function refreshAfterWrite(
  entities: readonly EntityRef[],
  performerIds: readonly string[],
  changed: readonly StashRef[] = [],
): Promise<void> {
  await refresh((cache) => {
    for (const { kind, id } of changed) {
      const name = { ...TYPE_NAMES, ...OTHER_NAMES }[kind];
      cache.evict({ id: `${name}:${id}` });
      cache.evict({ id: 'ROOT_QUERY', fieldName: `find${name}` });
      cache.evict({ id: 'ROOT_QUERY', fieldName: `find${kind === 'gallery' ? 'Galleries' : `${name}s`}` });
    }
    for (const { kind, id } of entities) {
      cache.evict({ id: `${TYPE_NAMES[kind]}:${id}`, fieldName: 'performers' });
      cache.evict({ id: `${TYPE_NAMES[kind]}:${id}`, fieldName: 'tags' });
      cache.evict({ id: 'ROOT_QUERY', fieldName: `find${PLURALS[kind]}` });
      for (const performerId of performerIds)
        cache.evict({ id: `Performer:${performerId}`, fieldName: `${kind}_count` });
    }
    cache.evict({ id: 'ROOT_QUERY', fieldName: 'findPerformers' });
  });
}

/** The same where it is not known which entities and performers were written. */
export async function refreshAfterManyWrites(): Promise<void> {
  await refresh((cache) => {
    for (const name of [...Object.values(TYPE_NAMES), ...Object.values(PLURALS), 'Performer', 'Performers'])
      cache.evict({ id: 'ROOT_QUERY', fieldName: `find${name}` });
  });
}

async function refresh(forget: (cache: ApolloCache) => void): Promise<void> {
  if (hasUnsavedEdits()) void editsSettled().then(() => refetch(forget));
  else await refetch(forget);
}

async function refetch(forget: (cache: ApolloCache) => void): Promise<void> {
  try {
    await stash()
      .utils.StashService.getClient()
      .refetchQueries({
        updateCache(cache) {
          forget(cache);
          cache.gc();
        },
      });
  } catch (error) {
    console.warn("[stash-sense] Stash's page could not be refreshed:", error);
  }
}

/**
`text`, and, where unsaved edits keep the page from showing what was just written, a sentence that says so.

@param name of the performer that was written; null: several
*/
export function withUnsavedEditsNote(text: string, name: string | null): string {
  if (!hasUnsavedEdits()) return text;
  const isChosen = String(editForm().performerIds !== null);
  const note =
    name === null
      ? say('stash.unsavedEditsOfSeveral', { isChosen })
      : say('stash.unsavedEdits', { name, isChosen });
  return say('joined', { first: text, second: note });
}

/** Stash's own settings page keeps what it once read, and would write it back over ours. */
export async function refreshSettings(): Promise<void> {
  await stash()
    .utils.StashService.getClient()
    .refetchQueries({ include: ['Configuration'] });
}

const PLURALS = { scene: 'Scenes', image: 'Images', gallery: 'Galleries' } as const;
