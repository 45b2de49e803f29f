import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { message } from '../../../core/messages/message.ts';
import { createFile, FILE_MODE, hasModes, NotOurOwn, PROGRAM_MODE } from './own-files.ts';

/**
Copies a file to a place where nothing is yet, onto the disk; neither end may be a link. Executable it is where the source is.
@param options.modifiedAt in ms: set last of all, so that a file with this time is whole; `beforeWhole` is called before that
@returns the SHA-256 of what was copied
@throws NotOurOwn when the source is no file; whatever the system says
*/
export async function copyNew(
  source: string,
  target: string,
  options: { modifiedAt?: number; beforeWhole?: (sha256: string) => void } = {},
): Promise<string> {
  const flags = hasModes ? constants.O_NOFOLLOW | constants.O_NONBLOCK : 0;
  const from = await open(source, constants.O_RDONLY | flags);
  try {
    const found = await from.stat();
    if (!found.isFile()) throw new NotOurOwn('EEXIST', message('file.notFile', { place: source }));
    const to = await createFile(target, (found.mode & 0o100) === 0 ? FILE_MODE : PROGRAM_MODE);
    try {
      const hash = createHash('sha256');
      for await (const chunk of from.createReadStream({ autoClose: false, highWaterMark: 1 << 20 })) {
        hash.update(chunk as Buffer);
        await to.writeFile(chunk as Buffer);
      }
      await to.sync();
      const sha256 = hash.digest('hex');
      options.beforeWhole?.(sha256);
      if (options.modifiedAt !== undefined)
        await to.utimes(options.modifiedAt / 1000, options.modifiedAt / 1000);
      return sha256;
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}
