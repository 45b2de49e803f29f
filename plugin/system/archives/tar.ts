import { Readable, pipeline } from 'node:stream';
import type { ExtractEvents } from 'tar-stream';
import { message } from '../../../core/messages/message.ts';
import { ArchiveFailure, type ArchiveEntry } from './archive.ts';

type Entry = ExtractEvents['entry'][1];

/** Accepts pre-ustar archives too; the types of tar-stream lack this option. */
const OPTIONS = { allowUnknownFormat: true } as object;

/**
Reads ustar, with the long names of GNU tar and pax.
@throws ArchiveFailure; errors of `stream` unchanged
*/
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncIterable<ArchiveEntry> {
  // Imported here: most processes unpack nothing and need not load the package.
  const { extract } = await import('tar-stream');
  const source = captureError(stream);
  const entries = extract(OPTIONS);
  // An error of either stream destroys both; the loops below throw it.
  pipeline(Readable.from(source.stream), entries, () => undefined);
  const failure = (error: unknown): unknown => source.error() ?? archiveFailure(error);
  try {
    for await (const entry of entries) {
      yield {
        name: entry.header.name,
        kind: kindOf(entry.header),
        executable: (entry.header.mode & 0o100) !== 0,
        size: entry.header.size,
        bytes: readEntry(entry, failure),
      };
      // Skips the bytes that were not read.
      entry.resume();
    }
  } catch (error) {
    throw failure(error);
  } finally {
    entries.destroy();
  }
}

async function* readEntry(entry: Entry, failure: (error: unknown) => unknown): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of entry as AsyncIterable<Uint8Array>) yield chunk;
  } catch (error) {
    throw failure(error);
  }
}

function kindOf({ type, name }: Entry['header']): ArchiveEntry['kind'] {
  if (type === 'directory') return 'folder';
  if (type !== 'file' && type !== 'contiguous-file') return 'other';
  return name.endsWith('/') ? 'folder' : 'file';
}

/** tar-stream throws plain errors: a bad header or checksum, or an end before the announced size. */
function archiveFailure(error: unknown): unknown {
  if (error instanceof ArchiveFailure) return error;
  const isEnd = error instanceof Error && error.message === 'Unexpected end of data';
  return new ArchiveFailure(message(isEnd ? 'archive.endsTooEarly' : 'archive.noTar'), {
    cause: error,
  });
}

/** Records an error of the stream itself, to distinguish it from an error in the archive's format. */
function captureError(stream: AsyncIterable<Uint8Array>): {
  stream: AsyncIterable<Uint8Array>;
  error: () => unknown;
} {
  let captured: unknown = null;
  async function* read(): AsyncIterable<Uint8Array> {
    try {
      yield* stream;
    } catch (error) {
      captured = error;
      throw error;
    }
  }
  return { stream: read(), error: () => captured };
}
