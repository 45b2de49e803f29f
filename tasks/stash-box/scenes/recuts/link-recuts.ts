/** Compares scenes that no fingerprint found with those of their performers at one stash-box, one after the other. */
import { hasCode, messageOf, saidOf } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import { recutAnalyzer } from '../../../../core/stash-box/analyzers.ts';
import type { SceneLinkRequest } from '../../../../core/stash-box/scene-link-request.ts';
import type { Context, Slice } from '../../../runs/task.ts';
import { noteAnswer } from '../../evidence/elsewhere.ts';
import { isLinkedTo } from '../../performers.ts';
import { closeAll, endpointOf, openOf } from '../../store-found.ts';
import { sceneLinkRequests } from '../requests.ts';
import { nextScenes, type ReadScene } from '../scenes.ts';
import { createCandidates, performersAt } from './candidates.ts';
import { compareRecuts, isDue, type RecutParts } from './compare.ts';

type Parts = RecutParts & Pick<Context, 'stashBoxes' | 'exclusions'>;

/** One pass over the scenes. Without ffmpeg it ends, and the box has the reason. */
export async function linkRecuts(
  context: Parts,
  slice: Slice,
  request: SceneLinkRequest,
  endpoint: string,
): Promise<'done' | 'yielded'> {
  const client = await context.stashBoxes.open(endpoint);
  const candidates = createCandidates(context, client);
  let to = (await sceneLinkRequests.boxOf(context, request, endpoint))?.recutTo;
  while (to !== undefined) {
    const { scenes, last } = await nextScenes(context, request.sceneIds, to);
    const missing = await notFound(context, endpoint, scenes);
    const others = scenes.filter((scene) => !missing.includes(scene));
    await closeAll(context, 'scene', recutAnalyzer(endpoint), others);
    const inScene = await performersAt(context, endpoint, missing);
    for (const scene of missing) {
      const performers = inScene.get(scene.id) ?? [];
      if (performers.length === 0) continue;
      if (!request.force && !(await isDue(context, endpoint, scene, performers))) continue;
      slice.progress.say(message('sceneLinks.isComparing', { title: scene.title }));
      const done = { force: request.force, alongside: noteDone };
      try {
        await compareRecuts(context, { client, candidates }, scene, performers, done);
      } catch (error) {
        if (!hasCode(error, 'runtime-missing')) throw error;
        context.log.warn(messageOf(error));
        await sceneLinkRequests.updateBox(context, request, endpoint, () => ({ problem: saidOf(error) }));
        return 'done';
      }
      slice.advanced();
      if (await slice.shouldYield()) return 'yielded';
      async function noteDone({
        found,
        sure,
        unread,
      }: {
        found: number;
        sure: number;
        unread: number;
      }): Promise<void> {
        await noteAnswer(context, endpoint);
        await sceneLinkRequests.updateBox(context, request, endpoint, (box) => ({
          recutTo: scene.id,
          found: box.found + found,
          sure: box.sure + sure,
          unread: box.unread + unread,
        }));
      }
    }
    if (last === undefined) return 'done';
    to = last;
    await sceneLinkRequests.updateBox(context, request, endpoint, () => ({ recutTo: last }));
    slice.advanced();
    if (await slice.shouldYield()) return 'yielded';
  }
  return 'done';
}

/** Those that have no id there, and of which no fingerprint says which one they may be. */
export async function notFound(
  context: Pick<Context, 'store'>,
  endpoint: string,
  scenes: readonly ReadScene[],
): Promise<ReadScene[]> {
  const missing: ReadScene[] = [];
  for (const scene of scenes) {
    if (isLinkedTo(endpoint)(scene)) continue;
    const open = await openOf(context, { kind: 'scene', id: scene.id });
    const isFound = open.some(
      (one) => endpointOf(one) === endpoint && one.analyzer !== recutAnalyzer(endpoint),
    );
    if (!isFound) missing.push(scene);
  }
  return missing;
}
