/** Which ids of a performer may leave the user's machine: those of public stash-boxes. */
import type { StashIdValue } from '../../changes/change.ts';
import { toBlankedLine } from '../../printable.ts';
import { uniqueStashIds } from '../unique-stash-ids.ts';

/** Hosts of StashDB, ThePornDB, FansDB, PMVStash and JAVStash. */
const PUBLIC_HOSTS: ReadonlySet<string> = new Set([
  'stashdb.org',
  'theporndb.net',
  'fansdb.cc',
  'pmvstash.org',
  'javstash.org',
]);

/**
Those at the public boxes that are known by name, and whose address holds no user, password, port or query: any other could tell
of the user's network, whatever its name looks like, and no publisher knows such a box. In one order, each once.
*/
export function shareableIds(stashIds: readonly StashIdValue[]): StashIdValue[] {
  return uniqueStashIds(
    stashIds.filter(
      ({ endpoint, stashId }) => isPublic(endpoint) && isOnOneLine(endpoint) && isPlainId(stashId),
    ),
  );
}

export function isOnOneLine(text: string): boolean {
  return toBlankedLine(text) === text;
}

function isPlainId(id: string): boolean {
  return /^[\w-]{1,100}$/.test(id);
}

function isPublic(endpoint: string): boolean {
  if (endpoint.length > 300 || !URL.canParse(endpoint)) return false;
  const { protocol, host, username, password, search, hash } = new URL(endpoint);
  const isBare = username === '' && password === '' && search === '' && hash === '';
  return protocol === 'https:' && isBare && PUBLIC_HOSTS.has(host);
}
