/**
Opening files that somebody else may have put there: a named pipe would block the open for ever, a device or an endless
file would fill the memory, a link would lead elsewhere.
*/
import { closeSync, constants, fstatSync, lstatSync, openSync, readSync, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { SaidError } from '../../../core/errors.ts';
import { message, type MessageId } from '../../../core/messages/message.ts';

/** Windows has the last three not (undefined, which counts as 0 between bits), and no named pipes in folders. */
const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW, O_NOCTTY } = constants;
/** Without O_NONBLOCK the open of a named pipe waits for its writer; on a regular file the flag does nothing. */
const READ = O_RDONLY | O_NONBLOCK | O_NOCTTY;
/** Notes of our own have a few kilobytes; the list of the files of an unpacked package a few hundred. */
const SMALL_BYTES = 4e6;
const CHUNK_BYTES = 64 << 10;

/** `said` is what the path is instead. */
export class NotRegularFile extends SaidError {
  override name = 'NotRegularFile' as const;
}

/**
A small file that we or our installer wrote, as text. A link is followed only where `links` says so: in our data folder
we make none.
@throws NotRegularFile for anything but a file, or one above 4 MB; the system's error when it cannot be read
*/
export function readSmallFile(
  file: string,
  { links = 'refuse' }: { links?: 'refuse' | 'follow' } = {},
): string {
  const descriptor = openSync(file, links === 'refuse' ? READ | O_NOFOLLOW : READ);
  try {
    requireRegular(fstatSync(descriptor));
    // The file may grow while it is read, so its size is counted and not asked.
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

/** Whether something other than a file is there: a link, a folder, a named pipe, a device. False where nothing is known. */
export function isIrregular(file: string): boolean {
  try {
    return lstatSync(file, { throwIfNoEntry: false })?.isFile() === false;
  } catch {
    return false;
  }
}

/**
A file of the user's for reading; links are followed. The caller closes the handle.
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
The whole content of a file of the user's; links are followed.
@throws NotRegularFile for anything but a file, or one above `maxBytes`; the system's error when it cannot be read
*/
export async function readRegularFile(file: string, maxBytes: number): Promise<Buffer> {
  const { handle, sizeBytes } = await openRegularFile(file);
  try {
    if (sizeBytes > maxBytes) throw tooLarge(maxBytes);
    const parts: Buffer[] = [];
    // One byte more than there should be, so that the second read usually is the last.
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
