/** Fingerprints as Stash computes them, for files without one in Stash. */
import { createHash } from 'node:crypto';
import type { ContentId } from '../../core/content-id.ts';
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { toFileError } from '../../core/file-problem.ts';
import { openRegularFile } from '../system/files/regular-file.ts';

const CHUNK_BYTES = 64 << 10;

/**
Size plus the 64-bit little-endian words of the first and the last 64 KiB, modulo 2^64, as 16 hex digits.
@throws StashSenseError `unreadable-media` (too short), `file-missing`
*/
export async function computeOshash(file: string): Promise<ContentId> {
  return await reading(file, async () => {
    const { handle, sizeBytes: size } = await openRegularFile(file);
    try {
      if (size <= 8)
        throw new StashSenseError(
          'unreadable-media',
          message('media.onlyBytes', { path: file, bytes: size }),
        );
      // Of a file shorter than a chunk Stash hashes the whole file twice, truncated to whole words.
      const length = Math.min(size, CHUNK_BYTES) & ~7;
      let sum = BigInt(size);
      for (const position of [0, size - length]) {
        const chunk = Buffer.alloc(length);
        for (let done = 0; done < length;) {
          const { bytesRead } = await handle.read(chunk, done, length - done, position + done);
          if (bytesRead === 0)
            throw new StashSenseError('file-missing', message('media.becameShorter', { path: file }));
          done += bytesRead;
        }
        for (let i = 0; i < length; i += 8) sum += chunk.readBigUInt64LE(i);
      }
      return `oshash:${BigInt.asUintN(64, sum).toString(16).padStart(16, '0')}` as const;
    } finally {
      await handle.close();
    }
  });
}

/** @throws StashSenseError `file-missing` */
export async function computeMd5(file: string): Promise<ContentId> {
  return await reading(file, async () => {
    const hash = createHash('md5');
    const { handle } = await openRegularFile(file);
    // The stream closes the handle at its end.
    for await (const chunk of handle.createReadStream({ highWaterMark: 1 << 20 }))
      hash.update(chunk as Buffer);
    return `md5:${hash.digest('hex')}` as const;
  });
}

async function reading<T>(file: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    throw toFileError(file, cause);
  }
}
