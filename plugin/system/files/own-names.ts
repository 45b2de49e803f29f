/** What we call things in the data folder. A user may keep other things there: those are never touched. */
import { isTemporaryOf } from './own-files.ts';

/** Made by "Set up" and the launcher; a user may put things of their own into both. */
export const FETCHED = ['runtime', 'models'] as const;
/** In a folder that data are being moved to, until the old one is gone. */
export const MOVING_MARKER = 'moving.json';
/** In a folder that the data have left; no store is opened beside it. */
export const MOVED_MARKER = 'moved.json';
export const LAST_ERROR = 'last-error.json';
/** What we have made below `FETCHED`. */
export const INVENTORY = 'stash-sense.files';
/** Beside the marker: what the move has made here below `FETCHED` so far. */
export const MOVING_INVENTORY = 'moving.files';
export const SCRATCH = 'stash-sense-scratch';

/** Files that we write whole, by a temporary one beside them. */
const WHOLE_FILES = [LAST_ERROR, INVENTORY, MOVING_INVENTORY, MOVING_MARKER, MOVED_MARKER] as const;

const STORE_FILE =
  /^(stash-sense|crops)\.sqlite(-wal|-shm|-journal|\.part|\.part-wal|\.part-shm|\.part-journal|\.v\d+\.backup|\.v\d+\.backup\.part|\.damaged)?$/;
/** What systems put into every folder. */
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

/** Of a file that was being written whole when its process was killed. */
export function isTemporaryName(name: string): boolean {
  return WHOLE_FILES.some((wholeFile) => isTemporaryOf(name, wholeFile));
}

/** At the top of the data folder. */
export function isOurName(name: string): boolean {
  return (
    isStoreFile(name) ||
    name === SCRATCH ||
    FETCHED.some((folder) => folder === name) ||
    WHOLE_FILES.some((wholeFile) => name === wholeFile) ||
    isTemporaryName(name)
  );
}

export function isIgnored(name: string): boolean {
  return IGNORED.has(name);
}
