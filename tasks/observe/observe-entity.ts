import type { ContentId, EntityKind } from '../../core/content-id.ts';
import { hasCode, isRunWide, messageOf, StashSenseError } from '../../core/errors.ts';
import { PARTIAL_OBSERVATION, SAMPLING_VERSION } from '../../core/faces/observation.ts';
import type { StashFile, StashEntity } from '../../core/ports/library.ts';
import { contentIdOf, knownContentId } from './content-ids.ts';
import { logFault } from '../../core/log-fault.ts';
import { putWithPointedAt } from './pointed-at.ts';
import { observeFile, type ObserveFileParts } from './observe-file.ts';
import type { Context } from '../runs/task.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { nameOfEntity } from '../../core/messages/names.ts';

export type ObserveParts = ObserveFileParts & Pick<Context, 'hashes'>;

export type ObserveOptions = {
  /** Observe files anew that have an observation. */
  readonly force: boolean;
  /** With `force`: files observed since this time (Unix milliseconds) are not observed anew. */
  readonly since?: number;
  readonly waiting: 'for a person' | 'in the background';
  /** Fraction of this entity, 0…1. */
  readonly report?: (fraction: number, said: Message) => void;
  /** Called when a partial observation of a file without an observation was stored; the complete one replaces it. */
  readonly onPartial?: () => Promise<void>;
};

/** Largest number of observed pictures per gallery; of a larger gallery an evenly spaced selection. */
export const GALLERY_PICTURES = 200;
const GALLERY_PAGE = 200;

/**
Observes the files of an entity that have no observation, and stores the observations.

@returns the number of decoded files
@throws StashSenseError `unreadable-media`
*/
export async function observeEntity(
  context: ObserveParts,
  item: StashEntity,
  options: ObserveOptions,
): Promise<number> {
  if (isAppleDouble(item)) return 0;
  if (item.kind === 'gallery') return await observeGallery(context, item, options);
  const ids = await contentIdsOf(context, item);
  await link(context, item, distinct(ids));
  return await observeFiles(context, item, ids, options);
}

async function observeFiles(
  context: ObserveFileParts,
  item: StashEntity,
  ids: readonly (ContentId | null)[],
  options: ObserveOptions,
): Promise<number> {
  const { log } = context;
  const { observations } = context.store;
  // Several files of one scene are the same film: the first readable one is observed.
  let failure: unknown = null;
  for (const [n, file] of item.files.entries()) {
    const contentId = ids[n] ?? null;
    if (contentId === null) continue;
    const known = await observations.get(contentId, context.vision.packId);
    const isNew = options.force && (known?.observedAt ?? 0) < (options.since ?? Infinity);
    if (known?.samplingVersion === SAMPLING_VERSION && !isNew) return 0;
    try {
      // A partial observation must not replace a complete one.
      const { onPartial: _, ...whole } = options;
      const observed = await observeFile(context, item, file, contentId, known === null ? options : whole);
      await context.exclusions.check(item);
      await putWithPointedAt(context, observed);
      return 1;
    } catch (error) {
      if (isRunWide(error) || hasCode(error, 'excluded')) throw error;
      logFault(log, error);
      // An observation of an older version stays valid until it is replaced.
      if (known !== null && known.samplingVersion !== PARTIAL_OBSERVATION && !options.force) return 0;
      failure ??= error;
    }
  }
  throw (
    failure ??
    new StashSenseError('unreadable-media', message('media.noneReadable', { item: nameOfEntity(item) }))
  );
}

/** Null for a file without fingerprint that cannot be read. @throws the error of the first file when none has a content id */
async function contentIdsOf(
  { hashes, log }: Pick<Context, 'hashes' | 'log'>,
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
Observes the pictures of a gallery; a picture in several galleries is observed once. Suggestions are made for the gallery
only; those for its images need the setting for images.
*/
async function observeGallery(
  context: ObserveParts,
  gallery: StashEntity,
  options: ObserveOptions,
): Promise<number> {
  const { log } = context;
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
      if (hasCode(error, 'excluded')) {
        await context.exclusions.forget(picture);
        continue;
      }
      failure ??= error;
      logFault(log, error);
      log.debug(`image ${picture.id} of gallery ${gallery.id}: ${messageOf(error)}`);
    }
  }
  await link(context, gallery, seen);
  if (seen.length === 0 && failure !== null) throw failure;
  return decoded;
}

async function link(
  { store }: Pick<Context, 'store'>,
  item: StashEntity,
  contentIds: readonly ContentId[],
): Promise<void> {
  await store.transaction(async () => {
    await store.observations.link(item, item.title, contentIds);
    await store.identifications.notePerformers([item]);
    await store.credits.note([item]);
  });
}

async function picturesOf({ library }: Pick<Context, 'library'>, galleryId: string): Promise<StashEntity[]> {
  const pictures: StashEntity[] = [];
  for (;;) {
    const page = await library.entitiesAfter('image', pictures.at(-1)?.id ?? '0', GALLERY_PAGE, {
      galleryId,
    });
    pictures.push(...page.filter((picture) => !isAppleDouble(picture)));
    if (page.length < GALLERY_PAGE) return pictures;
  }
}

function spread<T>(items: readonly T[], count: number): T[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, n) => items[Math.floor((n * items.length) / count)] as T);
}

/** `__MACOSX/._x.jpg`: what macOS adds to a zip beside each file; it is no picture. */
function isAppleDouble({ files }: StashEntity): boolean {
  return files.length > 0 && files.every(({ path }) => /(^|[\\/])(__MACOSX[\\/]|\._)[^\\/]*$/.test(path));
}

/** The content ids from Stash's fingerprints, without reading a file. */
export function knownContentIds(kind: EntityKind, files: readonly StashFile[]): ContentId[] {
  return files.flatMap((file) => knownContentId(kind, file) ?? []);
}
