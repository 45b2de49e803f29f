/** Rows as GraphQL sees them: a field is a value, or a function that is called only when it is asked for. */
import path from 'node:path';
import type { FileRow, GalleryRow, ImageRow, LibraryData, NamedRow, PerformerRow, SceneRow } from './data.ts';
import { toTime, type Item } from './row-criteria.ts';
import {
  defaultImage,
  named,
  performerValues,
  present,
  savedFilter,
  stashIds,
  withKey,
  type Asking,
} from './view-parts.ts';

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
    photographer: row.photographer,
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
    photographer: row.photographer,
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
      ...performerValues(row),
      stash_ids: () => stashIds(row.stashIds),
      tags: () =>
        row.tagIds
          .map((id) => data.tags.get(id))
          .filter(present)
          .map(tag),
      scene_count: count(data.scenes),
      image_count: count(data.images),
      gallery_count: count(data.galleries),
      group_count: 0,
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
      sort_name: row.sortName,
      stash_ids: () => stashIds(row.stashIds),
      favorite: row.favorite,
      ignore_auto_tag: row.ignoreAutoTag,
      parents: () => row.parentIds.map((id) => tag(data.tags.get(id)!)),
      children: () =>
        data.tags
          .all()
          .filter((child) => child.parentIds.includes(row.id))
          .map(tag),
      scene_count: count(data.scenes),
      image_count: count(data.images),
      gallery_count: count(data.galleries),
      group_count: 0,
      studio_count: count(data.studios),
      performer_count: count(data.performers),
      scene_marker_count: 0,
      image_path: defaultImage('tag', row),
    };
  };

  const studio = (row: NamedRow): object => ({
    ...named(row),
    tags: () =>
      row.tagIds
        .map((id) => data.tags.get(id))
        .filter(present)
        .map(tag),
    rating100: row.rating100,
    favorite: row.favorite,
    ignore_auto_tag: row.ignoreAutoTag,
    image_count: () => data.images.all().filter(({ studioId }) => studioId === row.id).length,
    gallery_count: () => data.galleries.all().filter(({ studioId }) => studioId === row.id).length,
    group_count: 0,
    performer_count: 0,
    image_path: defaultImage('studio', row),
    details: row.description,
    url: row.urls[0] ?? null,
    urls: row.urls,
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
