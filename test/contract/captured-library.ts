/** Fills a double with the library that the captures were taken of, out of the captures themselves. */
import { readFileSync } from 'node:fs';
import type { LibraryData, StashIdRow } from '../double/library/data.ts';

export const CAPTURES = '../shared/stash/captures/stash';

export type Exchange = {
  readonly name: string;
  readonly request?: {
    readonly method: string;
    readonly path: string;
    readonly headers?: Record<string, string>;
    readonly body?: { query?: string; variables?: Record<string, unknown>; operationName?: string };
    readonly body_text?: string;
  };
  readonly response?: {
    readonly status: number;
    readonly headers?: Record<string, string>;
    readonly body?: { data?: unknown; errors?: { message: string }[] };
    readonly body_text?: string;
  };
  readonly job?: readonly { status: string; error: string | null }[];
};

export function readCapture(name: string): Exchange[] {
  const text = readFileSync(`${CAPTURES}/${name}.json`, 'utf8');
  return (JSON.parse(text) as { exchanges: Exchange[] }).exchanges;
}

type Id = { id: string };
type Dated = { created_at: string; updated_at: string };
type StashId = { endpoint: string; stash_id: string };
type SceneAnswer = Id &
  Dated & {
    title: string;
    code: string;
    date: string | null;
    organized: boolean;
    rating100: number | null;
    files: (Id &
      Record<string, unknown> & { path: string; fingerprints: { type: string; value: string }[] })[];
    studio: Id | null;
    performers: Id[];
    tags: Id[];
    stash_ids: StashId[];
  };
type PerformerAnswer = Id &
  Dated & {
    name: string;
    disambiguation: string;
    alias_list: string[];
    gender: string | null;
    birthdate: string | null;
    death_date: string | null;
    ignore_auto_tag: boolean;
    country: string;
    image_path: string;
    favorite: boolean;
    stash_ids: StashId[];
    custom_fields: Record<string, unknown>;
    tags: Id[];
    image_count: number;
  };
type TagAnswer = Id & {
  name: string;
  aliases: string[];
  description: string;
  ignore_auto_tag: boolean;
  parents: Id[];
  stash_ids: StashId[];
};
type StudioAnswer = Id & {
  name: string;
  aliases: string[];
  urls: string[];
  parent_studio: Id | null;
  stash_ids: StashId[];
};
type ImageAnswer = Id & {
  paths: { image: string };
  visual_files: { path: string; width: number; height: number }[];
};
type GalleryAnswer = Id & {
  folder: { path: string } | null;
  files: (Id & { path: string })[];
  image_count: number;
  paths: { cover: string };
};

export function fillFromCaptures(data: LibraryData): void {
  const exchanges = readCapture('graphql-reads');
  const found = <T>(name: string, list: string): T[] => {
    const answer = exchanges.find((exchange) => exchange.name === name)?.response?.body?.data as Record<
      string,
      Record<string, T[]>
    >;
    return Object.values(answer)[0]![list]!;
  };
  for (const tag of found<TagAnswer>('Tags', 'tags').toSorted(byId))
    data.addTag({
      ...tag,
      parentIds: tag.parents.map((parent) => parent.id),
      stashIds: tag.stash_ids.map(toStashId),
      ignoreAutoTag: tag.ignore_auto_tag,
    });
  for (const studio of found<StudioAnswer>('Studios', 'studios').toSorted(byId))
    data.addStudio({
      ...studio,
      parentIds: studio.parent_studio ? [studio.parent_studio.id] : [],
      stashIds: studio.stash_ids.map(toStashId),
    });
  const performers = found<PerformerAnswer>('Performers', 'performers');
  for (const performer of performers)
    data.addPerformer({
      ...performer,
      aliases: performer.alias_list,
      deathDate: performer.death_date,
      ignoreAutoTag: performer.ignore_auto_tag,
      image: performer.image_path.includes('default=true') ? null : Buffer.from([0xff, 0xd8, 0xff]),
      stashIds: performer.stash_ids.map(toStashId),
      customFields: performer.custom_fields,
      more: { country: performer.country },
      tagIds: performer.tags.map((it) => it.id),
      ...times(performer),
    });

  const pages = ['first page of 4', 'second page', 'last page'];
  for (const scene of pages.flatMap((page) => found<SceneAnswer>(`ScenesPage ${page}`, 'scenes'))) {
    for (const file of scene.files)
      data.addFile({
        ...file,
        kind: 'video',
        modTime: String(file['mod_time']),
        videoCodec: String(file['video_codec']),
        audioCodec: String(file['audio_codec']),
        frameRate: Number(file['frame_rate']),
        bitRate: Number(file['bit_rate']),
      });
    data.addScene({
      ...scene,
      fileIds: scene.files.map((file) => file.id),
      performerIds: scene.performers.map((performer) => performer.id),
      tagIds: scene.tags.map((tag) => tag.id),
      studioId: scene.studio?.id ?? null,
      stashIds: scene.stash_ids.map(toStashId),
      // Which two have none is not in the captures.
      cover: Number(scene.id) < 9 ? Buffer.from([0xff, 0xd8, 0xff]) : null,
      ...times(scene),
    });
  }
  fillImages(
    data,
    found<ImageAnswer>('PerformerImages', 'images'),
    found<GalleryAnswer>('galleries', 'galleries'),
    performers,
  );
}

/** Images that no capture names are in the first gallery, with the performers that the counts say. */
function fillImages(
  data: LibraryData,
  images: readonly ImageAnswer[],
  galleries: readonly GalleryAnswer[],
  performers: readonly PerformerAnswer[],
): void {
  for (const gallery of galleries.toSorted(byId)) {
    for (const file of gallery.files) data.addFile({ ...file, kind: 'gallery' });
    data.addGallery({
      id: gallery.id,
      folder: gallery.folder?.path ?? null,
      fileIds: gallery.files.map((file) => file.id),
      updatedAt: secondsOf(gallery.paths.cover),
    });
  }
  const zip = data.files.all().find((row) => row.kind === 'gallery');
  const total = galleries.reduce((sum, gallery) => sum + gallery.image_count, 0);
  for (let i = 1; i <= total; i++) {
    const image = images.find((candidate) => candidate.id === String(i));
    const [seen] = image?.visual_files ?? [];
    const inZip = seen?.path.startsWith(`${zip?.path}/`) ?? false;
    const file = data.addFile({
      kind: 'image',
      path: seen?.path ?? `/data/galleries/harbour/unnamed-${i}.jpg`,
      width: seen?.width ?? 0,
      height: seen?.height ?? 0,
      zipFileId: inZip ? (zip?.id ?? null) : null,
    });
    const others = performers
      .filter((performer) => performer.image_count > 0)
      .map((performer) => performer.id);
    data.addImage({
      fileIds: [file.id],
      galleryIds: [inZip ? '2' : '1'],
      performerIds: image ? ['1'] : i === 1 ? others : [],
      ...(image ? { updatedAt: secondsOf(image.paths.image) } : {}),
    });
  }
}

function byId(a: Id, b: Id): number {
  return Number(a.id) - Number(b.id);
}

function toStashId({ endpoint, stash_id }: StashId): StashIdRow {
  return { endpoint, stash_id, updatedAt: 0 };
}

function times({ created_at, updated_at }: Dated): { createdAt: number; updatedAt: number } {
  return { createdAt: Date.parse(created_at) / 1000, updatedAt: Date.parse(updated_at) / 1000 };
}

function secondsOf(url: string): number {
  return Number(/[?&]t=(\d+)/.exec(url)?.[1]);
}
