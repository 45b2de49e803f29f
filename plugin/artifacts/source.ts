/** Opens one address for reading from an offset: http(s), or a local file. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { fileURLToPath } from 'node:url';
import { SaidError, saidOf } from '../../core/errors.ts';
import { message, type Message, type MessageId } from '../../core/messages/message.ts';

export type Source = {
  /** Offset of the first byte: 0 when the server ignores range requests. */
  readonly from: number;
  /** Size of the whole file; null when the server does not say. */
  readonly totalBytes: number | null;
  /** @throws SourceFailure when the connection ends early */
  readonly bytes: AsyncIterable<Uint8Array>;
  close(): void;
};

/** This address failed; another one may work. `said` follows a colon. */
export class SourceFailure extends SaidError {
  override name = 'SourceFailure' as const;
  /** Whether a retry of the same address may succeed. */
  readonly transient: boolean;
  constructor(said: Message, transient: boolean, options?: { cause?: unknown }) {
    super(said, options);
    this.transient = transient;
  }
}

export type SourceOptions = {
  readonly from?: number;
  /** Time without data after which the request fails. */
  readonly silenceMs?: number;
  readonly signal?: AbortSignal | undefined;
};

const SILENCE_MS = 60_000;
const MAX_REDIRECTS = 5;
/** Start of a web page: some hosts answer "not found" or "log in" with status 200. */
const PAGE = /^\s*(<!doctype html|<html|<head|<body|<\?xml[^>]*\?>\s*<!doctype html)/i;

/** @throws SourceFailure */
export async function openSource(url: URL, options: SourceOptions = {}): Promise<Source> {
  const source = url.protocol === 'file:' ? await openFile(url, options) : await openHttp(url, options);
  return source.from > 0 ? source : { ...source, bytes: withoutPage(source.bytes) };
}

async function openFile(url: URL, { from = 0, signal }: SourceOptions): Promise<Source> {
  const file = fileURLToPath(url);
  try {
    const found = await stat(file);
    if (!found.isFile()) throw new SourceFailure(message('fetch.noFile'), false);
    const stream = createReadStream(file, { start: from, ...(signal && { signal }) });
    // Whoever reads it gets the error. Where it is closed unread, the file may be gone before it was opened.
    stream.on('error', () => undefined);
    return { from, totalBytes: found.size, bytes: readable(stream), close: () => stream.destroy() };
  } catch (error) {
    throw toFailure(error);
  }
}

async function openHttp(
  start: URL,
  { from = 0, silenceMs = SILENCE_MS, signal }: SourceOptions,
): Promise<Source> {
  let url = start;
  for (let redirects = 0; ; redirects++) {
    const answer = await get(url, from, silenceMs, signal);
    const { statusCode = 0, headers } = answer;
    const close = (): void => void answer.destroy();
    if ([301, 302, 303, 307, 308].includes(statusCode)) {
      close();
      if (redirects === MAX_REDIRECTS)
        throw new SourceFailure(message('fetch.tooManyRedirects', { limit: MAX_REDIRECTS }), false);
      url = follow(url, headers.location);
      continue;
    }
    if (statusCode !== 200 && statusCode !== 206) {
      close();
      throw new SourceFailure(
        message(idOfStatus(statusCode), { status: statusCode }),
        statusCode === 429 || statusCode >= 500,
      );
    }
    if (/^\s*(text\/html|application\/xhtml)/i.test(headers['content-type'] ?? '')) {
      close();
      throw new SourceFailure(message('fetch.webPage'), false);
    }
    const range =
      statusCode === 206 ? /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(headers['content-range'] ?? '') : null;
    if (statusCode === 206 && !range) {
      close();
      throw new SourceFailure(message('fetch.unknownPart'), false);
    }
    // With a content encoding the length counts compressed bytes, not the file's.
    const length = headers['content-encoding'] ? undefined : headers['content-length'];
    const total = range ? range[2] : length;
    return {
      from: range ? Number(range[1]) : 0,
      totalBytes: total === undefined || total === '*' ? null : Number(total),
      bytes: readable(answer, () => answer.complete),
      close,
    };
  }
}

