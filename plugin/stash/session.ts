import type { IncomingHttpHeaders } from 'node:http';
import type { Secrets } from '../system/redactor.ts';

export type Cookie = { readonly name: string; readonly value: string };

/** Credentials for Stash. A cookie is valid for one hour after its last renewal, an API key for ever: the key is preferred. */
export type Session = {
  headers(): Record<string, string>;
  /** Stores the cookie that Stash renews with each answer. */
  learn(headers: IncomingHttpHeaders): void;
  useApiKey(key: string): void;
  /** After a 401 (the key was changed, the cookie has expired): switches between key and cookie. False when there is no other. */
  switchOver(): boolean;
  readonly kind: 'none' | 'cookie' | 'key';
};

export function createSession(
  start: { cookie?: Cookie | null; apiKey?: string | null },
  secrets: Secrets,
): Session {
  let cookie = start.cookie ?? null;
  let apiKey = start.apiKey || null;
  let prefersKey = true;
  let switched = false;
  secrets.add(cookie?.value);
  secrets.add(apiKey);
  const kind = (): Session['kind'] =>
    apiKey && (prefersKey || !cookie) ? 'key' : cookie ? 'cookie' : 'none';

  return {
    get kind() {
      return kind();
    },
    // Never both: Stash answers 401 to a wrong key even with a valid cookie.
    headers(): Record<string, string> {
      if (kind() === 'key' && apiKey) return { ApiKey: apiKey };
      return cookie ? { Cookie: `${cookie.name}=${cookie.value}` } : {};
    },
    learn(headers) {
      if (!cookie) return;
      for (const line of headers['set-cookie'] ?? []) {
        const [pair = ''] = line.split(';');
        const [name, ...value] = pair.split('=');
        if (name?.trim() !== cookie.name || value.length === 0) continue;
        cookie = { name: cookie.name, value: value.join('=').trim() };
        secrets.addRenewed(cookie.value);
      }
    },
    useApiKey(key) {
      apiKey = key;
      prefersKey = true;
      switched = false;
      secrets.add(key);
    },
    switchOver() {
      if (switched || !apiKey || !cookie) return false;
      switched = true;
      prefersKey = !prefersKey;
      return true;
    },
  };
}
