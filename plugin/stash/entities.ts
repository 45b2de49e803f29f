/** Converts Stash's answers to the types of the ports. */
import path from 'node:path';
import type { EntityKind } from '../../core/content-id.ts';
import type { StashFile, StashEntity, StashPerformer } from '../../core/ports/library.ts';
import type { FileAnswer, ItemAnswer, PerformerAnswer } from './queries.ts';

export function toItem(kind: EntityKind, answer: ItemAnswer): StashEntity {
  const { paths } = answer;
  const [cover, preview] = {
    scene: [paths['screenshot'], paths['preview']],
    image: [paths['image'], paths['thumbnail']],
    gallery: [paths['cover'], null],
  }[kind];
  return {
    kind,
    id: answer.id,
    title: answer.title || nameOf(answer) || `${kind} ${answer.id}`,
    files: answer.files.map(toFile),
    performerIds: answer.performers.map((performer) => performer.id),
    tagIds: answer.tags.map((tag) => tag.id),
    updatedAt: answer.updated_at,
    coverPath: toServerPath(cover),
    previewPath: toServerPath(preview),
    ...(answer.folder && { folderPath: answer.folder.path }),
    ...(answer.studio !== undefined && { studioId: answer.studio?.id ?? null }),
    ...(answer.galleries && { galleryIds: answer.galleries.map((gallery) => gallery.id) }),
  };
}

/** Name of the file or folder, which Stash's own pages show when there is no title. */
function nameOf({ files, folder }: ItemAnswer): string {
  const place = files[0]?.path ?? folder?.path ?? '';
  return place.split(/[\\/]/).at(-1) ?? '';
}

function toFile(answer: FileAnswer): StashFile {
  return {
    id: answer.id,
    path: answer.path,
    sizeBytes: answer.size,
    modTime: answer.mod_time,
    durationMs: answer.duration === undefined ? null : Math.round(answer.duration * 1000),
    width: answer.width ?? 0,
    height: answer.height ?? 0,
    zipPath: answer.zip_file?.path ?? (answer.zip_file_id ? zipWithin(answer.path) : null),
    fingerprints: Object.fromEntries(
      answer.fingerprints.map((fingerprint) => [fingerprint.type, fingerprint.value]),
    ),
  };
}

/** Before 0.29 Stash returns only the id of a file's zip; the file's path is `<zip>/<name inside>`. */
function zipWithin(file: string): string {
  return /^(.*?\.(?:zip|cbz))[\\/]/i.exec(file)?.[1] ?? path.dirname(file);
}

export function toPerformer(answer: PerformerAnswer): StashPerformer {
  return {
    id: answer.id,
    name: answer.name,
    disambiguation: answer.disambiguation,
    aliases: answer.alias_list,
    stashIds: answer.stash_ids.map((stashId) => ({ endpoint: stashId.endpoint, stashId: stashId.stash_id })),
    imagePath: toPicturePath(answer.image_path),
  };
}

/** Null where there is no picture (`default=true`), and Stash would answer with a placeholder. */
export function toPicturePath(url: string | null | undefined): string | null {
  const place = toServerPath(url);
  return place !== null && /[?&]default=true\b/.test(place) ? null : place;
}

/**
Path of a URL in Stash's answer. Stash builds URLs from the address of the request, or from `external_host` with any path:
only the part from Stash's own route on is used. Drops API keys in the query.
*/
export function toServerPath(url: string | null | undefined): string | null {
  if (!url || !URL.canParse(url, 'http://stash')) return null;
  const { pathname, searchParams } = new URL(url, 'http://stash');
  const route = /\/(?:scene|image|gallery|performer)\/\d+\/.+$/.exec(pathname)?.[0] ?? pathname;
  searchParams.delete('apikey');
  const query = searchParams.toString();
  return query ? `${route}?${query}` : route;
}
