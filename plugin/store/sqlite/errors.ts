import { z } from 'zod';
import { messageOf, StashSenseError } from '../../../core/errors.ts';
import { NotOurOwn } from '../../system/files/own-files.ts';

/** SQLite's primary result codes that are the world's fault and not ours. */
const BUSY = 5;
const CONSTRAINT = 19;
const LOCKED = 6;
const SQLITE_TROUBLES: Readonly<Record<number, string>> = {
  7: 'there is no memory left for it; close other programs and start again',
  8: 'it may only be read; give the user that runs Stash write permission for it and its folder',
  10: 'the disk refused to read or write it; check the disk and its free space, then start again',
  11: 'it is damaged; stop Stash, move the file away (a backup beside it may be put in its place) and start again',
  13: 'the disk is full; free some space and start again',
  14: 'it cannot be opened; give the user that runs Stash read and write permission for it and its folder',
  15: 'its file system knows no locks; choose a data folder on a local disk',
  22: 'the file system cannot hold a file so large; choose another data folder',
  23: 'this user may not open it; give the user that runs Stash permission for it and its folder',
  26: 'it is no SQLite database; move the file away and start again',
};

/** What the triggers say that hold a store still while it is copied. */
export const MOVING = 'stash-sense: the data is being moved';

/** As `toSqliteError`, and the same for what the parsing of stored values threw. */
export function toStoreError(error: unknown, file: string): unknown {
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return storeUnusable(
      file,
      'it holds what Stash Sense never wrote; stop Stash and put a backup in its place, or move it away and scan again',
      error,
    );
  return toSqliteError(error, file);
}

/** What SQLite threw, as one sentence where the user can do something; anything else as it is: a bug. */
export function toSqliteError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  if (code === BUSY || code === LOCKED)
    return new StashSenseError(
      'busy',
      `The store ${file} is held by another run of Stash Sense; wait for it to end or stop it, then try again.`,
      { cause: error },
    );
  if (code === CONSTRAINT && messageOf(error).includes(MOVING))
    return new StashSenseError(
      'busy',
      'The data of Stash Sense is being moved to another folder: try again when "Move data" has ended.',
      { cause: error },
    );
  const trouble = SQLITE_TROUBLES[code];
  return trouble === undefined ? error : storeUnusable(file, trouble, error);
}

export function storeUnusable(file: string, trouble: string, cause?: unknown): StashSenseError {
  return new StashSenseError('store-unusable', `The store ${file} cannot be used: ${trouble}.`, { cause });
}

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/** What Node makes of a copy that could not begin. */
export function isSpuriousError(error: unknown): boolean {
  return sqliteCode(error) === 0;
}

export function isDamaged(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 11 || code === 26;
}

/** The primary result code; the extended one carries it in its lowest byte. */
function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** What Node threw while a folder or file of the store was made. */
export function toFolderError(error: unknown, folder: string): unknown {
  if (error instanceof NotOurOwn)
    return storeUnusable(folder, `${error.message}; remove it, or choose another data folder`, error);
  // A fault of ours has no code of the system.
  if (!(error instanceof Error && 'code' in error)) return error;
  return storeUnusable(
    folder,
    `the folder or a file in it cannot be made or read (${messageOf(error)}); give the user that runs Stash write permission, or choose another data folder`,
    error,
  );
}
