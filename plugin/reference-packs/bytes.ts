/** Reads and writes the binary files of a pack from their beginning to their end, with their checksum. All platforms of Node are little-endian. */
import { createHash, type Hash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { message } from '../../core/messages/message.ts';
import { createFile } from '../system/files/own-files.ts';
import { PackDamage } from './damage.ts';

/** Of each file: magic, layout, four counts. */
export const HEADER_BYTES = 32;
const MAGIC_BYTES = 8;
/** Per read or write; between two of them other work of the process runs. */
const CHUNK_BYTES = 4 << 20;

export type Header = { readonly magic: string; readonly layout: number; readonly counts: readonly number[] };

export function headerBytes({ magic, layout, counts }: Header): Uint8Array {
  const bytes = Buffer.alloc(HEADER_BYTES);
  bytes.write(magic, 'latin1');
  for (const [n, value] of [layout, ...counts].entries()) bytes.writeUInt32LE(value, MAGIC_BYTES + 4 * n);
  return bytes;
}

export function readHeader(bytes: Buffer): Header {
  const numbers = Array.from({ length: 6 }, (_, n) => bytes.readUInt32LE(MAGIC_BYTES + 4 * n));
  return { magic: bytes.toString('latin1', 0, MAGIC_BYTES), layout: numbers[0]!, counts: numbers.slice(1) };
}

/** The bytes of an array, shared with it. */
export function bytesOf({ buffer, byteOffset, byteLength }: ArrayBufferView<ArrayBuffer>): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

export type PackFileWriter = {
  write(bytes: Uint8Array): Promise<void>;
  /** Writes the header, flushes and closes. */
  end(header: Header): Promise<{ readonly bytes: number; readonly sha256: string }>;
  /** Without `end`: what was written is given up. */
  close(): Promise<void>;
};

/** The header is written last, when the counts are known. */
export async function createPackFile(file: string): Promise<PackFileWriter> {
  const handle = await createFile(file);
  let isOpen = true;
  let end = HEADER_BYTES;
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const flush = async (): Promise<void> => {
    const chunk = Buffer.concat(waiting);
    [waiting, waitingBytes] = [[], 0];
    await writeAll(handle, chunk, end);
    end += chunk.length;
  };
  const close = async (): Promise<void> => {
    if (isOpen) await handle.close();
    isOpen = false;
  };
  return {
    async write(bytes) {
      waiting.push(bytes);
      waitingBytes += bytes.length;
      if (waitingBytes >= CHUNK_BYTES) await flush();
    },
    async end(header) {
      await flush();
      await writeAll(handle, headerBytes(header), 0);
      await handle.sync();
      await close();
      return { bytes: end, sha256: await sha256Of(file) };
    },
    close,
  };
}

async function sha256Of(file: string): Promise<string> {
  const { sha256OfFile } = await import('../system/files/hash-file.ts');
  return await sha256OfFile(file);
}

async function writeAll(handle: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await handle.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

export type PackFileReader = {
  /** Fills the target with what follows. @throws PackDamage where the file ends before */
  read(target: Uint8Array): Promise<void>;
  /** After the last read. @throws PackDamage where the checksum is another one */
  check(sha256: string): void;
};

/**
@param name for the sentence about damage
@param options `start`: where the part of the file begins that is read; `hash`: null where its checksum is known to be right
*/
export function createPackReader(
  handle: FileHandle,
  name: string,
  { start = 0, hash = createHash('sha256') }: { readonly start?: number; readonly hash?: Hash | null } = {},
): PackFileReader {
  let position = start;
  return {
    async read(target) {
      for (let done = 0; done < target.length;) {
        const length = Math.min(CHUNK_BYTES, target.length - done);
        const { bytesRead } = await handle.read(target, done, length, position);
        if (bytesRead === 0)
          throw new PackDamage(message('referencePacks.damage.endsTooEarly', { file: name }));
        hash?.update(target.subarray(done, done + bytesRead));
        done += bytesRead;
        position += bytesRead;
      }
    },
    check(sha256) {
      if (hash !== null && hash.digest('hex') !== sha256)
        throw new PackDamage(message('referencePacks.damage.checksum', { file: name }));
    },
  };
}
