/** Performers who can be somebody: by name, alias or stash ID. */
import { isCalled } from '../../../core/people/same-performer.ts';
import type { Alike, Library, StashPerformer } from '../../../core/ports/library.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import { toPerformer } from '../entities.ts';
import type { Graphql } from '../graphql.ts';
import { performersAlikeQuery, performersLikeQuery } from '../queries.ts';

/** Each is a query of its own in Stash's database. */
const AT_ONCE = 25;

type Wanted = Pick<StashPerformer, 'name' | 'stashIds'>;

export function createAlike(
  graphql: Pick<Graphql, 'query'>,
): Pick<Library, 'performersLike' | 'performersAlike'> {
  return {
    async performersLike(wanted) {
      const found = await graphql.query(performersLikeQuery, { filter: toLikeFilter(wanted) });
      return found.map(toPerformer).filter((one) => isLike(one, wanted));
    },

    async performersAlike(all) {
      const found: Alike[] = [];
      for (let at = 0; at < all.length; at += AT_ONCE) {
        const some = all.slice(at, at + AT_ONCE);
        const filters = Object.fromEntries(some.map((wanted, n) => [`f${n}`, toLikeFilter(wanted)]));
        const answer = await graphql.query(performersAlikeQuery(some.length), filters);
        found.push(
          ...some.map((wanted, n) => ({
            performers: (answer[`a${n}`] ?? []).map(toPerformer).filter((one) => isLike(one, wanted)),
            excluded: [],
          })),
        );
      }
      return found;
    },
  };
}

/**
EQUALS is SQL's LIKE: ignores case, and `_` and `%` are wildcards, so that the caller compares the names itself. Stash IDs are asked for
by id alone: Stash joins the stash IDs once for a filter, with the endpoint of the first criterion, and would compare the ids of the
other stash-boxes with those of that one.
*/
function toLikeFilter({ name, stashIds }: Wanted): Record<string, unknown> {
  const equals = { value: name, modifier: 'EQUALS' };
  return [
    { name: equals },
    { aliases: equals },
    ...stashIds.map(({ stashId }) => ({ stash_id_endpoint: { stash_id: stashId, modifier: 'EQUALS' } })),
  ].reduceRight<Record<string, unknown>>(
    (rest, one) => (Object.keys(rest).length === 0 ? one : { ...one, OR: rest }),
    {},
  );
}

/** Not who was found only because another stash-box calls them by the same id. */
function isLike(one: StashPerformer, wanted: Wanted): boolean {
  const same = one.stashIds.filter((a) => wanted.stashIds.some((b) => isSameText(a.stashId, b.stashId)));
  const keys = new Set(wanted.stashIds.map(keyOfStashId));
  return same.length === 0 || isCalled(one, wanted.name) || same.some((id) => keys.has(keyOfStashId(id)));
}

function isSameText(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
