import {
  isNothingExcluded,
  whyExcluded,
  whyPerformerExcluded,
  type Exclusions,
} from '../../core/exclusions/exclusions.ts';
import { StashSenseError } from '../../core/errors.ts';
import type { PlacedScene } from '../../core/ports/boxes/linked-scenes.ts';
import type { Library, StashEntity } from '../../core/ports/library.ts';

/**
The user's Stash without what is excluded, so that nothing of it can be looked at, learnt or named by anything that reads
Stash through it. Writes and undo read objects (`object`), which are as they are.
*/
export function withoutExcluded(library: Library, current: () => Promise<Exclusions>): Library {
  const notExcluded = async <One extends { readonly id: string }>(found: readonly One[]): Promise<One[]> => {
    const { performers } = await current();
    return found.filter(({ id }) => !performers.has(id));
  };
  const isLeftOut = async (): Promise<(scene: PlacedScene) => boolean> => {
    const exclusions = await current();
    return (scene) => whyExcluded(scene, exclusions) !== null;
  };
  return {
    ...library,

    async entitiesAfter(kind, afterId, limit, filter) {
      const exclusions = await current();
      if (isNothingExcluded(exclusions)) return await library.entitiesAfter(kind, afterId, limit, filter);
      return await filledPage(
        (after) => library.entitiesAfter(kind, after, limit, filter),
        afterId,
        limit,
        (entity) =>
          whyExcluded(entity, exclusions) === null ? withoutPerformersOf(entity, exclusions) : null,
      );
    },

    async item(entity) {
      const exclusions = await current();
      const item = await library.item(entity);
      if (item === null) return null;
      const why = whyExcluded(item, exclusions);
      if (why !== null) throw new StashSenseError('excluded', why);
      return withoutPerformersOf(item, exclusions);
    },

    async performersAfter(afterId, limit) {
      const exclusions = await current();
      return await filledPage(
        (after) => library.performersAfter(after, limit),
        afterId,
        limit,
        (performer) => (exclusions.performers.has(performer.id) ? null : performer),
      );
    },

    catalogue: {
      ...library.catalogue,
      async unused(kind) {
        const found = await library.catalogue.unused(kind);
        return kind === 'performer' ? await notExcluded(found) : found;
      },
      pictureless: async () => await notExcluded(await library.catalogue.pictureless()),
    },

    async performersLike(performer) {
      const { performers } = await current();
      return (await library.performersLike(performer)).filter(({ id }) => !performers.has(id));
    },

    async performersAlike(wanted) {
      const { performers: excluded } = await current();
      const isExcluded = ({ id }: { readonly id: string }): boolean => excluded.has(id);
      return (await library.performersAlike(wanted)).map(({ performers }) => ({
        performers: performers.filter((one) => !isExcluded(one)),
        excluded: performers.filter(isExcluded),
      }));
    },

    linkedScenes: async (performerIds, endpoint, most) =>
      await library.linkedScenes(performerIds, endpoint, most, await isLeftOut()),

    studioIds: async (performerIds, endpoint, most) =>
      await library.studioIds(performerIds, endpoint, most, await isLeftOut()),

    async performer(id) {
      const why = whyPerformerExcluded(id, await current());
      if (why !== null) throw new StashSenseError('excluded', why);
      return await library.performer(id);
    },
  };
}

/** Callers take a page that is not full for the last one: what is left out is made up from the next pages. */
async function filledPage<Row extends { readonly id: string }>(
  read: (after: string) => Promise<Row[]>,
  afterId: string,
  limit: number,
  keep: (row: Row) => Row | null,
): Promise<Row[]> {
  const kept: Row[] = [];
  for (let after = afterId; ;) {
    const page = await read(after);
    kept.push(...page.flatMap((row) => keep(row) ?? []));
    const last = page.at(-1);
    if (last === undefined || page.length < limit || kept.length >= limit) return kept.slice(0, limit);
    after = last.id;
  }
}

/** An excluded performer who is on it is none of those it shows. */
function withoutPerformersOf(entity: StashEntity, { performers }: Exclusions): StashEntity {
  const performerIds = entity.performerIds.filter((id) => !performers.has(id));
  return performerIds.length === entity.performerIds.length ? entity : { ...entity, performerIds };
}
