/** Who is in scenes of the user, as one stash-box lists them. */
import { hasCode } from '../../../core/errors.ts';
import type { BoxAppearance, BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';
import type { LinkedScene } from '../../../core/ports/boxes/linked-scenes.ts';
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
  /** Of whose cast it could not answer somebody. */
  const partly = new Set<string>();

  async function ask(performers: readonly Unlinked[]): Promise<void> {
    const wanted = new Set(performers.flatMap(({ scenes }) => scenes.map(({ stashId }) => stashId)));
    const missing = [...wanted].filter((id) => !known.has(id));
    if (missing.length === 0) return;
    if (known.size + missing.length > MAX_KEPT)
      for (const id of known.keys()) if (!wanted.has(id)) known.delete(id);
    for (const [id, cast] of await answered(client.appearancesIn(missing))) known.set(id, cast);
    await askOneByOne(missing.filter((id) => !known.has(id)));
  }

  /** One performer whom the stash-box cannot answer costs it the answer of their scenes: it is asked who is in them, and then of each. */
  async function askOneByOne(sceneIds: readonly string[]): Promise<void> {
    if (sceneIds.length === 0) return;
    const casts = await answered(client.castOf(sceneIds));
    const ids = [...new Set([...casts.values()].flat())];
    const people = ids.length === 0 ? new Map<string, null>() : await answered(client.performers(ids));
    for (const [sceneId, cast] of casts) {
      known.set(
        sceneId,
        cast.map((id) => ({ performer: people.get(id) ?? null, as: '' })),
      );
      if (cast.some((id) => !people.has(id))) partly.add(sceneId);
    }
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
          const free = listed.flatMap(({ performer, as }) =>
            performer !== null && isFree(performer, scene, id) ? [{ performer, as }] : [],
          );
          for (const { performer } of free) people.set(performer.id, performer);
          return [
            {
              cast: namesIn(free),
              unread: listed.filter(({ performer }) => performer === null).length,
              unlinked: scene.performers.filter((one) => !isLinked(one)).length,
            },
          ];
        });
        return {
          scenes: compared,
          people: [...people.values()],
          isWhole: scenes.every(({ stashId }) => known.has(stashId) && !partly.has(stashId)),
        };
      };
      return new Map(performers.map((performer) => [performer.id, scenesOf(performer)]));
    },
  };
}

/** What the stash-box could answer: it is evidence beside other, and is asked for again by the next run. */
export async function answered<Answer>(
  asking: Promise<ReadonlyMap<string, Answer>>,
): Promise<ReadonlyMap<string, Answer>> {
  return await asking.catch((error: unknown) => {
    if (hasCode(error, 'stash-box-failed')) return new Map<string, Answer>();
    throw error;
  });
}

function namesIn(
  cast: readonly { readonly performer: BoxPerformer; readonly as: string }[],
): ReadonlyMap<string, readonly string[]> {
  const names = new Map<string, string[]>();
  for (const { performer, as } of cast) names.set(performer.id, [...(names.get(performer.id) ?? []), as]);
  return names;
}
