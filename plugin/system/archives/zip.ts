import { crc32 } from 'node:zlib';
import type { Entry, ZipFile } from 'yauzl';
import { message } from '../../../core/messages/message.ts';
import { ArchiveFailure, type ArchiveEntry } from './archive.ts';

const UNIX = 3;
const FILE_TYPE = 0o170_000;
const REGULAR = 0o100_000;
const FOLDER = 0o040_000;
const STORED = 0;
const DEFLATED = 8;

/**
Reads a zip by its central directory, as common unzip programs do.
@throws ArchiveFailure; errors of the disk unchanged
*/
export async function* readZip(file: string): AsyncIterable<ArchiveEntry> {
  // Imported here: most processes unpack nothing and need not load the package.
  const { openPromise } = await import('yauzl');
  try {
    // Names are read as bytes: yauzl's own checks of names differ from those of unpack.ts.
    const zip = await openPromise(file, { autoClose: false, lazyEntries: true, decodeStrings: false });
    try {
      for await (const entry of zip.eachEntry()) {
        const name = (entry.fileName as unknown as Buffer).toString('utf8');
        if (entry.isEncrypted()) throw new ArchiveFailure(message('archive.needsPassword'));
        if (entry.compressionMethod !== STORED && entry.compressionMethod !== DEFLATED)
          throw new ArchiveFailure(message('archive.unknownPacking'));
        const mode = entry.versionMadeBy >> 8 === UNIX ? entry.externalFileAttributes >>> 16 : 0;
        yield {
          name,
          kind: kindOf(name, mode),
          executable: (mode & 0o100) !== 0,
          size: entry.uncompressedSize,
          bytes: readEntry(zip, entry),
        };
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw archiveFailure(error);
  }
}

function kindOf(name: string, mode: number): ArchiveEntry['kind'] {
  const type = mode & FILE_TYPE;
  if (type !== 0 && type !== REGULAR && type !== FOLDER) return 'other';
  return name.endsWith('/') || type === FOLDER ? 'folder' : 'file';
}

/** yauzl checks the size; the checksum is checked here. */
async function* readEntry(zip: ZipFile, entry: Entry): AsyncIterable<Uint8Array> {
  let crc = 0;
  try {
    for await (const chunk of (await zip.openReadStreamPromise(entry)) as AsyncIterable<Buffer>) {
      crc = crc32(chunk, crc);
      yield chunk;
    }
  } catch (error) {
    throw archiveFailure(error);
  }
  if (crc !== entry.crc32) throw new ArchiveFailure(message('archive.damaged'));
}

/** Errors of yauzl have no code, those of zlib begin with `Z_`; all others are the disk's. */
function archiveFailure(error: unknown): unknown {
  if (error instanceof ArchiveFailure) return error;
  const { code, message: text } = error as NodeJS.ErrnoException;
  if (code !== undefined && !code.startsWith('Z_')) return error;
  const isTooLarge = text.startsWith('too many bytes in the stream');
  return new ArchiveFailure(message(isTooLarge ? 'archive.largerThanItSays' : 'archive.noZip'), {
    cause: error,
  });
}
