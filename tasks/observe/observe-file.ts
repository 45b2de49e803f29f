import { stat } from 'node:fs/promises';
import type { ContentId } from '../../core/content-id.ts';
import { hasCode, messageOf, StashSenseError } from '../../core/errors.ts';
import { toFileError } from '../../core/file-problem.ts';
import { logFault } from '../../core/log-fault.ts';
import { PARTIAL_OBSERVATION, type ObservationWithCrops } from '../../core/faces/observation.ts';
import type { StashFile, StashEntity } from '../../core/ports/library.ts';
import type { FrameToObserve } from '../../core/sampling/to-observe.ts';
import { readRegularFile } from '../../plugin/system/files/regular-file.ts';
import { type InferenceParts, withInference } from '../runs/inference-lock.ts';
import type { ObserveOptions } from './observe-entity.ts';
import { fetchReadable } from './fetch-media.ts';
import { putWithPointedAt } from './pointed-at.ts';
import type { Context } from '../runs/task.ts';
import { message } from '../../core/messages/message.ts';

const MAX_PICTURE_BYTES = 200e6;
const MAX_COVER_BYTES = 20e6;
const MAX_PREVIEW_BYTES = 50e6;

export type ObserveFileParts = InferenceParts &
  Pick<Context, 'library' | 'exclusions' | 'vision' | 'settings' | 'log'>;

/** Decodes one file and clusters its faces. @throws StashSenseError `unreadable-media`, `file-missing`, with the file's path in the message */
export async function observeFile(
  context: ObserveFileParts,
  item: StashEntity,
  file: StashFile,
  contentId: ContentId,
  options: ObserveOptions,
): Promise<ObservationWithCrops> {
  return await withPathInErrors(file, async () =>
    item.kind === 'scene' || isClip(file)
      ? await observeVideo(context, item, file, contentId, options)
      : await observePicture(context, item, file, contentId, options),
  );
}

/** The faces of the frame that a player shows. @throws StashSenseError as `observeFile` */
export async function observeFrameOf(
  context: InferenceParts & Pick<Context, 'vision' | 'settings'>,
  file: StashFile,
  frame: Pick<FrameToObserve, 'contentId' | 'timeMs' | 'region'>,
): Promise<ObservationWithCrops> {
  const { path, sizeBytes } = file;
  const { cropsPerPerson } = context.settings;
  return await withPathInErrors(file, async () => {
    await checkVideo(file);
    return await withInference(context, 'for a person', async () => {
      const open = await context.vision.open();
      return await open.observeFrame({ ...frame, path, sizeBytes, cropsPerPerson });
    });
  });
}

/** An error that the file cannot be read says which file. */
async function withPathInErrors<T>({ path }: StashFile, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!hasCode(error, 'unreadable-media', 'file-missing') || error.message.includes(path)) throw error;
    // The reader does not know the path that the user sees.
    const values = { path, reason: error.said };
    const said =
      error.code === 'unreadable-media'
        ? message('media.unreadable', { ...values })
        : message('media.missing', { ...values });
    throw new StashSenseError(error.code, said, { cause: error });
  }
}

/** Whether an image of Stash is a video clip. Stash calls every kind of picture one that it cannot scale itself: GIF, HEIC, AVIF. */
function isClip({ durationMs, path }: StashFile): boolean {
  return durationMs !== null && !PICTURES.test(path);
}
const PICTURES = /\.(a?png|avifs?|bmp|gif|hei[cf]s?|hif|jfif|jpe?g|jxl|tiff?|webp)$/i;

async function observeVideo(
  context: ObserveFileParts,
  item: StashEntity,
  file: StashFile,
  contentId: ContentId,
  { waiting, report, onPartial }: ObserveOptions,
): Promise<ObservationWithCrops> {
  const { vision, settings, exclusions, log } = context;
  await checkVideo(file);
  // Cover and preview of an image are the clip itself.
  const scene = item.kind === 'scene' ? item : null;
  // Cover and preview are optional.
  const cover = await fetchReadable(context, scene?.coverPath ?? null, MAX_COVER_BYTES);
  const preview = await fetchReadable(context, scene?.previewPath ?? null, MAX_PREVIEW_BYTES);
  const part: { keeping: Promise<void> | null } = { keeping: null };
  const keepPartial = async (seen: ObservationWithCrops): Promise<void> => {
    await exclusions.check(item);
    await putWithPointedAt(context, {
      ...seen,
      observation: { ...seen.observation, samplingVersion: PARTIAL_OBSERVATION },
    });
    await onPartial?.();
  };
  const observation = await withInference(context, waiting, async (stillHeld) => {
    const open = await vision.open();
    return await open.observeVideo({
      contentId,
      path: file.path,
      sizeBytes: file.sizeBytes,
      cover,
      preview,
      cropsPerPerson: settings.cropsPerPerson,
      report(fraction, said) {
        stillHeld();
        report?.(fraction, said);
      },
      ...(onPartial && {
        onPersons: (seen) => {
          part.keeping ??= keepPartial(seen)
            .catch((error: unknown) => {
              log.debug(messageOf(error));
              logFault(log, error);
            })
            .finally(() => (part.keeping = null));
        },
      }),
    });
  });
  // Otherwise a pending write of a partial observation could replace the complete one.
  await part.keeping;
  return observation;
}

async function observePicture(
  context: ObserveFileParts,
  item: StashEntity,
  file: StashFile,
  contentId: ContentId,
  { waiting, report }: ObserveOptions,
): Promise<ObservationWithCrops> {
  const { vision, settings } = context;
  report?.(0, message('observe.isLookingAtPicture'));
  const bytes = await readPicture(context, item, file);
  return await withInference(context, waiting, async () => {
    const open = await vision.open();
    return await open.observePicture({
      contentId,
      bytes,
      sizeBytes: file.sizeBytes,
      cropsPerPerson: settings.cropsPerPerson,
    });
  });
}

/** Reads the file from disk; from Stash when it is in a zip or on another machine. */
async function readPicture(
  context: Pick<Context, 'library' | 'log'>,
  item: StashEntity,
  file: StashFile,
): Promise<Uint8Array> {
  if (file.sizeBytes > MAX_PICTURE_BYTES)
    throw new StashSenseError(
      'unreadable-media',
      message('media.pictureTooLarge', {
        path: file.path,
        megabytes: Math.round(file.sizeBytes / 1e6),
        limit: MAX_PICTURE_BYTES / 1e6,
      }),
    );
  let failure: unknown = null;
  if (file.zipPath === null) {
    try {
      return await readRegularFile(file.path, MAX_PICTURE_BYTES);
    } catch (error) {
      failure = toFileError(file.path, error);
      // Stash may still be able to serve it.
      if (!hasCode(failure, 'file-missing', 'unreadable-media')) throw failure;
    }
  }
  const bytes = await fetchReadable(context, item.coverPath, MAX_PICTURE_BYTES);
  if (bytes !== null) return bytes;
  if (failure !== null) throw failure;
  throw new StashSenseError('unreadable-media', message('media.pictureUnreadable', { path: file.path }));
}

async function checkVideo({ path, zipPath }: StashFile): Promise<void> {
  if (zipPath !== null) throw new StashSenseError('unreadable-media', message('media.videoInZip', { path }));
  await checkFile(path);
}

async function checkFile(path: string): Promise<void> {
  const found = await stat(path).catch((error: unknown) => {
    throw toFileError(path, error);
  });
  if (!found.isFile()) throw new StashSenseError('unreadable-media', message('media.noFile', { path }));
  if (found.size === 0) throw new StashSenseError('unreadable-media', message('media.empty', { path }));
}
