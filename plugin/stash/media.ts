import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { Library } from '../../core/ports/library.ts';
import { RetryableError, type Connection } from './connection.ts';
import { HttpFailure, type HttpResponse } from '../system/http/http.ts';

/** A disk that must spin up first needs 10 to 20 s. */
const SILENCE_MS = 30_000;

/** Fetches the bytes at a path of Stash's server; see `Library.fetchMedia`. */
export function createMediaFetcher(connection: Connection): Library['fetchMedia'] {
  return async (path, maxBytes) => {
    if (!/^\/(?!\/)/.test(path)) throw new StashSenseError('bad-input', message('stash.noPath', { path }));
    return await connection.withRetry('read', async () => {
      const answer = await connection
        .send({
          method: 'GET',
          path,
          headers: { Accept: 'image/*,video/*' },
          maxBytes,
          silenceMs: SILENCE_MS,
        })
        .catch((error: unknown) => {
          throw error instanceof HttpFailure && error.silent ? nothingSent(path, error) : error;
        });
      return toBytes(answer, path, maxBytes, (text) => connection.redact(text));
    });
  };
}

/**
Stash opens the file while it answers: a named pipe or a disk that hangs keeps it silent for ever, and another attempt
would hang too. A Stash that hangs as a whole fails at the next GraphQL request.
*/
function nothingSent(path: string, cause: HttpFailure): StashSenseError {
  return new StashSenseError(
    'file-missing',
    message('stash.answersNothingAt', { path: path.replace(/\?.*$/, ''), reason: cause.said }),
    { cause },
  );
}

function toBytes(
  { status, headers, body, tooLarge }: HttpResponse,
  path: string,
  maxBytes: number,
  redact: (text: string) => string,
) {
  const place = path.replace(/\?.*$/, '');
  const type = (headers['content-type'] ?? '').toLowerCase();
  // Stash answers with an SVG placeholder when there is no cover.
  if (status === 404 || (status === 200 && type.startsWith('image/svg'))) return null;
  // Stash answers 500 for a picture whose file is missing (internal/api/routes_image.go, serveImage).
  if (status !== 200) {
    const reason = reasonIn(type, body, redact);
    throw new StashSenseError(
      'unreadable-media',
      reason === ''
        ? message('stash.cannotGive', { path: place, status })
        : message('stash.cannotGiveBecause', { path: place, status, reason }),
    );
  }
  if (/^(text\/html|application\/json)/.test(type))
    throw new RetryableError(message('stash.answeredAt', { type, path: place }));
  // Stash takes the type from the file's extension, so a picture may have the type application/octet-stream.
  if (!/^(image\/|video\/|application\/octet-stream)/.test(type))
    throw new StashSenseError(
      'unreadable-media',
      message('stash.noPictureOrVideo', { path: place, type: type || message('stash.ofNoType') }),
    );
  if (tooLarge)
    throw new StashSenseError(
      'unreadable-media',
      message('stash.tooLarge', { path: place, megabytes: megabytes(maxBytes) }),
    );
  return body;
}

/** The reason, which Go's `http.Error` writes as a line of plain text. */
function reasonIn(type: string, body: Uint8Array, redact: (text: string) => string): string {
  const [line = ''] = type.startsWith('text/plain')
    ? redact(Buffer.from(body).toString('utf8')).trim().split('\n')
    : [];
  return line.slice(0, 300);
}

function megabytes(bytes: number): string {
  return (bytes / (1 << 20)).toFixed(bytes < 10 << 20 ? 1 : 0);
}
