/**
Reads files that other programs may have replaced: opening a named pipe would block for ever, a device or an endless file
would fill the memory, and a link would lead elsewhere.
*/
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SaidError } from '../../../core/errors.ts';
import { message, type MessageId } from '../../../core/messages/message.ts';

/** The last three are undefined on Windows, which counts as 0 in a bitwise or; Windows has no named pipes in folders. */
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_NOCTTY } = constants;
/** O_NONBLOCK: opening a named pipe must not wait for a writer. The flag has no effect on a regular file. */
const READ = O_RDONLY | O_NONBLOCK | O_NOCTTY;
/** Our own small files have a few kilobytes; a receipt, the largest, a few hundred. */
const SMALL_BYTES = 4e6;
const CHUNK_BYTES = 64 << 10;
const TEXT_BYTES = 1 << 20;

/** `said` says what the path is instead. */
export class NotRegularFile extends SaidError {
  override name = 'NotRegularFile' as const;
}

/**
Reads a small text file that we or an installer wrote. By default refuses links, since we make none in the data folder.
@throws NotRegularFile when it is not a regular file, or larger than 4 MB; the system's error when it cannot be read
*/
export function readSmallFile(
  file: string,
  { links = 'refuse' }: { links?: 'refuse' | 'follow' } = {},
): string {
  const descriptor = openSync(file, links === 'refuse' ? READ | O_NOFOLLOW : READ);
  try {
    requireRegular(fstatSync(descriptor));
    // Counts bytes instead of using the size: the file may grow while it is read.
    const parts: Buffer[] = [];
    for (let bytes = 0; ;) {
      const part = Buffer.alloc(CHUNK_BYTES);
      const read = readSync(descriptor, part, 0, part.length, null);
      if (read === 0) return Buffer.concat(parts).toString('utf8');
      bytes += read;
      if (bytes > SMALL_BYTES) throw tooLarge(SMALL_BYTES);
      parts.push(part.subarray(0, read));
    }
  } finally {
    closeSync(descriptor);
  }
}

/**
The text of a file of ours, piece by piece; the caller may take its time with each. Refuses links, since we make none in the data
folder.
@throws NotRegularFile when it is not a regular file, or larger than `maxBytes`; the system's error when it cannot be read
*/
export async function* readOwnText(file: string, maxBytes: number): AsyncIterable<string> {
  const handle = await open(file, READ | O_NOFOLLOW);
  const decoder = new TextDecoder();
  try {
    requireRegular(await handle.stat());
    for (let bytes = 0; ;) {
      const part = Buffer.allocUnsafe(TEXT_BYTES);
      const { bytesRead } = await handle.read(part, 0, part.length, null);
      if (bytesRead === 0) return yield decoder.decode();
      bytes += bytesRead;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      yield decoder.decode(part.subarray(0, bytesRead), { stream: true });
    }
  } finally {
    await handle.close();
  }
}

/** Null where there is none that can be read. */
export function readSmallFileIfThere(file: string): string | null {
  try {
    return readSmallFile(file);
  } catch {
    return null;
  }
}

/**
The first bytes of a file of ours, fewer when it is shorter.
@throws NotRegularFile; the system's error, also for a link
*/
export function readStart(file: string, length: number): Uint8Array {
  const descriptor = openSync(file, READ | O_NOFOLLOW);
  try {
    requireRegular(fstatSync(descriptor));
    const start = Buffer.alloc(length);
    return start.subarray(0, readSync(descriptor, start, 0, length, 0));
  } finally {
    closeSync(descriptor);
  }
}

/** Whether the path is something other than a file: a link, a folder, a named pipe, a device. False when it cannot be read. */
export function isIrregular(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false })?.isFile() === false;
  } catch {
    return false;
  }
}

/**
Opens a file of the user for reading; follows links. The caller closes the handle.
@throws NotRegularFile; the system's error when it cannot be opened
*/
export async function openRegularFile(file: string): Promise<{ handle: FileHandle; sizeBytes: number }> {
  const handle = await open(file, READ);
  try {
    const found = await handle.stat();
    requireRegular(found);
    return { handle, sizeBytes: found.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/**
Reads the whole content of a file of the user; follows links.
@throws NotRegularFile when it is not a regular file, or larger than `maxBytes`; the system's error when it cannot be read
*/
export async function readRegularFile(file: string, maxBytes: number): Promise<Buffer> {
  const { handle, sizeBytes } = await openRegularFile(file);
  try {
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    const parts: Buffer[] = [];
    // One byte more than the size, so that the second read usually returns 0 and ends the loop.
    for (let bytes = 0, ahead = sizeBytes + 1; ; ahead = CHUNK_BYTES) {
      const part = Buffer.allocUnsafe(ahead);
      const { bytesRead } = await handle.read(part, 0, ahead, null);
      if (bytesRead === 0) return parts.length === 1 ? parts[0]! : Buffer.concat(parts);
      bytes += bytesRead;
      if (bytes > maxBytes) throw tooLarge(maxBytes);
      parts.push(part.subarray(0, bytesRead));
    }
  } finally {
    await handle.close();
  }
}

function tooLarge(maxBytes: number): NotRegularFile {
  return new NotRegularFile(message('file.tooLarge', { megabytes: Math.round(maxBytes / 1e6) }));
}

function requireRegular(found: Stats): void {
  if (!found.isFile()) throw new NotRegularFile(message(kindOf(found)));
}

function kindOf(found: Stats): MessageId {
  if (found.isDirectory()) return 'file.isFolder';
  if (found.isFIFO()) return 'file.isPipe';
  if (found.isSocket()) return 'file.isSocket';
  return found.isCharacterDevice() || found.isBlockDevice() ? 'file.isDevice' : 'file.isSomethingElse';
}
