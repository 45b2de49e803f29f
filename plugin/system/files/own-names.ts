/** Names of our files in the data folder. Files with other names are the user's and are never changed. */
import { isTemporaryOf } from './own-files.ts';

/** Folders that "Set up" and the launcher fill; a user may put files of their own into both. */
export const FETCHED = ['runtime', 'models'] as const;
/** In the target folder of a move, until the old folder is deleted. */
export const MOVING_MARKER = 'moving.json';
/** In the folder from which the data were moved: no store is opened there any more. */
export const MOVED_MARKER = 'moved.json';
export const LAST_ERROR = 'last-error.json';
/** Who the background scheduler is (plugin/system/background/mark.ts). */
export const SCHEDULER_MARK = 'scheduler.json';
/** List of the files that we made below `FETCHED`. */
export const INVENTORY = 'stash-sense.files';
/** Beside `MOVING_MARKER`: list of the files that the move has made so far below `FETCHED`. */
export const MOVING_INVENTORY = 'moving.files';
export const SCRATCH = 'stash-sense-scratch';
/** What Node keeps of our compiled code (plugin/host/compile-cache.ts). */
export const COMPILE_CACHE = 'compile-cache';
/** A folder for each reference pack (plugin/reference-packs/). */
export const REFERENCE_PACKS = 'reference-packs';

/** Of the command line, in the user's cache folder: what was learnt from plain pictures (plugin/store/picture-cache.ts). */
export const PICTURE_CACHE = 'identify-people.sqlite';

/** Files that `replaceFile` writes, with a temporary file beside them. */
const REPLACED_FILES = [
  LAST_ERROR,
  SCHEDULER_MARK,
  INVENTORY,
  MOVING_INVENTORY,
  MOVING_MARKER,
  MOVED_MARKER,
] as const;

const STORE_FILE =
  /^(stash-sense|crops)\.sqlite(-wal|-shm|-journal|\.part|\.part-wal|\.part-shm|\.part-journal|\.v\d+\.backup|\.v\d+\.backup\.part|\.damaged)?$/;
/** References that were exported on the page, to be given to a publisher. */
export const EXPORTED_REFERENCES = 'confirmed-references.jsonl';
/** Names by `galleryFile`, the exported references, and the temporary files beside them: vectors of people, made anew at any time. */
const GALLERY_FILE = /^(?:gallery-[a-z]+\.vectors|confirmed-references\.jsonl)(\.[0-9a-f]{8}\.part)?$/;
/** Files that operating systems create in any folder. */
const IGNORED = new Set([
  'lost+found',
  '.DS_Store',
  'Thumbs.db',
  'desktop.ini',
  '@eaDir',
  '$RECYCLE.BIN',
  'System Volume Information',
]);

export function isStoreFile(name: string): boolean {
  return STORE_FILE.test(name);
}

export function isPictureCacheFile(name: string): boolean {
  return name === PICTURE_CACHE || name === `${PICTURE_CACHE}-journal`;
}

export function isGalleryFile(name: string): boolean {
  return GALLERY_FILE.test(name);
}

/** Whether it is a temporary file of `replaceFile`, which a killed process may leave. */
export function isTemporaryName(name: string): boolean {
  return REPLACED_FILES.some((file) => isTemporaryOf(name, file));
}

/** Whether we use this name directly in the data folder. */
export function isOurName(name: string): boolean {
  return (
    isStoreFile(name) ||
    isGalleryFile(name) ||
    isPictureCacheFile(name) ||
    name === SCRATCH ||
    name === COMPILE_CACHE ||
    name === REFERENCE_PACKS ||
    FETCHED.some((folder) => folder === name) ||
    REPLACED_FILES.some((file) => name === file) ||
    isTemporaryName(name)
  );
}

export function isIgnored(name: string): boolean {
  return IGNORED.has(name);
}
