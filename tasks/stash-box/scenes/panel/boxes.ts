/** The stash IDs of one scene, box by box, and which scenes there it may be. */
import { stashIdsOf } from '../../../../core/changes/values.ts';
import type { Input, Output } from '../../../../core/contract/operations.ts';
import type { Context } from '../../../runs/task.ts';
import { viewSuggestion } from '../../../suggestions/views/index.ts';
import { boxRows } from '../../panel/rows.ts';
import { endpointOf } from '../../store-found.ts';
import { readScene } from './profile.ts';

/** More than are suggested of one scene. */
const MAX_OPEN = 200;

/** @throws StashSenseError `excluded`, `not-found` */
export async function viewSceneBoxes(
  context: Pick<Context, 'store' | 'library' | 'exclusions' | 'stashBoxes' | 'vision'>,
  { sceneId }: Input<'sceneBoxes.ofScene'>,
): Promise<Output<'sceneBoxes.ofScene'>> {
  const { store } = context;
  const { entity, title, values } = await readScene(context, sceneId);
  const open = await store.suggestions.list({ entity, state: 'open' }, 'confidence', MAX_OPEN, 0);
  const suggested = await Promise.all(
    open.items.flatMap((one) =>
      one.kind === 'scene-stash-id' || one.kind === 'stash-id-repair'
        ? [viewSuggestion(context, one).then((view) => ({ at: endpointOf(one), view }))]
        : [],
    ),
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
