import path from 'node:path';
import { openRegularFile } from './regular-file.ts';

const CHUNK_BYTES = 4 << 20;

/**
Hands the bytes of a file on, in their order; follows links.
@param part from `start`, so many bytes; absent: all
@throws NotRegularFile; the system's error, also where the file ends before
*/
export async function copyBytes(
  from: string,
  write: (chunk: Uint8Array) => Promise<void>,
  part?: { readonly start: number; readonly bytes: number },
): Promise<void> {
  const { handle, sizeBytes } = await openRegularFile(from);
  try {
    const { start, bytes } = part ?? { start: 0, bytes: sizeBytes };
    for (let at = start; at < start + bytes;) {
      const chunk = Buffer.alloc(Math.min(CHUNK_BYTES, start + bytes - at));
      const { bytesRead } = await handle.read(chunk, 0, chunk.length, at);
      if (bytesRead === 0) throw new Error(`${path.basename(from)} has become shorter`);
      await write(chunk.subarray(0, bytesRead));
      at += bytesRead;
    }
  } finally {
    await handle.close();
  }
}
