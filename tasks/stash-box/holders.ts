import type { PeopleStore } from '../../core/ports/people.ts';
import { keyOfStashId } from '../../core/reference-packs/reference-pack.ts';

/** `keyOfStashId` → ids of the performers of the user who have it. */
export type Holders = () => Promise<ReadonlyMap<string, readonly string[]>>;

/** All stash IDs are read again only when one has changed: a task asks for them at every few performers. */
export function createHolders(people: Pick<PeopleStore, 'withStashIds' | 'stashIdsVersion'>): Holders {
  let known: { readonly version: number; readonly holders: ReadonlyMap<string, readonly string[]> } | null =
    null;
  return async () => {
    const version = await people.stashIdsVersion();
    if (known?.version === version) return known.holders;
    const holders = new Map<string, string[]>();
    for (const { performerId, stashIds } of await people.withStashIds())
      for (const key of stashIds.map(keyOfStashId)) {
        const ids = holders.get(key);
        if (ids === undefined) holders.set(key, [performerId]);
        else ids.push(performerId);
      }
    known = { version, holders };
    return holders;
  };
}

/** Somebody else than this performer has the stash ID. @param key `keyOfStashId` */
export function isOfAnother(
  holders: ReadonlyMap<string, readonly string[]>,
  key: string,
  performerId: string,
): boolean {
  return holders.get(key)?.some((id) => id !== performerId) === true;
}
