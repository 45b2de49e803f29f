import { Readable, pipeline } from 'node:stream';
import type { ExtractEvents } from 'tar-stream';
import { message } from '../../core/messages/message.ts';
import { ArchiveFailure, type ArchiveEntry } from './archive.ts';

type Entry = ExtractEvents['entry'][1];

/** Archives from before ustar too; the package's types do not know the option. */
const OPTIONS = { allowUnknownFormat: true } as object;

/**
ustar, with the long names of GNU tar and of pax.
@throws ArchiveFailure; what `stream` itself throws passes through
*/
export async function* readTar(stream: AsyncIterable<Uint8Array>): AsyncIterable<ArchiveEntry> {
  // Most processes unpack nothing: they do not load the package either.
  const { extract } = await import('tar-stream');
  const source = keepError(stream);
  const entries = extract(OPTIONS);
  // An error of either destroys both; the loops below throw it.
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
      // Passes over what was not read.
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

/** The package's own errors are plain ones: an entry that does not add up, or the end where more was announced. */
function archiveFailure(error: unknown): unknown {
  if (error instanceof ArchiveFailure) return error;
  const isEnd = error instanceof Error && error.message === 'Unexpected end of data';
  return new ArchiveFailure(message(isEnd ? 'archive.endsTooEarly' : 'archive.noTar'), {
    cause: error,
  });
}

/** Tells an error of the stream from one of the archive that it carries. */
function keepError(stream: AsyncIterable<Uint8Array>): {
  stream: AsyncIterable<Uint8Array>;
  error: () => unknown;
} {
  let kept: unknown = null;
  async function* read(): AsyncIterable<Uint8Array> {
    try {
      yield* stream;
    } catch (error) {
      kept = error;
      throw error;
    }
  }
  return { stream: read(), error: () => kept };
}
