/** Checks the ids that scenes have at one stash-box, many in a request, each stored with how far the box was gone through. */
import { hasCode, messageOf, saidOf } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import { checkAnalyzer } from '../../../../core/stash-box/analyzers.ts';
import type { SceneLinkRequest } from '../../../../core/stash-box/scene-link-request.ts';
import type { Context, Slice } from '../../../runs/task.ts';
import { createElsewhere, noteAnswer } from '../../evidence/elsewhere.ts';
import { nameOfBox } from '../../of-box.ts';
import { isLinkedTo } from '../../performers.ts';
import { closeAll } from '../../store-found.ts';
import type { SceneLinkParts } from '../link-scenes.ts';
import { sceneLinkRequests } from '../requests.ts';
import { nextScenes, type ReadScene } from '../scenes.ts';
import { checkSceneIds, dueForSceneCheck, type SceneCheckParts } from './check-scene-ids.ts';
import { createSceneHolders, type SceneHolders } from './shared-ids.ts';

/** At least, while there are so many: of the requests for them only the last can be small, and two more for each merge of a chain. */
const CHECKED_TOGETHER = 200;

/** Behind the last scene. */
const END = String(Number.MAX_SAFE_INTEGER);

/** The box is served once more after it. One that cannot answer of scenes by their ids, or not now, is still asked which ones it has. */
export async function checkScenes(
  context: SceneLinkParts,
  slice: Slice,
  request: SceneLinkRequest,
  endpoint: string,
): Promise<'goes-on' | 'yielded'> {
  const box = await sceneLinkRequests.boxOf(context, request, endpoint);
  // No scene has such an id: Stash is not asked about it.
  if (box?.repairedTo === END) return 'goes-on';
  try {
    return await goThrough(context, slice, request, endpoint);
  } catch (error) {
    if (!hasCode(error, 'stash-box-failed')) throw error;
    context.log.warn(messageOf(error));
    const problem = saidOf(error);
    await sceneLinkRequests.updateBox(context, request, endpoint, () => ({ problem, repairedTo: END }));
    return 'goes-on';
  }
}

async function goThrough(
  context: SceneLinkParts,
  slice: Slice,
  request: SceneLinkRequest,
  endpoint: string,
): Promise<'goes-on' | 'yielded'> {
  const parts = await openCheck(context, endpoint, createSceneHolders(context.library, endpoint));
  slice.progress.step(message('sceneRepairs.step', { box: await nameOfBox(context, endpoint) }));
  for (;;) {
    const box = await sceneLinkRequests.boxOf(context, request, endpoint);
    if (box === undefined) return 'goes-on';
    const { due, to, isEnd, isYielded } = await nextDue(context, slice, request, endpoint, box.repairedTo);
    const update = async (wrong: number): Promise<void> =>
      await sceneLinkRequests.updateBox(context, request, endpoint, (known) => ({
        repairedTo: to,
        wrong: known.wrong + wrong,
      }));
    // It was through before: the slice has done nothing yet, and goes on with what comes next.
    if (to === box.repairedTo) return 'goes-on';
    if (due.length === 0) await update(0);
    else {
      await checkSceneIds(context, parts, due, update);
      await noteAnswer(context, endpoint);
    }
    slice.advanced();
    // A slice that ended here would be followed by one that ends here too.
    if (isEnd) return 'goes-on';
    if (isYielded || (await slice.shouldYield())) return 'yielded';
  }
}

/** @param isAwaited a person waits for the answer */
export async function openCheck(
  context: Pick<Context, 'store' | 'stashBoxes' | 'now' | 'log'>,
  endpoint: string,
  holders: SceneHolders,
  options?: { readonly isAwaited: boolean },
): Promise<SceneCheckParts> {
  const client = await context.stashBoxes.open(endpoint, options);
  const elsewhere = createElsewhere(context, endpoint, async (box, ids) => {
    const states = [...(await box.sceneStates(ids))];
    return new Map(states.map(([id, one]) => [id, one && { ...one, mergedIntoId: null }]));
  });
  return { client, elsewhere, holders };
}

type Due = {
  readonly due: readonly ReadScene[];
  /** Up to this scene. */
  readonly to: string;
  readonly isEnd: boolean;
  readonly isYielded: boolean;
};

/** On as many pages as it takes for enough of them: where few of a page are linked, a request would ask about these few. */
async function nextDue(
  context: SceneLinkParts,
  slice: Slice,
  { sceneIds, force }: SceneLinkRequest,
  endpoint: string,
  from: string,
): Promise<Due> {
  const due: ReadScene[] = [];
  let to = from;
  while (due.length < CHECKED_TOGETHER) {
    const { scenes, last } = await nextScenes(context, sceneIds, to);
    if (last === undefined) return { due, to, isEnd: true, isYielded: false };
    const isLinked = isLinkedTo(endpoint);
    const linked = scenes.filter(isLinked);
    const unlinked = scenes.filter((scene) => !isLinked(scene));
    await closeAll(context, 'scene', checkAnalyzer(endpoint), unlinked);
    due.push(...(force ? linked : await dueForSceneCheck(context, endpoint, linked)));
    to = last;
    slice.advanced();
    // What was read is still checked and stored.
    if (await slice.shouldYield()) return { due, to, isEnd: false, isYielded: true };
  }
  return { due, to, isEnd: false, isYielded: false };
}
