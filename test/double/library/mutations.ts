/** The Mutation fields that change the library. Each is one transaction: an error changes nothing. */
import type { GalleryRow, ImageRow, LibraryData, SceneRow, StashIdRow, Table } from './data.ts';
import { toId } from './queries.ts';
import {
  addedBy,
  combine,
  combineTexts,
  fromInput,
  text,
  listOf,
  idsOf,
  foreignKey,
  dateOf,
  pictureOf,
  type Bulk,
  type BulkTexts,
  type Input,
} from './mutation-inputs.ts';
import { createNamedMutations } from './named-mutations.ts';
import type { Item } from './row-criteria.ts';
import { createPerformerMutations } from './performer-mutations.ts';
import type { Views } from './views.ts';

type StashIdInput = { endpoint: string; stash_id: string; updated_at?: string | null };

export function createLibraryMutations(data: LibraryData, views: Views): Record<string, unknown> {
  const now = data.seconds;
  const stashIds = (given: unknown): StashIdRow[] =>
    ((given ?? []) as StashIdInput[]).map((input) => ({
      endpoint: input.endpoint,
      stash_id: input.stash_id,
      updatedAt: input.updated_at ? Date.parse(input.updated_at) / 1000 : now(),
    }));
  /** Of performers and studios Stash takes several. */
  const oneOfEachEndpoint = (given: unknown): StashIdRow[] => {
    const rows = stashIds(given);
    if (
      new Set(rows.map((row) => row.endpoint)).size <
      new Set(rows.map((row) => row.endpoint + row.stash_id)).size
    )
      throw new Error('UNIQUE constraint failed: scene_stash_ids.scene_id, scene_stash_ids.endpoint');
    return rows;
  };

  /** SQLite's error of a foreign key, for missing ids. */
  const checkIds = (
    kind: string,
    id: string,
    performerIds: readonly string[],
    tagIds: readonly string[],
  ): void => {
    const owner =
      kind === 'scene' ? ['performers_scenes', 'scenes_tags'] : [`performers_${kind}s`, `${kind}s_tags`];
    for (const [ids, table, names, column] of [
      [performerIds, data.performers, owner[0], 'performer_id'],
      [tagIds, data.tags, owner[1], 'tag_id'],
    ] as const)
      for (const entry of ids) if (!table.get(entry)) throw foreignKey(names ?? '', kind, column, id, entry);
  };

  const update =
    <Row extends Item>(kind: string, table: Table<Row>, view: (row: Row) => object) =>
    ({ input }: { input: Input & { id: string } }) => {
      const row = table.get(toId(input.id));
      if (!row) throw new Error(`${kind} with id ${input.id} not found`);
      checkIds(kind, row.id, idsOf('performer')(input['performer_ids']), idsOf('tag')(input['tag_ids']));
      if (input['studio_id'] && !data.studios.get(input['studio_id'] as string))
        throw foreignKey(`${kind}s`, kind, 'studio_id', row.id, input['studio_id'] as string);
      checkTitle(kind, input, row);
      const changes = fromInput(input, {
        ...(!(kind === 'gallery' && input['title'] === null) && { title: text }),
        code: text,
        details: text,
        director: text,
        photographer: text,
        date: dateOf,
        rating100: (value) => value,
        organized: Boolean,
        urls: listOf,
        studio_id: (value) => value,
        performer_ids: idsOf('performer'),
        tag_ids: idsOf('tag'),
        gallery_ids: idsOf('gallery'),
        stash_ids: oneOfEachEndpoint,
        cover_image: pictureOf('cover image'),
      });
      // Every write moves it, also one that changes nothing.
      Object.assign(row, changes, { updatedAt: now() });
      return view(row);
    };

  const bulk =
    <Row extends Item>(kind: string, table: Table<Row>, view: (row: Row) => object) =>
    ({
      input,
    }: {
      input: Input & {
        ids?: string[];
        performer_ids?: Bulk;
        tag_ids?: Bulk;
        gallery_ids?: Bulk;
        urls?: BulkTexts;
      };
    }) => {
      const ids = (input.ids ?? []).map(toId);
      if (ids.length === 0) return null;
      for (const id of ids) {
        checkIds(kind, id, addedBy(input.performer_ids), addedBy(input.tag_ids));
        if (table.get(id)) continue;
        const [first] = addedBy(input.performer_ids);
        if (first) throw foreignKey(`performers_${kind}s`, kind, 'performer_id', id, first);
        throw new Error(`${kind} with id ${id} not found`);
      }
      return ids.map((id) => {
        const row = table.get(id)!;
        row.performerIds = combine(row.performerIds, input.performer_ids);
        row.tagIds = combine(row.tagIds, input.tag_ids);
        row.urls = combineTexts(row.urls, input.urls);
        if ('galleryIds' in row) row.galleryIds = combine(row.galleryIds, input.gallery_ids);
        Object.assign(
          row,
          fromInput(input, {
            title: text,
            organized: Boolean,
            rating100: (value) => value,
            studio_id: (value) => value,
          }),
          { updatedAt: now() },
        );
        return view(row);
      });
    };

  return {
    sceneUpdate: update<SceneRow>('scene', data.scenes, views.scene),
    imageUpdate: update<ImageRow>('image', data.images, views.image),
    galleryUpdate: update<GalleryRow>('gallery', data.galleries, views.gallery),
    bulkSceneUpdate: bulk<SceneRow>('scene', data.scenes, views.scene),
    bulkImageUpdate: bulk<ImageRow>('image', data.images, views.image),
    bulkGalleryUpdate: bulk<GalleryRow>('gallery', data.galleries, views.gallery),

    ...createPerformerMutations(data, views, stashIds),

    ...createNamedMutations(data, views, stashIds),

    scenesDestroy: ({ input }: { input: { ids: string[] } }) => {
      for (const id of input.ids.map(toId)) {
        if (!data.scenes.get(id)) throw new Error(`scene with id ${id} not found`);
        data.scenes.delete(id);
      }
      return true;
    },

    saveFilter: ({ input }: { input: Input & { id?: string; name: string; mode: string } }) => {
      if (input.id) data.savedFilters.delete(toId(input.id));
      return views.savedFilter(
        data.savedFilters.insert({
          ...(input.id ? { id: input.id } : {}),
          name: input.name,
          mode: input.mode,
          findFilter: input['find_filter'] ?? null,
          objectFilter: input['object_filter'] ?? null,
          uiOptions: input['ui_options'] ?? null,
        }),
      );
    },
    destroySavedFilter: ({ input }: { input: { id: string } }) => data.savedFilters.delete(toId(input.id)),
  };
}

/** What has no file is called by its title alone: resolver_mutation_scene.go, resolver_mutation_gallery.go. */
function checkTitle(kind: string, input: Input, row: Item): void {
  if (input['title'] === undefined || text(input['title']) !== '' || row.fileIds.length > 0) return;
  if (kind === 'scene') throw new Error('title must be set if scene has no files');
  if (kind === 'gallery' && input['title'] === '' && 'folder' in row && row.folder === null)
    throw new Error('title must not be empty for user-created galleries');
}
