/** Which performers of stash-boxes are said to be the same by a box itself: an address, an id, a merge. */
import type { StashIdValue } from '../../changes/change.ts';
import type { BoxPerformer } from '../../ports/stash-box.ts';
import { boxHost } from '../box-address.ts';
import { keyOfStashId, type JoinEvidence } from '../reference-pack.ts';

export type BoxLink = NonNullable<JoinEvidence['link']>;

export type LinkedPerformer = StashIdValue & Pick<BoxPerformer, 'urls' | 'mergedIds' | 'mergedIntoId'>;

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Merges of merges are followed so far. */
const MAX_HOPS = 10;

/**
@param performers those who were merged into somebody else are redirects
@param found called with each two that are linked, the same two maybe several times
*/
export function findLinks(
  performers: readonly LinkedPerformer[],
  found: (one: StashIdValue, other: StashIdValue, link: BoxLink) => void,
): void {
  const alive = performers.filter(({ mergedIntoId }) => mergedIntoId === null);
  const mergedInto = new Map<string, string>();
  for (const { endpoint, stashId, mergedIds, mergedIntoId } of performers) {
    for (const id of mergedIds) mergedInto.set(keyOfStashId({ endpoint, stashId: id }), stashId);
    if (mergedIntoId !== null) mergedInto.set(keyOfStashId({ endpoint, stashId }), mergedIntoId);
  }
  const byKey = new Map(alive.map((it) => [keyOfStashId(it), it]));
  const survivor = (endpoint: string, id: string): LinkedPerformer | undefined => {
    for (let [stashId, hops]: [string | undefined, number] = [id, 0]; hops <= MAX_HOPS; hops++) {
      if (stashId === undefined) return undefined;
      const known = byKey.get(keyOfStashId({ endpoint, stashId }));
      if (known !== undefined) return known;
      stashId = mergedInto.get(keyOfStashId({ endpoint, stashId }));
    }
    return undefined;
  };

  const endpoints = [...new Set(performers.map(({ endpoint }) => endpoint))];
  const endpointsAt = new Map<string, string[]>();
  for (const endpoint of endpoints) {
    const host = boxHost(endpoint);
    if (host !== null) endpointsAt.set(host, [...(endpointsAt.get(host) ?? []), endpoint]);
  }
  for (const one of alive)
    for (const url of one.urls) {
      const page = parsePage(url);
      for (const endpoint of page === null ? [] : (endpointsAt.get(page.host) ?? [])) {
        const other = survivor(endpoint, page!.id);
        if (other !== undefined && endpoint !== one.endpoint) found(one, other, 'page');
      }
    }

  /** Id → those who have it, or somebody who was merged into them had it. */
  const byId = new Map<string, Set<LinkedPerformer>>();
  for (const it of alive)
    for (const id of [it.stashId, ...it.mergedIds])
      if (UUID.test(id)) byId.set(id, (byId.get(id) ?? new Set()).add(it));
  for (const same of byId.values())
    for (const one of same)
      for (const other of same) if (one.endpoint < other.endpoint) found(one, other, 'id');
}

/** Whether it can be the page of a performer at a stash-box. */
export function isBoxPage(url: string): boolean {
  return parsePage(url) !== null;
}

/** Of a performer at a stash-box; null: the address is none. */
function parsePage(url: string): { host: string; id: string } | null {
  if (!URL.canParse(url)) return null;
  const host = boxHost(url);
  const id = /\/performers\/([\w-]+)\/?$/.exec(new URL(url).pathname)?.[1]?.toLowerCase();
  return host === null || id === undefined ? null : { host, id };
}
