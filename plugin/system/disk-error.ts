import { saidOf } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import { NotOurOwn } from './files/own-files.ts';

/** Why a write to this folder failed and what to do, as the end of a sentence. */
export function diskProblem(error: unknown, folder: string): Message {
  if (error instanceof NotOurOwn)
    return message(error.code === 'ELOOP' ? 'disk.isLink' : 'disk.notOurs', { problem: error.said });
  const { code = '' } = error as NodeJS.ErrnoException;
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return message('disk.isFull', { folder });
    case 'EROFS':
      return message('disk.isReadOnly', { folder });
    case 'EACCES':
    case 'EPERM':
      return message('disk.notPermitted', { folder });
    case 'EBUSY':
      return message('disk.isInUse', { folder });
    case 'ENOTDIR':
    case 'EEXIST':
      return message('disk.notFolder', { folder });
    default:
      return message('disk.other', { reason: saidOf(error), folder });
  }
}
