/** Rows as GraphQL sees them: a field is a value, or a function that is called only when it is asked for. */
import path from 'node:path';
import type {
  FileRow,
  GalleryRow,
  ImageRow,
  LibraryData,
  NamedRow,
  PerformerRow,
  SavedFilterRow,
  SceneRow,
  StashIdRow,
} from './data.ts';
import { toTime, type Item } from './row-criteria.ts';

/** `baseUrl`: what the asker called us by, or the external host; Stash makes its URLs from it. */
export type Asking = { readonly baseUrl: string; readonly apiKey: string };

export type Views = ReturnType<typeof createViews>;

export function createViews(data: LibraryData) {
  const file = (row: FileRow): object => ({
    __typename: { video: 'VideoFile', image: 'ImageFile', gallery: 'GalleryFile', basic: 'BasicFile' }[
      row.kind
    ],
    id: row.id,
    path: row.path,
    basename: path.basename(row.path),
    size: row.size,
    mod_time: row.modTime,
    duration: row.duration,
    width: row.width,
    height: row.height,
    video_codec: row.videoCodec,
    audio_codec: row.audioCodec,
    format: row.format,
    frame_rate: row.frameRate,
    bit_rate: row.bitRate,
    created_at: toTime(row.createdAt),
    updated_at: toTime(row.createdAt),
    zip_file_id: row.zipFileId,
    zip_file: () => (row.zipFileId ? file({ ...data.files.get(row.zipFileId)!, kind: 'basic' }) : null),
    fingerprints: row.fingerprints,
    fingerprint: ({ type }: { type: string }) =>
      row.fingerprints.find((fingerprint) => fingerprint.type === type)?.value ?? null,
  });
  const filesOf = (row: Item) => () => row.fileIds.map((id) => file(data.files.get(id)!));

  const item = (row: Item) => ({
    id: row.id,
    title: row.title,
    code: row.code,
    details: row.details,
    date: row.date,
    rating100: row.rating100,
    organized: row.organized,
    urls: row.urls,
    created_at: toTime(row.createdAt),
    updated_at: toTime(row.updatedAt),
    studio: () => (row.studioId ? studio(data.studios.get(row.studioId)!) : null),
    performers: () =>
      row.performerIds
        .map((id) => data.performers.get(id))
        .filter(present)
        .map(performer),
    tags: () =>
      row.tagIds
        .map((id) => data.tags.get(id))
        .filter(present)
        .map(tag),
  });

  const scene = (row: SceneRow): object => ({
    ...item(row),
    director: row.director,
    o_counter: 0,
    files: filesOf(row),
    galleries: () => row.galleryIds.map((id) => gallery(data.galleries.get(id)!)),
    groups: [],
    scene_markers: [],
    stash_ids: () => stashIds(row.stashIds),
    sceneStreams: (_: unknown, { baseUrl, apiKey }: Asking) => [
      {
        url: `${baseUrl}/scene/${row.id}/stream${withKey(apiKey)}`,
        mime_type: 'video/mp4',
        label: 'Direct stream',
      },
    ],
    paths: (_: unknown, { baseUrl, apiKey }: Asking) => {
      const own = `${baseUrl}/scene/${row.id}`;
      const hash = `${baseUrl}/scene/${hashOf(row)}`;
      return {
        screenshot: `${own}/screenshot?t=${row.updatedAt}`,
        preview: `${own}/preview`,
        stream: `${own}/stream${withKey(apiKey)}`,
        webp: `${own}/webp`,
        vtt: `${hash}_thumbs.vtt`,
        sprite: `${hash}_sprite.jpg`,
        funscript: `${own}/funscript`,
        interactive_heatmap: `${own}/interactive_heatmap`,
        caption: `${own}/caption`,
      };
    },
  });
  const hashOf = (row: SceneRow): string =>
    data.files.get(row.fileIds[0] ?? '')?.fingerprints.find((fingerprint) => fingerprint.type === 'oshash')
      ?.value ?? '';

  const image = (row: ImageRow): object => ({
    ...item(row),
    visual_files: filesOf(row),
    galleries: () => row.galleryIds.map((id) => gallery(data.galleries.get(id)!)),
    paths: (_: unknown, { baseUrl }: Asking) => {
      const own = (name: string): string => `${baseUrl}/image/${row.id}/${name}?t=${row.updatedAt}`;
      return { image: own('image'), thumbnail: own('thumbnail'), preview: own('preview') };
    },
  });

  const imagesOf = (row: GalleryRow): ImageRow[] =>
    data.images.all().filter((entry) => entry.galleryIds.includes(row.id));

  const gallery = (row: GalleryRow): object => ({
    ...item(row),
    files: filesOf(row),
    folder: row.folder === null ? null : { id: row.id, path: row.folder },
    scenes: () =>
      data.scenes
        .all()
        .filter((entry) => entry.galleryIds.includes(row.id))
        .map(scene),
    image_count: () => imagesOf(row).length,
    cover: () => {
      const [first] = imagesOf(row);
      return first ? image(first) : null;
    },
    paths: (_: unknown, { baseUrl }: Asking) => ({
      cover: `${baseUrl}/gallery/${row.id}/cover?t=${row.updatedAt}`,
      preview: `${baseUrl}/gallery/${row.id}/preview`,
    }),
  });

  const performer = (row: PerformerRow): object => {
    const count = (table: { all(): { performerIds: string[] }[] }) => () =>
      table.all().filter((candidate) => candidate.performerIds.includes(row.id)).length;
    return {
      id: row.id,
      name: row.name,
      disambiguation: row.disambiguation,
      alias_list: row.aliases,
      gender: row.gender,
      birthdate: row.birthdate,
      death_date: row.deathDate,
      country: row.country,
      details: row.details,
      favorite: row.favorite,
      ignore_auto_tag: row.ignoreAutoTag,
      rating100: row.rating100,
      urls: row.urls,
      custom_fields: row.customFields,
      created_at: toTime(row.createdAt),
      updated_at: toTime(row.updatedAt),
      stash_ids: () => stashIds(row.stashIds),
      tags: () =>
        row.tagIds
          .map((id) => data.tags.get(id))
          .filter(present)
          .map(tag),
      scene_count: count(data.scenes),
      image_count: count(data.images),
      gallery_count: count(data.galleries),
      image_path: (_: unknown, { baseUrl }: Asking) =>
        `${baseUrl}/performer/${row.id}/image?t=${row.updatedAt}${row.image === null ? '&default=true' : ''}`,
    };
  };

  const tag = (row: NamedRow): object => {
    const count = (table: { all(): { tagIds: string[] }[] }) => () =>
      table.all().filter((candidate) => candidate.tagIds.includes(row.id)).length;
    return {
      ...named(row),
      description: row.description,
      favorite: false,
      ignore_auto_tag: false,
      parents: () => row.parentIds.map((id) => tag(data.tags.get(id)!)),
      children: () =>
        data.tags
          .all()
          .filter((child) => child.parentIds.includes(row.id))
          .map(tag),
      scene_count: count(data.scenes),
      image_count: count(data.images),
      performer_count: count(data.performers),
      scene_marker_count: 0,
    };
  };

  const studio = (row: NamedRow): object => ({
    ...named(row),
    details: row.description,
    parent_studio: () => (row.parentIds[0] ? studio(data.studios.get(row.parentIds[0])!) : null),
    child_studios: () =>
      data.studios
        .all()
        .filter((child) => child.parentIds.includes(row.id))
        .map(studio),
    scene_count: () => data.scenes.all().filter((entry) => entry.studioId === row.id).length,
    stash_ids: () => stashIds(row.stashIds),
  });

  return { scene, image, gallery, performer, tag, studio, savedFilter, imagesOf };
}

function withKey(apiKey: string): string {
  return apiKey ? `?apikey=${apiKey}` : '';
}

function present<Row>(row: Row | undefined): row is Row {
  return row !== undefined;
}

function stashIds(rows: readonly StashIdRow[]): object[] {
  return rows.map((row) => ({ ...row, updated_at: toTime(row.updatedAt) }));
}

function named(row: NamedRow) {
  return {
    id: row.id,
    name: row.name,
    aliases: row.aliases,
    created_at: toTime(row.createdAt),
    updated_at: toTime(row.updatedAt),
  };
}

function savedFilter(row: SavedFilterRow): object {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    find_filter: row.findFilter,
    object_filter: row.objectFilter,
    ui_options: row.uiOptions,
  };
}
