import type { ContentId, EntityKind } from '../../core/content-id.ts';
import { isRunWide, messageOf, StashSenseError } from '../../core/errors.ts';
import { PARTIAL_OBSERVATION, SAMPLING_VERSION } from '../../core/faces/observation.ts';
import type { StashFile, StashEntity } from '../../core/ports/library.ts';
import { contentIdOf, knownContentId } from './content-ids.ts';
import { logFault } from '../../core/log-fault.ts';
import { observeFile } from './observe-file.ts';
import type { Context } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';

export type ObserveOptions = {
  /** Also at files that were looked at before. */
  readonly force: boolean;
  /** With `force`: what was looked at since this (Unix milliseconds) is not looked at a second time. */
  readonly since?: number;
  readonly waiting: 'for a person' | 'in the background';
  /** 0…1 of this subject. */
  readonly report?: (fraction: number, said: Message) => void;
  /** Who was found so far in a file nobody has looked at; kept until the whole look is there. */
  readonly onPartial?: () => Promise<void>;
};

/** Pictures of a gallery that are looked at; of a larger one as many, evenly spread. */
export const GALLERY_PICTURES = 200;
const GALLERY_PAGE = 200;

/**
Looks at the files of a subject, unless it is known what is in them, and keeps what was seen.

@returns how many files were decoded
@throws StashSenseError `unreadable-media`
*/
export async function observeEntity(
  context: Context,
  item: StashEntity,
  options: ObserveOptions,
): Promise<number> {
  if (item.kind === 'gallery') return await observeGallery(context, item, options);
  const ids = await contentIdsOf(context, item);
  await context.store.observations.link(item, item.title, distinct(ids));
  return await observeFiles(context, item, ids, options);
}

async function observeFiles(
  context: Context,
  item: StashEntity,
  ids: readonly (ContentId | null)[],
  options: ObserveOptions,
): Promise<number> {
  const { log } = context;
  const { observations } = context.store;
  // Several files of one scene are one film: the first that can be read stands for all.
  let failure: unknown = null;
  for (const [n, file] of item.files.entries()) {
    const contentId = ids[n] ?? null;
    if (contentId === null) continue;
    const known = await observations.get(contentId, context.vision.packId);
    const isNew = options.force && (known?.observedAt ?? 0) < (options.since ?? Infinity);
    if (known?.samplingVersion === SAMPLING_VERSION && !isNew) return 0;
    try {
      // A part takes the place of nothing: what was seen before stays until all is seen again.
      const { onPartial: _, ...whole } = options;
      await observations.put(
        await observeFile(context, item, file, contentId, known === null ? options : whole),
      );
      return 1;
    } catch (error) {
      if (isRunWide(error)) throw error;
      logFault(log, error);
      // An older look stays valid until a better one has replaced it.
      if (known !== null && known.samplingVersion !== PARTIAL_OBSERVATION && !options.force) return 0;
      failure ??= error;
    }
  }
  throw (
    failure ??
    new StashSenseError('unreadable-media', message('media.noneReadable', { item: nameOfEntity(item) }))
  );
}

/** Null for a file that has no fingerprint and cannot be read; the first one's trouble is the subject's. */
async function contentIdsOf(
  { hashes, log }: Context,
  { kind, files }: StashEntity,
): Promise<(ContentId | null)[]> {
  const ids: (ContentId | null)[] = [];
  for (const file of files) {
    try {
      ids.push(await contentIdOf(hashes, kind, file));
    } catch (error) {
      if (files.length === 1 || isRunWide(error)) throw error;
      log.debug(messageOf(error));
      logFault(log, error);
      ids.push(null);
    }
  }
  return ids;
}

function distinct(ids: readonly (ContentId | null)[]): ContentId[] {
  return [...new Set(ids.flatMap((contentId) => contentId ?? []))];
}

/**
A gallery is the pictures in it; what is in a picture is kept once, wherever it lies. The pictures do not become things
to suggest somebody for: that is what the setting for images is there for.
*/
async function observeGallery(
  context: Context,
  gallery: StashEntity,
  options: ObserveOptions,
): Promise<number> {
  const { store, log } = context;
  const pictures = spread(await picturesOf(context, gallery.id), GALLERY_PICTURES);
  const seen: ContentId[] = [];
  let decoded = 0;
  let failure: unknown = null;
  for (const [n, picture] of pictures.entries()) {
    options.report?.(
      n / pictures.length,
      message('observe.pictureOf', { number: n + 1, count: pictures.length }),
    );
    try {
      const { force, waiting, since } = options;
      const ids = await contentIdsOf(context, picture);
      decoded += await observeFiles(context, picture, ids, {
        force,
        waiting,
        ...(since !== undefined && { since }),
      });
      seen.push(...distinct(ids));
    } catch (error) {
      if (isRunWide(error)) throw error;
      failure ??= error;
      logFault(log, error);
      log.debug(`image ${picture.id} of gallery ${gallery.id}: ${messageOf(error)}`);
    }
  }
  await store.observations.link(gallery, gallery.title, seen);
  if (seen.length === 0 && failure !== null) throw failure;
  return decoded;
}

async function picturesOf({ library }: Context, galleryId: string): Promise<StashEntity[]> {
  const pictures: StashEntity[] = [];
  for (;;) {
    const page = await library.entitiesAfter('image', pictures.at(-1)?.id ?? '0', GALLERY_PAGE, {
      galleryId,
    });
    pictures.push(...page);
    if (page.length < GALLERY_PAGE) return pictures;
  }
}

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, n) => items[Math.floor((n * items.length) / count)] as T);
}

/** What is known of a subject without looking: the files Stash names for it. */
export function knownContentIds(kind: EntityKind, files: readonly StashFile[]): ContentId[] {
  return files.flatMap((file) => knownContentId(kind, file) ?? []);
}
