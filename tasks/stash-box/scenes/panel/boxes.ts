/** The stash IDs of one scene, box by box, and which scenes there it may be. */
import { stashIdsOf } from '../../../../core/changes/values.ts';
import type { Input, Output } from '../../../../core/contract/operations.ts';
import type { Context } from '../../../runs/task.ts';
import { viewSuggestion } from '../../../suggestions/views/index.ts';
import { boxRows } from '../../panel/rows.ts';
import { endpointOf, openOf } from '../../store-found.ts';
import { readScene } from './profile.ts';

/** @throws StashSenseError `excluded`, `not-found` */
export async function viewSceneBoxes(
  context: Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'vision'>,
  { sceneId }: Input<'sceneBoxes.ofScene'>,
): Promise<Output<'sceneBoxes.ofScene'>> {
  const { store } = context;
  const { title, values } = await readScene(context, sceneId);
  const open = await openOf(context, { kind: 'scene', id: sceneId });
  const suggested = await Promise.all(
    open.map(async (one) => ({ at: endpointOf(one), view: await viewSuggestion(context, one) })),
  );
  return {
    title,
    boxes: await boxRows(context, {
      stashIds: stashIdsOf(values),
      suggested,
      lookedUpAt: async (endpoint) =>
        (await store.sceneLookUps.of(endpoint, [sceneId])).get(sceneId)?.at ?? null,
    }),
  };
}
