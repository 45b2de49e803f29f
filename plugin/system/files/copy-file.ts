import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { message } from '../../../core/messages/message.ts';
import { createFile, FILE_MODE, hasModes, NotOurOwn, PROGRAM_MODE } from './own-files.ts';

/**
Copies a file to a path that does not exist yet, and flushes it. Neither path may be a link. Keeps the executable bit.
@param options.modifiedAt Unix ms, set last, so that a file with this time is complete; `beforeWhole` is called before that
@returns the SHA-256 of the content
@throws NotOurOwn when the source is not a file; the system's error
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
