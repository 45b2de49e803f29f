import { performerListOf } from '../shared/performer-list.ts';

/** Everybody, or those without an id of this stash-box. @returns the name of the list; null: there is nobody */
export async function madeList(endpoint: string | null): Promise<string | null> {
  const without = endpoint === null ? {} : { stash_id_endpoint: { endpoint, modifier: 'IS_NULL' as const } };
  return await performerListOf({ sort: 'name', direction: 'ASC' }, without);
}
