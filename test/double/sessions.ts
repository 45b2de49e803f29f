/** Stash's authentication: login, session cookie and API key (Stash: pkg/session, internal/api/authentication.go). */
import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

export type Credentials = {
  username: string;
  password: string;
  apiKey: string;
  maxSessionAgeSeconds: number;
};

export type Verdict = {
  readonly in: boolean;
  /** A wrong key is refused on all routes, also where a missing login would be redirected to the login page. */
  readonly wrongKey: boolean;
  /** To be sent with the answer: the session of a request that came with a cookie is renewed. */
  readonly setCookie: string | null;
};

export type Sessions = ReturnType<typeof createSessions>;

/** `now`: Unix milliseconds. */
export function createSessions(credentials: Credentials, now: () => number) {
  const secret = randomBytes(32);
  const sign = (text: string): string => createHmac('sha256', secret).update(text).digest('base64url');

  /** A value good for `maxSessionAgeSeconds` from now. */
  const create = (): string => {
    const issued = String(now());
    return `${Buffer.from(issued).toString('base64url')}.${sign(issued)}`;
  };
  const isGood = (value: string): boolean => {
    const [issued = '', signature = ''] = value.split('.');
    const text = Buffer.from(issued, 'base64url').toString();
    const expected = Buffer.from(sign(text));
    const given = Buffer.from(signature);
    return (
      expected.length === given.length &&
      timingSafeEqual(expected, given) &&
      now() - Number(text) <= credentials.maxSessionAgeSeconds * 1000
    );
  };
  const toSetCookie = (value: string): string => {
    const { maxSessionAgeSeconds: age } = credentials;
    return `session=${value}; Path=/; Expires=${new Date(now() + age * 1000).toUTCString()}; Max-Age=${age}; SameSite=Lax`;
  };

  return {
    create,
    toSetCookie,
    logIn: (username: string, password: string): boolean =>
      username !== '' && username === credentials.username && password === credentials.password,
    look(request: IncomingMessage, url: URL): Verdict {
      const header = request.headers['apikey'];
      const key = (typeof header === 'string' ? header : '') || (url.searchParams.get('apikey') ?? '');
      const cookie = /(?:^|;\s*)session=([^;]*)/.exec(request.headers.cookie ?? '')?.[1];
      const known = cookie !== undefined && isGood(cookie);
      const setCookie = known ? toSetCookie(create()) : null;
      if (key)
        return { in: key === credentials.apiKey, wrongKey: key !== credentials.apiKey, setCookie: null };
      if (credentials.username === '') return { in: true, wrongKey: false, setCookie };
      return { in: known, wrongKey: false, setCookie };
    },
  };
}
