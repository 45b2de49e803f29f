/** Performers who can be somebody: by name, alias or stash ID. */
import type { Library, StashPerformer } from '../../../core/ports/library.ts';
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
      return found.map(toPerformer);
    },

    async performersAlike(all) {
      const found: Awaited<ReturnType<Library['performersAlike']>>[number][] = [];
      for (let at = 0; at < all.length; at += AT_ONCE) {
        const some = all.slice(at, at + AT_ONCE);
        const filters = Object.fromEntries(some.map((wanted, n) => [`f${n}`, toLikeFilter(wanted)]));
        const answer = await graphql.query(performersAlikeQuery(some.length), filters);
        found.push(
          ...some.map((_, n) => ({ performers: (answer[`a${n}`] ?? []).map(toPerformer), excluded: [] })),
        );
      }
      return found;
    },
  };
}

function toLikeFilter({ name, stashIds }: Wanted): Record<string, unknown> {
  const equals = { value: name, modifier: 'EQUALS' };
  return [
    { name: equals },
    { aliases: equals },
    ...stashIds.map(({ endpoint, stashId }) => ({
      stash_id_endpoint: { endpoint, stash_id: stashId, modifier: 'EQUALS' },
    })),
  ].reduceRight<Record<string, unknown>>(
    (rest, one) => (Object.keys(rest).length === 0 ? one : { ...one, OR: rest }),
    {},
  );
}
