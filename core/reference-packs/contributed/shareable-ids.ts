/** Which ids of a performer may leave the user's machine: those of public stash-boxes. */
import type { StashIdValue } from '../../changes/change.ts';
import { toBlankedLine } from '../../printable.ts';
import { keyOfStashId } from '../reference-pack.ts';
import { compareText } from '../candidate-images.ts';

/** Names of hosts that only a private network knows. */
const PRIVATE_HOST = /^(?:[^.]+|.*\.(?:local|localhost|lan|home|internal|intranet|home\.arpa))$/;

/**
Without ids of a box at an address of a private network, and without those whose address holds a user, a password or a query: it
would tell of the user's network, and no publisher knows such a box. In one order, each once.
*/
export function shareableIds(stashIds: readonly StashIdValue[]): StashIdValue[] {
  const byKey = new Map(
    stashIds
      .filter(({ endpoint, stashId }) => isPublic(endpoint) && isOnOneLine(endpoint) && isPlainId(stashId))
      .map((it) => [keyOfStashId(it), { endpoint: it.endpoint, stashId: it.stashId.toLowerCase() }]),
  );
  return [...byKey].toSorted(([a], [b]) => compareText(a, b)).map(([, it]) => it);
}

export function isOnOneLine(text: string): boolean {
  return toBlankedLine(text) === text;
}

function isPlainId(id: string): boolean {
  return /^[\w-]{1,100}$/.test(id);
}

function isPublic(endpoint: string): boolean {
  if (endpoint.length > 300 || !URL.canParse(endpoint)) return false;
  const { protocol, hostname, username, password, search, hash } = new URL(endpoint);
  const isBare = username === '' && password === '' && search === '' && hash === '';
  // An address in numbers is nobody's public box; brackets are IPv6.
  const isNumbers = /^[\d.]+$/.test(hostname) || hostname.startsWith('[');
  return protocol === 'https:' && isBare && !isNumbers && !PRIVATE_HOST.test(hostname);
}
