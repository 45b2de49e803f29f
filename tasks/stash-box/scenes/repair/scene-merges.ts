import type { BoxSceneState } from '../../../../core/ports/boxes/box-scenes.ts';
import type { StashBoxClient } from '../../../../core/ports/stash-box.ts';
import { followMergesOf, type Merged, type Mergeable } from '../../../suggestions/box/follow-merges.ts';

export type KnownScene = BoxSceneState & Mergeable;

/**
What a stash-box says of these scenes, through the merges that it has made since. A scene does not say into which one it was merged:
the edits are asked about those that are deleted, in one question more.
@param ids as the box writes them
*/
export async function followSceneMerges(
  client: Pick<StashBoxClient, 'sceneStates' | 'sceneMerges'>,
  ids: readonly string[],
): Promise<Merged<KnownScene>> {
  return await followMergesOf(async (some) => {
    const states = await client.sceneStates(some);
    const deleted = [...states].flatMap(([id, one]) => (one?.deleted === true ? [id] : []));
    const merges = deleted.length === 0 ? new Map<string, string>() : await client.sceneMerges(deleted);
    return new Map([...states].map(([id, one]) => [id, one && withMerge(one, merges)] as const));
  }, ids);
}

function withMerge(scene: BoxSceneState, merges: ReadonlyMap<string, string | null>): KnownScene {
  if (!scene.deleted) return { ...scene, mergedIntoId: null };
  const target = merges.get(scene.id);
  return { ...scene, mergedIntoId: target ?? null, ...(target === undefined && { hidesMerges: true }) };
}
