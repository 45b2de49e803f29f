/** Who is in scenes of the user, as one stash-box lists them. */
import type { BoxAppearance, BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import type { LinkedScene } from '../../../core/ports/library.ts';
import { keyOfStashId } from '../../../core/reference-packs/reference-pack.ts';
import type { ComparedScene } from '../../../core/stash-box/scenes.ts';
import { isOfAnother, type Holders } from '../holders.ts';
import { isLinkedTo, type Unlinked } from '../performers.ts';

/** The scenes of one performer. */
export type ScenesOf = {
  /** Those of which the stash-box lists somebody. */
  readonly scenes: readonly ComparedScene[];
  /** Who is listed in them and is no other performer of the user. */
  readonly people: readonly BoxPerformer[];
  /** The stash-box answered of all of them. */
  readonly isWhole: boolean;
};

export type Casts = {
  /** In few requests, each scene once. By the id of the performer. */
  of(performers: readonly Unlinked[]): Promise<ReadonlyMap<string, ScenesOf>>;
};

/** Scenes whose casts are kept, since performers share them. */
const MAX_KEPT = 2000;

export function createCasts(client: StashBoxClient, holders: Holders): Casts {
  const { endpoint } = client;
  const isLinked = isLinkedTo(endpoint);
  /** Null: the stash-box has no such scene. */
  const known = new Map<string, readonly BoxAppearance[] | null>();

  async function ask(performers: readonly Unlinked[]): Promise<void> {
    const wanted = new Set(performers.flatMap(({ scenes }) => scenes.map(({ stashId }) => stashId)));
    const missing = [...wanted].filter((id) => !known.has(id));
    if (missing.length === 0) return;
    if (known.size + missing.length > MAX_KEPT)
      for (const id of known.keys()) if (!wanted.has(id)) known.delete(id);
    for (const [id, cast] of await client.appearancesIn(missing)) known.set(id, cast);
  }

  return {
    async of(performers) {
      await ask(performers);
      const heldBy = await holders();
      const isFree = (
        { id, mergedIds, deleted }: BoxPerformer,
        { performers: mine }: LinkedScene,
        performerId: string,
      ): boolean => {
        const keys = [id, ...mergedIds].map((stashId) => keyOfStashId({ endpoint, stashId }));
        const linked = new Set(mine.flatMap(({ stashIds }) => stashIds.map(keyOfStashId)));
        return !deleted && !keys.some((key) => linked.has(key) || isOfAnother(heldBy, key, performerId));
      };
      const scenesOf = ({ id, scenes }: Unlinked): ScenesOf => {
        const people = new Map<string, BoxPerformer>();
        const compared = scenes.flatMap((scene): ComparedScene[] => {
          const listed = known.get(scene.stashId) ?? [];
          if (listed.length === 0) return [];
          const free = listed.filter(({ performer }) => isFree(performer, scene, id));
          for (const { performer } of free) people.set(performer.id, performer);
          return [
            {
              cast: namesIn(free),
              unlinked: scene.performers.filter((one) => !isLinked(one)).length,
            },
          ];
        });
        return {
          scenes: compared,
          people: [...people.values()],
          isWhole: scenes.every(({ stashId }) => known.has(stashId)),
        };
      };
      return new Map(performers.map((performer) => [performer.id, scenesOf(performer)]));
    },
  };
}

function namesIn(cast: readonly BoxAppearance[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { performer, as } of cast) names.set(performer.id, [...(names.get(performer.id) ?? []), as]);
  return names;
}
