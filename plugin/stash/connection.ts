/** The connection to one Stash: address, login, retries. Used for GraphQL and for media. */
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf, SaidError, saidOf, StashSenseError } from '../../core/errors.ts';
import { message, type Message, type MessageId } from '../../core/messages/message.ts';
import type { Log } from '../../core/ports/log.ts';
import { createStashHttp, parseBaseUrl } from './http.ts';
import { HttpFailure, type HttpRequest, type HttpResponse } from '../system/http/http.ts';
import { createSession, type Cookie, type Session } from './session.ts';
import type { Secrets } from '../system/redactor.ts';

export type ConnectionOptions = {
  readonly baseUrl: string;
  readonly cookie?: Cookie | null;
  readonly apiKey?: string | null;
  readonly secrets: Secrets;
  readonly log: Log;
  /** True: certificates of other machines are not checked. Those of this machine never are. */
  readonly acceptAnyCertificate?: boolean;
  /** Whether an address belongs to this machine. Default: loopback and its network interfaces. */
  readonly isThisMachine?: (address: string) => boolean;
  /** Pauses between attempts. */
  readonly retryDelaysMs?: readonly number[];
  /** Time without data after which a request fails. */
  readonly silenceMs?: number;
};

export type StashRequest = Omit<HttpRequest, 'url' | 'headers'> & {
  /** Path relative to the server, with its query. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
};

export type Connection = {
  readonly baseUrl: string;
  readonly session: Session;
  /** One attempt. @throws HttpFailure, RetryableError, StashSenseError `stash-unreachable` (login required) */
  send(request: StashRequest): Promise<HttpResponse>;
  /**
  Retries until it succeeds or the retry delays are used up; retries a write only when nothing can have been written.
  @throws StashSenseError `stash-unreachable`
  */
  withRetry<T>(kind: 'read' | 'write', attempt: () => Promise<T>): Promise<T>;
  /** Redacts secrets. Redact before shortening a text: shortening could leave half a secret. */
  redact(text: string): string;
  /** Adds a secret to redact. */
  hide(secret: string | null): void;
  close(): void;
};

/** The answer is not one of a working Stash. `nothingDone`: Stash says that it wrote nothing. `said` is shown in brackets. */
export class RetryableError extends SaidError {
  override name = 'RetryableError' as const;
  readonly nothingDone: boolean;
  constructor(said: Message, options?: { nothingDone?: boolean; cause?: unknown }) {
    super(said, options);
    this.nothingDone = options?.nothingDone ?? false;
  }
}

/** About ten seconds in total: the time of a restart of Stash. */
const RETRY_DELAYS_MS = [200, 500, 1000, 2500, 6000];
const SILENCE_MS = 60_000;
/** Stash or a proxy before it fails temporarily. Not 500, which can concern a single picture: the caller decides about it. */
const UNWELL_STATUS: ReadonlySet<number> = new Set([429, 502, 503, 504]);

export function createConnection(options: ConnectionOptions): Connection {
  const base = parseBaseUrl(options.baseUrl);
  const baseUrl = base.origin + base.pathname.replace(/\/$/, '');
  const session = createSession(options, options.secrets);
  const http = createStashHttp({
    acceptAnyCertificate: options.acceptAnyCertificate,
    carriesSession: options.cookie != null,
    isThisMachine: options.isThisMachine,
    onUnencrypted: warnOnce,
    silenceMs: options.silenceMs ?? SILENCE_MS,
  });
  let warned = false;
  const delays = options.retryDelaysMs ?? RETRY_DELAYS_MS;

  function warnOnce(): void {
    if (warned || session.kind !== 'key') return;
    warned = true;
    options.log.warn(
      `The API key goes unencrypted to another machine (${base.host}), where anybody on the way can read it: use https, or a tunnel (docs/password-and-proxy.md).`,
    );
  }

  async function send(request: StashRequest): Promise<HttpResponse> {
    const { path, headers, ...rest } = request;
    const answer = await http.send({
      ...rest,
      url: new URL(baseUrl + path),
      headers: { ...headers, ...session.headers() },
    });
    session.learn(answer.headers);
    if (isLockedOut(answer)) {
      if (session.switchOver()) return await send(request);
      throw new StashSenseError('stash-unreachable', message(LOCKED_OUT[session.kind], { address: baseUrl }));
    }
    if (UNWELL_STATUS.has(answer.status))
      throw new RetryableError(message('stash.answeredStatus', { status: answer.status }));
    return answer;
  }

  async function withRetry<T>(kind: 'read' | 'write', attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof HttpFailure || error instanceof RetryableError)) throw error;
        const nothingDone = error instanceof RetryableError ? error.nothingDone : !error.sent;
        if (kind === 'write' && !nothingDone) throw uncertainWrite(baseUrl, error);
        const delay = delays[tries - 1];
        if (delay === undefined) throw unreachable(baseUrl, error, tries);
        options.log.debug(`Stash: ${messageOf(error)}; next try in ${delay} ms`);
        await sleep(delay);
      }
    }
  }

  return {
    baseUrl,
    session,
    send,
    withRetry,
    redact: (text) => options.secrets.redact(text),
    hide: (secret) => options.secrets.add(secret),
    close: () => http.close(),
  };
}

/** Routes whose last part has no extension redirect to the login page instead of answering 401. */
function isLockedOut({ status, headers }: HttpResponse): boolean {
  const redirected = status >= 300 && status < 400;
  return status === 401 || (redirected && /\/login(\?|$)/.test(headers.location ?? ''));
}

/** Texts by the kind of credentials that were sent. */
const LOCKED_OUT = {
  none: 'stash.loginMissing',
  cookie: 'stash.sessionEnded',
  key: 'stash.unknownKey',
} as const satisfies Record<Session['kind'], MessageId>;

function uncertainWrite(baseUrl: string, cause: unknown): StashSenseError {
  return new StashSenseError(
    'stash-unreachable',
    message('stash.uncertainWrite', { address: baseUrl, problem: saidOf(cause) }),
    { cause },
  );
}

function unreachable(baseUrl: string, cause: unknown, tries: number): StashSenseError {
  return new StashSenseError(
    'stash-unreachable',
    message('stash.unreachable', { address: baseUrl, problem: saidOf(cause), tries }),
    { cause },
  );
}
