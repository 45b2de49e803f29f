/** Stash IDs that several scenes of the user have. */
import type { Library } from '../../../../core/ports/library.ts';
import type { Context } from '../../../runs/task.ts';
import { nextScenes, type ReadScene } from '../scenes.ts';
import type { OwnFingerprints } from './own-fingerprints.ts';

type Parts = Pick<Context, 'store' | 'library'>;

/** By stash ID: the scenes of the user that have it. */
export type SceneHolders = (stashIds: readonly string[]) => Promise<ReadonlyMap<string, readonly string[]>>;

/** All linked scenes are read once: a run asks at every few hundred. */
export function createSceneHolders(library: Pick<Library, 'scenesOfBox'>, endpoint: string): SceneHolders {
  let reading: Promise<ReadonlyMap<string, readonly string[]>> | null = null;
  return async () => await (reading ??= library.scenesOfBox(endpoint).then(byStashId));
}

/** For one scene while the user waits: those of its own ids. */
export function holdersOfFew(library: Pick<Library, 'scenesOfBox'>, endpoint: string): SceneHolders {
  return async (stashIds) => {
    const found = await Promise.all(stashIds.map((stashId) => library.scenesOfBox(endpoint, stashId)));
    return byStashId(found.flat());
  };
}

function byStashId(
  scenes: readonly { readonly id: string; readonly stashIds: readonly string[] }[],
): ReadonlyMap<string, readonly string[]> {
  const holders = new Map<string, Set<string>>();
  for (const { id, stashIds } of scenes)
    for (const stashId of stashIds) holders.set(stashId, (holders.get(stashId) ?? new Set()).add(id));
  return new Map([...holders].map(([stashId, ids]) => [stashId, [...ids]]));
}

export type Shared = {
  readonly others: readonly Pick<ReadScene, 'id' | 'title'>[];
  /** The fingerprints say that it is this scene of the user which is another one there, and one of the others that is it. */
  readonly isTold: boolean;
};

/** Null: no other scene has the id, or it is all of them as far as the fingerprints say. */
export type SharedOf = (scene: Pick<ReadScene, 'id'>, stashId: string) => Shared | null;

/**
Reads the other scenes that have the ids of these, and asks the stash-box about the fingerprints of all of them at once. Scenes that
are excluded count for nothing.
@param checked with those of their ids that the stash-box has
*/
export async function readShared(
  context: Parts,
  {
    endpoint,
    holders,
    fingerprints,
  }: {
    readonly endpoint: string;
    readonly holders: SceneHolders;
    readonly fingerprints: OwnFingerprints;
  },
  checked: readonly { readonly scene: ReadScene; readonly boxIds: readonly string[] }[],
): Promise<SharedOf> {
  const boxIds = [...new Set(checked.flatMap((one) => one.boxIds))];
  const known = boxIds.length === 0 ? new Map<string, readonly string[]>() : await holders(boxIds);
  const groups = new Map(
    boxIds.map((boxId) => {
      // The holders may be older than what was read just now.
      const own = checked.filter((one) => one.boxIds.includes(boxId)).map(({ scene }) => scene.id);
      return [boxId, [...new Set([...(known.get(boxId) ?? []), ...own])]] as const;
    }),
  );
  const ids = [...groups.values()].filter((group) => group.length > 1).flat();
  const read = new Map(checked.map(({ scene }) => [scene.id, scene]));
  const missing = [...new Set(ids)].filter((id) => !read.has(id)).toSorted((a, b) => Number(a) - Number(b));
  for (let left = missing; left.length > 0;) {
    const { scenes, last } = await nextScenes(context, left, '0');
    for (const scene of scenes) read.set(scene.id, scene);
    left = left.filter((id) => Number(id) > Number(last ?? Infinity));
  }
  await fingerprints.ask([...new Set(ids)].flatMap((id) => read.get(id) ?? []));
  return ({ id }, boxId) => {
    const others = (groups.get(boxId) ?? [])
      .flatMap((other) => (other === id ? [] : (read.get(other) ?? [])))
      // It may have been taken off since.
      .filter(({ stashIds }) => stashIds.some((one) => one.endpoint === endpoint && one.stashId === boxId));
    const said = fingerprints.say(id, boxId);
    if (others.length === 0 || said === 'is') return null;
    const isOther = others.some((other) => fingerprints.say(other.id, boxId) === 'is');
    return {
      others: others.map((other) => ({ id: other.id, title: other.title })),
      isTold: said === 'is not' && isOther,
    };
  };
}
