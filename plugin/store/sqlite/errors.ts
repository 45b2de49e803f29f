import { z } from 'zod';
import { messageOf, saidOf, StashSenseError } from '../../../core/errors.ts';
import { message, type Message, type MessageId } from '../../../core/messages/message.ts';
import { NotOurOwn } from '../../system/files/own-files.ts';

/** SQLite's primary result codes that are no fault of the plugin. */
const BUSY = 5;
const CONSTRAINT = 19;
const LOCKED = 6;
const SQLITE_TROUBLES: Readonly<Record<number, MessageId>> = {
  7: 'store.noMemory',
  8: 'store.readOnly',
  10: 'store.diskRefused',
  11: 'store.damaged',
  13: 'store.diskFull',
  14: 'store.cannotOpen',
  15: 'store.noLocks',
  22: 'store.tooLarge',
  23: 'store.notPermitted',
  26: 'store.noDatabase',
};

/** Error text of the triggers that freeze the store while it is copied. */
export const MOVING = 'stash-sense: the data is being moved';

/** `toSqliteError`, and also for errors of parsing stored values. */
export function toStoreError(error: unknown, file: string): unknown {
  if (error instanceof z.ZodError || error instanceof SyntaxError)
    return storeUnusable(file, message('store.foreignContent'), error);
  return toSqliteError(error, file);
}

/** Converts an error of SQLite that the user can solve; returns any other unchanged, since it is a bug. */
export function toSqliteError(error: unknown, file: string): unknown {
  const code = sqliteCode(error);
  if (code === null) return error;
  if (code === BUSY || code === LOCKED)
    return new StashSenseError('busy', message('store.isHeld', { file }), { cause: error });
  if (code === CONSTRAINT && messageOf(error).includes(MOVING))
    return new StashSenseError('busy', message('store.isMoving'), { cause: error });
  const trouble = SQLITE_TROUBLES[code];
  return trouble === undefined ? error : storeUnusable(file, message(trouble), error);
}

/** `trouble`: what is wrong with it and what to do, as the end of a sentence. */
export function storeUnusable(file: string, trouble: Message, cause?: unknown): StashSenseError {
  return new StashSenseError('store-unusable', message('store.cannotBeUsed', { file, trouble }), { cause });
}

export function isBusy(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === BUSY || code === LOCKED;
}

/** The error that Node throws when a backup could not begin. */
export function isSpuriousError(error: unknown): boolean {
  return sqliteCode(error) === 0;
}

export function isDamaged(error: unknown): boolean {
  const code = sqliteCode(error);
  return code === 11 || code === 26;
}

/** The primary result code: the lowest byte of the extended one. */
function sqliteCode(error: unknown): number | null {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return null;
  return error.errcode & 0xff;
}

/** Converts an error of creating a folder or file of the store. */
export function toFolderError(error: unknown, folder: string): unknown {
  if (error instanceof NotOurOwn)
    return storeUnusable(folder, message('store.notOurs', { problem: error.said }), error);
  // A bug has no system error code.
  if (!(error instanceof Error && 'code' in error)) return error;
  return storeUnusable(folder, message('store.folderFailed', { reason: saidOf(error) }), error);
}
