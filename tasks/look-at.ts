import { readFile, stat } from 'node:fs/promises';
import { isContentId, type ContentId, type SubjectKind } from '../core/content-id.ts';
import { isRunWide, messageOf, StashSenseError } from '../core/errors.ts';
import { SAMPLING_VERSION, type Look } from '../core/observation.ts';
import type { StashFile, StashItem } from '../core/ports.ts';
import { contentIdOf, knownContentId } from './content-ids.ts';
import { withInference } from './inference.ts';
import type { Context } from './task.ts';

export type LookOptions = {
  /** Also at files that were looked at before. */
  readonly again: boolean;
  readonly waiting: 'for a person' | 'in the background';
  /** 0…1 of this subject. */
  readonly report?: (fraction: number, message: string) => void;
  /** Who was found so far in a file nobody has looked at; kept until the whole look is there. */
  readonly onPart?: () => Promise<void>;
};

/** Pictures of a gallery that are looked at; of a larger one as many, evenly spread. */
export const GALLERY_PICTURES = 200;
const GALLERY_PAGE = 200;
const MAX_PICTURE_BYTES = 200e6;
const MAX_COVER_BYTES = 20e6;
const MAX_PREVIEW_BYTES = 50e6;
/** Lower than every sampling version: the next look does not take it for a look. */
const PART_OF_A_LOOK = 0;

/**
Looks at the files of a subject, unless it is known what is in them, and keeps what was seen.

@returns how many files were decoded
@throws StashSenseError `unreadable-media`
*/
export async function lookAt(context: Context, item: StashItem, options: LookOptions): Promise<number> {
  if (item.kind === 'gallery') return await lookAtGallery(context, item, options);
  if (item.files.length === 0)
    throw new StashSenseError('unreadable-media', `Stash knows no file of ${item.kind} ${item.id}.`);
  const { observations } = context.store;
  const ids = await contentIdsOf(context, item);
  await observations.link(item, item.title, [...new Set(ids.flatMap((it) => it ?? []))]);

  // Several files of one scene are one film: the first that can be read stands for all.
  let trouble: unknown = null;
  for (const [n, file] of item.files.entries()) {
    const contentId = ids[n] ?? null;
    if (contentId === null) continue;
    const known = await observations.get(contentId, context.sight.packId);
    if (known?.samplingVersion === SAMPLING_VERSION && !options.again) return 0;
    try {
      // A part takes the place of nothing: what was seen before stays until all is seen again.
      const { onPart: _, ...whole } = options;
      await observations.put(
        await lookAtFile(context, item, file, contentId, known === null ? options : whole),
      );
      return 1;
    } catch (error) {
      if (isRunWide(error)) throw error;
      // An older look stays valid until a better one has replaced it.
      if (known !== null && !options.again) return 0;
      trouble ??= error;
    }
  }
  throw (
    trouble ?? new StashSenseError('unreadable-media', `No file of ${item.kind} ${item.id} could be read.`)
  );
}

/** Null for a file that has no fingerprint and cannot be read; the first one's trouble is the subject's. */
async function contentIdsOf(
  { hashes, log }: Context,
  { kind, files }: StashItem,
): Promise<(ContentId | null)[]> {
  const ids: (ContentId | null)[] = [];
  for (const file of files) {
    try {
      ids.push(await contentIdOf(hashes, kind, file));
    } catch (error) {
      if (files.length === 1) throw error;
      log.debug(messageOf(error));
      ids.push(null);
    }
  }
  return ids;
}

async function lookAtFile(
  context: Context,
  item: StashItem,
  file: StashFile,
  contentId: ContentId,
  options: LookOptions,
): Promise<Look> {
  try {
    return item.kind === 'scene' || isClip(file)
      ? await lookAtVideo(context, item, file, contentId, options)
      : await lookAtPicture(context, item, file, contentId, options);
  } catch (error) {
    const unreadable = error instanceof StashSenseError && error.code === 'unreadable-media';
    if (!unreadable || error.message.includes(file.path)) throw error;
    // What reads does not know what the user calls it.
    throw new StashSenseError(
      'unreadable-media',
      `${file.path} cannot be read (${error.message.replace(/\.$/, '')}): see whether it plays, or copy it again.`,
      { cause: error },
    );
  }
}

/** A film among the images. Of a moving picture (gif, webp, apng) the first one is looked at. */
function isClip({ durationMs, path }: StashFile): boolean {
  return durationMs !== null && durationMs > 0 && !/\.(gif|webp|a?png)$/i.test(path);
}