async function get(
  url: URL,
  from: number,
  silenceMs: number,
  signal: AbortSignal | undefined,
): Promise<http.IncomingMessage> {
  let answer: http.IncomingMessage | null = null;
  return await new Promise((resolve, reject) => {
    const request = (url.protocol === 'https:' ? https : http).get(
      url,
      {
        headers: {
          'user-agent': 'stash-sense',
          'accept-encoding': 'identity',
          ...(from > 0 && { range: `bytes=${from}-` }),
        },
        ...(signal && { signal }),
      },
      (response) => {
        answer = response;
        resolve(response);
      },
    );
    request.setTimeout(silenceMs, () => {
      const said = message('fetch.saidNothing', { seconds: Math.round(silenceMs / 1000) });
      const failure = new SourceFailure(said, true);
      // The response once there is one: destroying the request then would report "aborted" instead of this reason.
      (answer ?? request).destroy(failure);
    });
    request.on('error', (error) => reject(toFailure(error)));
  });
}

function follow(url: URL, location: string | undefined): URL {
  let next: URL;
  try {
    next = new URL(location ?? '', url);
  } catch {
    throw new SourceFailure(message('fetch.redirectNoAddress'), false);
  }
  if (next.protocol !== 'https:' && !(next.protocol === 'http:' && url.protocol === 'http:'))
    throw new SourceFailure(message('fetch.redirectProtocol', { protocol: next.protocol }), false);
  if (next.href === url.href) throw new SourceFailure(message('fetch.redirectToItself'), false);
  return next;
}

async function* readable(
  stream: AsyncIterable<Uint8Array>,
  complete: () => boolean = () => true,
): AsyncIterable<Uint8Array> {
  try {
    for await (const chunk of stream) yield chunk;
  } catch (error) {
    throw toFailure(error);
  }
  if (!complete()) throw new SourceFailure(message('fetch.brokeOff'), true);
}

async function* withoutPage(bytes: AsyncIterable<Uint8Array>): AsyncIterable<Uint8Array> {
  let first = true;
  for await (const chunk of bytes) {
    if (first && PAGE.test(Buffer.from(chunk.subarray(0, 200)).toString('latin1')))
      throw new SourceFailure(message('fetch.webPage'), false);
    first = false;
    yield chunk;
  }
}

function idOfStatus(status: number): MessageId {
  if (status === 404 || status === 410) return 'fetch.statusNotThere';
  if (status === 401 || status === 403) return 'fetch.statusNotGiven';
  return 'fetch.status';
}

function toFailure(error: unknown): SourceFailure | Error {
  if (error instanceof SourceFailure) return error;
  const { code, name } = error as NodeJS.ErrnoException;
  if (name === 'AbortError') return error as Error;
  const [id, transient] = SYSTEM_PROBLEMS[code ?? ''] ?? [null, true];
  return new SourceFailure(id === null ? saidOf(error) : message(id), transient, { cause: error });
}

/** For an error code: the text, and whether a retry may succeed. */
const SYSTEM_PROBLEMS: Readonly<Record<string, readonly [MessageId, boolean]>> = {
  ENOENT: ['fetch.notThere', false],
  EACCES: ['fetch.notPermitted', false],
  ECONNREFUSED: ['network.nothingListens', false],
  ECONNRESET: ['fetch.brokeOff', true],
  EPIPE: ['fetch.brokeOff', true],
  ETIMEDOUT: ['network.timedOut', true],
  ENOTFOUND: ['network.noHost', false],
  EAI_AGAIN: ['network.hostNotLookedUpMaybeOffline', true],
  EHOSTUNREACH: ['network.hostUnreachable', false],
  ENETUNREACH: ['network.noNetwork', false],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['network.selfSigned', false],
  SELF_SIGNED_CERT_IN_CHAIN: ['network.selfSigned', false],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['network.certificateUnverified', false],
  ERR_TLS_CERT_ALTNAME_INVALID: ['network.certificateOfOther', false],
  CERT_HAS_EXPIRED: ['network.certificateExpired', false],
};
