import { hasCode, saidOf, StashSenseError } from './errors.ts';
import { message, type MessageId } from './messages/message.ts';

/** Codes of the system that say something of this one file or its disk, and nothing of what is in it. */
const TROUBLES: Readonly<Record<string, MessageId>> = {
  ENOENT: 'media.fileNotThere',
  ENOTDIR: 'media.fileNotThere',
  EACCES: 'media.fileNotPermitted',
  EPERM: 'media.fileNotPermitted',
};
const DISK_CODES: ReadonlySet<string> = new Set(
  'EIO ESTALE ENOTCONN ETIMEDOUT EHOSTDOWN ENXIO ENODEV ELOOP EISDIR EBUSY'.split(' '),
);

/**
Converts an error of reading a file of the user's library. A file without permission must not end the run and must not
count as broken.
@returns `file-missing` for a system error of access, `unreadable-media` for what is no regular file; any other error
unchanged
*/
export function toFileError(path: string, error: unknown): unknown {
  // Thrown by `plugin/system/files/regular-file.ts`; its message says what lies there instead, or that the file is too large.
  if (error instanceof Error && error.name === 'NotRegularFile')
    return new StashSenseError(
      'unreadable-media',
      message('media.cannotBeRead', { path, reason: saidOf(error) }),
      { cause: error },
    );
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const trouble = Object.hasOwn(TROUBLES, code) ? TROUBLES[code] : null;
  if (trouble === null && !DISK_CODES.has(code)) return error;
  return new StashSenseError('file-missing', message(trouble ?? 'media.fileDiskRefused', { path }), {
    cause: error,
  });
}

/** Whether the error is a `file-missing` whose cause is a system error: the file could not be opened. */
export function isAccessDenied(error: unknown): error is StashSenseError {
  return hasCode(error, 'file-missing') && error.cause instanceof Error && 'code' in error.cause;
}
