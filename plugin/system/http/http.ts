/** HTTP requests to one server, with `node:http`: only it tells whether anything was sent before a request failed. */
import http from 'node:http';
import https from 'node:https';
import type { TLSSocket } from 'node:tls';
import { SaidError, StashSenseError } from '../../../core/errors.ts';
import { message, plain, type Message, type MessageId } from '../../../core/messages/message.ts';
import { createCheckedAgent, type Admit } from './agent.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | undefined;
  /** A longer body is not read to its end. */
  readonly maxBytes: number;
  /** Opens a new TCP connection: the server may have closed a kept-alive one, and the request would be lost. */
  readonly newConnection?: boolean;
  /** For this request, where it is shorter than that of the connection. */
  readonly silenceMs?: number;
  /** The whole answer has to be there by then: a server can send a byte now and then for ever. */
  readonly withinMs?: number;
};
export type HttpResponse = {
  readonly status: number;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: Uint8Array;
  /** The body was longer than `maxBytes` and is empty here. */
  readonly tooLarge: boolean;
};
type Protocol = 'http:' | 'https:';
export type Http = { send(request: HttpRequest): Promise<HttpResponse>; close(): void };

/** There was no complete answer. `sent` is false when the server cannot have received the request. `said` is shown in brackets. */
export class HttpFailure extends SaidError {
  override name = 'HttpFailure' as const;
  readonly sent: boolean;
  /** The server took the request and sent no data for `silenceMs`. */
  readonly silent: boolean;
  /** It took too long on a connection that was opened for it: one that was kept may be dead without a sign of it. */
  readonly isSlow: boolean;
  constructor(said: Message, sent: boolean, options?: { cause?: unknown; isNewConnection?: boolean }) {
    super(said, options);
    this.sent = sent;
    this.silent = sent && options?.cause instanceof Silence;
    this.isSlow = options?.cause instanceof TooLong && options.isNewConnection === true;
  }
}

class TooLong extends SaidError {}
class Silence extends TooLong {}

export type HttpOptions = {
  readonly admit: Admit;
  /** Time without data after which a request fails. */
  readonly silenceMs: number;
  /** The error for an invalid certificate, which a retry does not help. */
  readonly certificateError: (url: URL, problem: Message, cause: unknown) => StashSenseError;
};

export function createHttp(options: HttpOptions): Http {
  // Node unrefs idle connections of an agent: they do not keep the process alive.
  const shared = { keepAlive: true, maxSockets: 8 };
  const agents = new Map<Protocol, http.Agent>();
  // Each at its first use: to load Node's TLS takes longer than the whole answer of a Stash without it.
  const agentOf = (protocol: Protocol): http.Agent => {
    const agent = agents.get(protocol) ?? createCheckedAgent(protocol, shared, options.admit);
    agents.set(protocol, agent);
    return agent;
  };

  return {
    send: (request) =>
      new Promise((resolve, reject) => {
        const secure = request.url.protocol === 'https:';
        const protocol = secure ? 'https:' : 'http:';
        const silenceMs = Math.min(request.silenceMs ?? Infinity, options.silenceMs);
        let sent = false;
        const fail = (cause: unknown): void => {
          const problem = certificateProblem(cause, call.socket as TLSSocket | null);
          reject(
            problem
              ? options.certificateError(request.url, problem, cause)
              : toFailure(cause, sent, !call.reusedSocket),
          );
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
              ? createCheckedAgent(protocol, { keepAlive: false }, options.admit)
              : agentOf(protocol),
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
        call.setTimeout(silenceMs, () => call.destroy(new Silence(noAnswerWithin(silenceMs))));
        const { withinMs } = request;
        if (withinMs !== undefined) {
          const timer = setTimeout(() => call.destroy(new TooLong(noAnswerWithin(withinMs))), withinMs);
          call.on('close', () => clearTimeout(timer));
        }
        call.on('error', fail);
        call.end(request.body);
      }),
    close: () => {
      for (const agent of agents.values()) agent.destroy();
    },
  };
}

function noAnswerWithin(ms: number): Message {
  return message('network.noAnswerWithin', { seconds: Math.round(ms / 1000) });
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
  // Without a Content-Length an answer that was cut off ends the loop without an error.
  if (!answer.complete) throw new SaidError(message('network.answerBrokeOff'));
  return {
    status: answer.statusCode ?? 0,
    headers: answer.headers,
    body: Buffer.concat(chunks),
    tooLarge: false,
  };
}

/** What is wrong with the certificate; null: the failure is another one. */
function certificateProblem(cause: unknown, socket: TLSSocket | null): Message | null {
  const { code, message: reason } = cause as NodeJS.ErrnoException;
  // `authorizationError` holds the result of Node's check; without a check the codes differ.
  if (code === undefined || String(socket?.authorizationError) !== code) return null;
  const known = ERROR_TEXT[code];
  return known === undefined ? message('network.certificateInvalid', { reason }) : message(known);
}

function toFailure(cause: unknown, sent: boolean, isNewConnection: boolean): HttpFailure | StashSenseError {
  if (cause instanceof StashSenseError) return cause;
  if (cause instanceof SaidError) return new HttpFailure(cause.said, sent, { cause, isNewConnection });
  const { code, message: text } = cause as NodeJS.ErrnoException;
  const known = ERROR_TEXT[code ?? ''];
  const said = known === undefined ? plain(text || String(cause)) : message(known);
  return new HttpFailure(said, sent, { cause });
}

const ERROR_TEXT: Record<string, MessageId> = {
  ECONNREFUSED: 'network.nothingListens',
  ECONNRESET: 'network.wasCut',
  EPIPE: 'network.wasCut',
  ETIMEDOUT: 'network.timedOut',
  ENOTFOUND: 'network.noHost',
  EAI_AGAIN: 'network.hostNotLookedUp',
  EHOSTUNREACH: 'network.hostUnreachable',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'network.selfSigned',
  SELF_SIGNED_CERT_IN_CHAIN: 'network.selfSigned',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'network.certificateUnverified',
  ERR_TLS_CERT_ALTNAME_INVALID: 'network.certificateOfOther',
  CERT_HAS_EXPIRED: 'network.certificateExpired',
};