async function lookAtVideo(
  context: Context,
  item: StashItem,
  file: StashFile,
  contentId: ContentId,
  { waiting, report, onPart }: LookOptions,
): Promise<Look> {
  const { library, sight, settings, store, log } = context;
  if (file.zipPath !== null)
    throw new StashSenseError(
      'unreadable-media',
      `${file.path} lies in a zip, which a video is not read from.`,
    );
  await checkFile(file.path);
  // Of an image these are the clip itself.
  const scene = item.kind === 'scene' ? item : null;
  const cover = await optional(library, scene?.coverPath ?? null, MAX_COVER_BYTES);
  const preview = await optional(library, scene?.previewPath ?? null, MAX_PREVIEW_BYTES);
  let keeping: Promise<void> | null = null;
  const keepPart = async (part: Look): Promise<void> => {
    await store.observations.put({
      ...part,
      observation: { ...part.observation, samplingVersion: PART_OF_A_LOOK },
    });
    await onPart?.();
  };
  const look = await withInference(context, waiting, async () => {
    const open = await sight.open();
    return await open.lookAtVideo({
      contentId,
      path: file.path,
      sizeBytes: file.sizeBytes,
      cover,
      preview,
      cropsPerPerson: settings.cropsPerPerson,
      ...(report && { report }),
      ...(onPart && {
        onPersons: (part) => {
          keeping ??= keepPart(part)
            .catch((error: unknown) => log.debug(messageOf(error)))
            .finally(() => (keeping = null));
        },
      }),
    });
  });
  // Else a late part could take the place of the whole.
  await keeping;
  return look;
}

async function lookAtPicture(
  context: Context,
  item: StashItem,
  file: StashFile,
  contentId: ContentId,
  { waiting, report }: LookOptions,
): Promise<Look> {
  const { sight, settings } = context;
  report?.(0, 'Looking at the picture');
  const bytes = await readPicture(context, item, file);
  return await withInference(context, waiting, async () => {
    const open = await sight.open();
    return await open.lookAtPicture({
      contentId,
      bytes,
      sizeBytes: file.sizeBytes,
      cropsPerPerson: settings.cropsPerPerson,
    });
  });
}

/** From disk; out of a zip, or where the disk is another machine's, from Stash. */
async function readPicture({ library }: Context, item: StashItem, file: StashFile): Promise<Uint8Array> {
  if (file.sizeBytes > MAX_PICTURE_BYTES)
    throw new StashSenseError(
      'unreadable-media',
      `${file.path} has ${Math.round(file.sizeBytes / 1e6)} MB: pictures above ${MAX_PICTURE_BYTES / 1e6} MB are not looked at.`,
    );
  if (file.zipPath === null) {
    try {
      return await readFile(file.path);
    } catch {
      // Stash may still be able to hand it over.
    }
  }
  const bytes = item.coverPath === null ? null : await library.fetchMedia(item.coverPath, MAX_PICTURE_BYTES);
  if (bytes !== null) return bytes;
  throw new StashSenseError(
    'unreadable-media',
    `${file.path} cannot be read: see that the disk is there and that Stash may read it.`,
  );
}

/** A gallery is the pictures in it; what is in a picture is kept once, wherever it lies. */
async function lookAtGallery(context: Context, gallery: StashItem, options: LookOptions): Promise<number> {
  const { store, log } = context;
  const pictures = spread(await picturesOf(context, gallery.id), GALLERY_PICTURES);
  const seen: ContentId[] = [];
  let decoded = 0;
  let trouble: unknown = null;
  for (const [n, picture] of pictures.entries()) {
    options.report?.(n / pictures.length, `Picture ${n + 1} of ${pictures.length}`);
    try {
      decoded += await lookAt(context, picture, { again: options.again, waiting: options.waiting });
      seen.push(...(await store.observations.contentOf(picture)));
    } catch (error) {
      if (isRunWide(error)) throw error;
      trouble ??= error;
      log.debug(`image ${picture.id} of gallery ${gallery.id}: ${messageOf(error)}`);
    }
  }
  await store.observations.link(gallery, gallery.title, seen);
  if (seen.length === 0 && trouble !== null) throw trouble;
  return decoded;
}

async function picturesOf({ library }: Context, galleryId: string): Promise<StashItem[]> {
  const pictures: StashItem[] = [];
  for (;;) {
    const page = await library.itemsAfter('image', pictures.at(-1)?.id ?? '0', GALLERY_PAGE, { galleryId });
    pictures.push(...page);
    if (page.length < GALLERY_PAGE) return pictures;
  }
}

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, n) => items[Math.floor((n * items.length) / count)] as T);
}

/** What Stash shows of a scene is welcome and never needed. */
async function optional(
  library: Context['library'],
  path: string | null,
  maxBytes: number,
): Promise<Uint8Array | null> {
  if (path === null) return null;
  try {
    return await library.fetchMedia(path, maxBytes);
  } catch (error) {
    if (isRunWide(error)) throw error;
    return null;
  }
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found === null)
    throw new StashSenseError(
      'unreadable-media',
      `${path} is not there: see that the disk is mounted, or let Stash clean its library.`,
    );
  if (found.size === 0)
    throw new StashSenseError('unreadable-media', `${path} is empty (0 bytes): copy it again.`);
}

/** What is known of a subject without looking: the files Stash names for it. */
export function knownContentIds(kind: SubjectKind, files: readonly StashFile[]): ContentId[] {
  return files.map((file) => knownContentId(kind, file)).filter((it) => it !== null && isContentId(it));
}
