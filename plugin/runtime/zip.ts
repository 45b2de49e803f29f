import { createReadStream } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { crc32, createInflateRaw } from 'node:zlib';
import { ArchiveFailure, type ArchiveEntry } from './archive.ts';

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 65_535;
const MAX_DIRECTORY_BYTES = 16 << 20;
const UNIX = 3;
const FILE_TYPE = 0o170_000;
const REGULAR = 0o100_000;
const FOLDER = 0o040_000;

/** By the directory at its end, as every program does that people trust. @throws ArchiveFailure */
export async function* readZip(file: string): AsyncIterable<ArchiveEntry> {
  const handle = await open(file, 'r');
  let entries: DirectoryEntry[];
  try {
    entries = await readDirectory(handle);
    for (const entry of entries) {
      const header = await readAt(handle, entry.offset, 30);
      if (header.readUInt32LE(0) !== 0x04_03_4b_50)
        throw new ArchiveFailure('it is damaged (an entry is not where it should be)');
      entry.offset += 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    }
  } finally {
    await handle.close();
  }
  for (const entry of entries)
    yield {
      name: entry.name,
      kind: entry.kind,
      executable: entry.executable,
      size: entry.size,
      bytes: readEntry(file, entry),
    };
}

type DirectoryEntry = Pick<ArchiveEntry, 'name' | 'kind' | 'executable' | 'size'> & {
  deflated: boolean;
  packedSize: number;
  crc: number;
  offset: number;
};

async function readDirectory(handle: FileHandle): Promise<DirectoryEntry[]> {
  const { size } = await handle.stat();
  const tail = await readAt(
    handle,
    Math.max(0, size - END_BYTES - MAX_COMMENT_BYTES),
    Math.min(size, END_BYTES + MAX_COMMENT_BYTES),
  );
  const end = tail.lastIndexOf(Buffer.from('PK\u0005\u0006', 'latin1'));
  if (end === -1 || end + END_BYTES > tail.length)
    throw new ArchiveFailure('it is damaged, or no zip archive');
  const count = tail.readUInt16LE(end + 10);
  const bytes = tail.readUInt32LE(end + 12);
  const offset = tail.readUInt32LE(end + 16);
  if (count === 0xff_ff || offset === 0xff_ff_ff_ff)
    throw new ArchiveFailure('it is a zip archive of the large kind, which is not read here');
  if (bytes > MAX_DIRECTORY_BYTES) throw new ArchiveFailure('its table of contents is too large');
  const directory = await readAt(handle, offset, bytes);

  const entries: DirectoryEntry[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > directory.length || directory.readUInt32LE(at) !== 0x02_01_4b_50)
      throw new ArchiveFailure('it is damaged (table of contents)');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((it) =>
      directory.readUInt16LE(at + it),
    ) as [number, number, number];
    const name = directory.toString('utf8', at + 46, at + 46 + nameLength);
    const method = directory.readUInt16LE(at + 10);
    if ((directory.readUInt16LE(at + 8) & 1) !== 0) throw new ArchiveFailure('it needs a password');
    if (method !== 0 && method !== 8) throw new ArchiveFailure('it is packed in a way that is not read here');
    const mode = directory[at + 5] === UNIX ? directory.readUInt32LE(at + 38) >>> 16 : 0;
    entries.push({
      name,
      kind: kindOf(name, mode),
      executable: (mode & 0o100) !== 0,
      size: directory.readUInt32LE(at + 24),
      deflated: method === 8,
      packedSize: directory.readUInt32LE(at + 20),
      crc: directory.readUInt32LE(at + 16),
      offset: directory.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return entries;
}

function kindOf(name: string, mode: number): ArchiveEntry['kind'] {
  const type = mode & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== FOLDER) return 'other';
  return name.endsWith('/') || type === FOLDER ? 'folder' : 'file';
}

async function* readEntry(file: string, entry: DirectoryEntry): AsyncIterable<Uint8Array> {
  if (entry.packedSize === 0) return;
  const packed = createReadStream(file, { start: entry.offset, end: entry.offset + entry.packedSize - 1 });
  const stream: Readable = entry.deflated ? packed.pipe(createInflateRaw()) : packed;
  packed.on('error', (error) => stream.destroy(error));
  let crc = 0;
  let size = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      crc = crc32(chunk, crc);
      size += chunk.length;
      if (size > entry.size) throw new ArchiveFailure('it is larger than it says');
      yield chunk;
    }
  } catch (error) {
    throw error instanceof ArchiveFailure ? error : new ArchiveFailure('it is damaged', { cause: error });
  } finally {
    packed.destroy();
    stream.destroy();
  }
  if (size !== entry.size || crc !== entry.crc) throw new ArchiveFailure('it is damaged');
}

async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  for (let at = 0; at < length;) {
    const { bytesRead } = await handle.read(buffer, at, length - at, position + at);
    if (bytesRead === 0) throw new ArchiveFailure('it ends too early');
    at += bytesRead;
  }
  return buffer;
}
