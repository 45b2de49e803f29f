/** One address opened for reading, from an offset on: http(s), or a file on a disk. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import http from 'node:http';
import https from 'node:https';
import { fileURLToPath } from 'node:url';
import { SaidError, saidOf } from '../../core/errors.ts';
import { message, type Message, type MessageId } from '../../core/messages/message.ts';

export type Source = {
  /** Where the bytes begin: 0 where the server knows no ranges. */
  readonly from: number;
  /** Of the whole file; null where it is not said. */
  readonly totalBytes: number | null;
  /** @throws SourceFailure when it breaks off */
  readonly bytes: AsyncIterable<Uint8Array>;
  close(): void;
};

/** This address did not give what was asked of it; another one may. `said` stands behind a colon. */
export class SourceFailure extends SaidError {
  override name = 'SourceFailure' as const;
  /** Trying the same address again may help. */
  readonly passing: boolean;
  constructor(said: Message, passing: boolean, options?: { cause?: unknown }) {
    super(said, options);
    this.passing = passing;
  }
}

export type SourceOptions = {
  readonly from?: number;
  /** How long a server may say nothing. */
  readonly silenceMs?: number;
  readonly signal?: AbortSignal | undefined;
};

const SILENCE_MS = 60_000;
const MAX_REDIRECTS = 5;
/** Of the start of the content: a page that says "not found" or "log in" with status 200. */
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
    const answer = await ask(url, from, silenceMs, signal);
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
    // A length that counts compressed bytes says nothing of ours.
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

async function ask(
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
      // Only what is destroyed first tells the reason; the other one would say "aborted".
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
  const [id, passing] = SYSTEM_PROBLEMS[code ?? ''] ?? [null, true];
  return new SourceFailure(id === null ? saidOf(error) : message(id), passing, { cause: error });
}

/** What it means, and whether it may pass by itself. */
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
