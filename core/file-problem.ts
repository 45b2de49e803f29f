import { hasCode, saidOf, StashSenseError } from './errors.ts';
import { message, type MessageId } from './messages/message.ts';

/** Codes of the system that say something of this one file or its disk, and nothing of what is in it. */
const TROUBLES: Readonly<Record<string, MessageId>> = {
  ENOENT: 'media.fileNotThere',
  ENOTDIR: 'media.fileNotThere',
  EACCES: 'media.fileNotPermitted',
  EPERM: 'media.fileNotPermitted',
};
const OF_THE_DISK: ReadonlySet<string> = new Set(
  'EIO ESTALE ENOTCONN ETIMEDOUT EHOSTDOWN ENXIO ENODEV ELOOP EISDIR EBUSY'.split(' '),
);

/**
For what failed to read a file of the user's library. One file without permission is no reason to end a run, and no
reason to take the file for broken.
@returns `file-missing` where the system says why this file could not be had, `unreadable-media` where it is no file;
anything else as it is
*/
export function namingFileTrouble(path: string, error: unknown): unknown {
  // Of `plugin/system/files/regular-file.ts`: its message says what else lies there, or that it is too large.
  if (error instanceof Error && error.name === 'NotRegularFile')
    return new StashSenseError(
      'unreadable-media',
      message('media.cannotBeRead', { path, reason: saidOf(error) }),
      { cause: error },
    );
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const trouble = Object.hasOwn(TROUBLES, code) ? TROUBLES[code] : null;
  if (trouble === null && !OF_THE_DISK.has(code)) return error;
  return new StashSenseError('file-missing', message(trouble ?? 'media.fileDiskRefused', { path }), {
    cause: error,
  });
}

/** Whether a `file-missing` says that the file could not be opened; its cause then has the system's code. */
export function isDenied(error: unknown): error is StashSenseError {
  return hasCode(error, 'file-missing') && error.cause instanceof Error && 'code' in error.cause;
}
