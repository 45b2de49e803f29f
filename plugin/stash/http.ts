/** One request to one Stash: node's own HTTP client, because only it says whether anything was sent before it failed. */
import http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { StashSenseError } from '../../core/errors.ts';
import { createStashAgent, LISTEN_HERE, type ReachOptions } from './agent.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** More than this is not read to its end. */
  readonly maxBytes: number;
  /** Opens a new TCP connection: a kept one may have been closed by the server meanwhile, and the request would be lost in it. */
  readonly newConnection?: boolean;
};
export type HttpResponse = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** The body went on beyond `maxBytes` and was cut. */
  readonly tooLarge: boolean;
};
export type Http = { send(request: HttpRequest): Promise<HttpResponse>; close(): void };

/** No whole answer came. `sent` is false when the server cannot have seen the request. */
export class HttpFailure extends Error {
  override name = 'HttpFailure' as const;
  readonly sent: boolean;
  constructor(message: string, sent: boolean, options?: { cause?: unknown }) {
    super(message, options);
    this.sent = sent;
  }
}

/** `silenceMs`: how long the server may say nothing. */
export function createHttp(options: ReachOptions & { readonly silenceMs: number }): Http {
  // Idle connections of these are unref'd by node: they do not keep the process alive.
  const shared = { keepAlive: true, maxSockets: 8 };
  const agents = {
    'http:': createStashAgent('http:', shared, options),
    'https:': createStashAgent('https:', shared, options),
  };

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const secure = request.url.protocol === 'https:';
        const protocol = secure ? 'https:' : 'http:';
        let sent = false;
        const fail = (cause: unknown): void => {
          const wrong = certificateTrouble(cause, call.socket as TLSSocket | null, request.url, options);
          reject(wrong ?? toFailure(cause, sent));
        };
        const call = (secure ? https : http).request(
          request.url,
          {
            method: request.method,
            hostname: request.url.hostname.replace(/^\[|\]$/g, ''),
            headers: {
              Host: request.url.host,
              ...request.headers,
              ...(request.body ? { 'Content-Length': String(request.body.length) } : {}),
            },
            agent: request.newConnection
              ? createStashAgent(protocol, { keepAlive: false }, options)
              : agents[protocol],
          },
          (answer) => {
            readBody(answer, request.maxBytes).then(resolve, fail);
          },
        );
        call.on('socket', (socket) => {
          if (!socket.connecting) sent = true;
          else
            socket.once(secure ? 'secureConnect' : 'connect', () => {
              sent = true;
            });
        });
        call.setTimeout(options.silenceMs, () =>
          call.destroy(new Error(`no answer within ${Math.round(options.silenceMs / 1000)} s`)),
        );
        call.on('error', fail);
        call.end(request.body);
      }),
    close: () => {
      agents['http:'].destroy();
      agents['https:'].destroy();
    },
  };
}

async function readBody(answer: http.IncomingMessage, maxBytes: number): Promise<HttpResponse> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      answer.destroy();
      return {
        status: answer.statusCode ?? 0,
        headers: answer.headers,
        body: new Uint8Array(),
        tooLarge: true,
      };
    }
    chunks.push(chunk);
  }
  // An answer that was cut off ends the loop without an error when its length was never announced.
  if (!answer.complete) throw new Error('the answer broke off half-way');
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: Buffer.concat(chunks),
    tooLarge: false,
  };
}

/** Only a certificate of another machine is checked, and another try does not change it: no HttpFailure. */
function certificateTrouble(
  cause: unknown,
  socket: TLSSocket | null,
  { origin }: URL,
  { carriesSession }: ReachOptions,
): StashSenseError | null {
  const { code, message } = cause as NodeJS.ErrnoException;
  // Node keeps there what the check found; a socket that is not checked fails with other codes.
  if (code === undefined || String(socket?.authorizationError) !== code) return null;
  const what = ERROR_TEXT[code] ?? `its certificate is not valid (${message})`;
  const todo = carriesSession
    ? LISTEN_HERE
    : 'give it a certificate that is valid for this name, or add --accept-any-certificate if you are sure that it is yours';
  return new StashSenseError(
    'stash-unreachable',
    `Stash at ${origin} is not on this machine, and ${what}: ${todo}.`,
    { cause },
  );
}

function toFailure(cause: unknown, sent: boolean): HttpFailure | StashSenseError {
  if (cause instanceof StashSenseError) return cause;
  const { code, message } = cause as NodeJS.ErrnoException;
  return new HttpFailure(ERROR_TEXT[code ?? ''] ?? (message || String(cause)), sent, { cause });
}

const ERROR_TEXT: Record<string, string> = {
  ECONNREFUSED: 'nothing listens there',
  ECONNRESET: 'the connection was cut',
  EPIPE: 'the connection was cut',
  ETIMEDOUT: 'the connection timed out',
  ENOTFOUND: 'there is no such host',
  EAI_AGAIN: 'the host name could not be looked up',
  EHOSTUNREACH: 'the host cannot be reached',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is self-signed',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  CERT_HAS_EXPIRED: 'its certificate has expired',
};

/** `http://host:9999` and, where Stash is behind a path, `http://host/stash`; no slash at the end. */
export function parseBaseUrl(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new StashSenseError(
      'bad-input',
      `"${text}" is no address of a Stash: write it like http://127.0.0.1:9999.`,
    );
  }
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new StashSenseError(
      'bad-input',
      `The address of Stash must begin with http:// or https://, not with ${url.protocol}//.`,
    );
  if (url.username || url.password || url.searchParams.has('apikey'))
    throw new StashSenseError(
      'bad-input',
      'The address of Stash must not hold a password or a key: give the API key in STASH_API_KEY.',
    );
  url.pathname = url.pathname.replace(/\/(graphql)?\/*$/, '');
  url.search = '';
  url.hash = '';
  return url;
}
