import { messageOf } from '../../core/errors.ts';
import { NotOurOwn } from './files/own-files.ts';

/** Why nothing could be written to this folder and what to do, as the end of a sentence. */
export function diskProblem(error: unknown, folder: string): string {
  if (error instanceof NotOurOwn)
    return `${error.message}; remove ${error.code === 'ELOOP' ? 'it' : 'what is in its place'}, or choose another data folder in the settings.`;
  const { code = '' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `the disk of ${folder} is full; make room there, or choose another data folder in the settings.`;
    case 'EROFS':
      return `the disk of ${folder} is read-only; choose another data folder in the settings.`;
    case 'EACCES':
    case 'EPERM':
      return `the user Stash runs as may not write to ${folder}; give it the right to, or choose another data folder in the settings.`;
    case 'EBUSY':
      return `another program is using ${folder}; stop running tasks of Stash Sense, then try again.`;
    case 'ENOTDIR':
    case 'EEXIST':
      return `${folder} is not a folder; remove what is in its place, or choose another data folder in the settings.`;
    default:
      return `${messageOf(error)}; see that ${folder} can be written to.`;
  }
}
