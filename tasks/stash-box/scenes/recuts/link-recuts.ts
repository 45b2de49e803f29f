/** Compares scenes that no fingerprint found with those of their performers and of their title at one stash-box, one after the other. */
import { hasCode, messageOf, saidOf } from '../../../../core/errors.ts';
import { message } from '../../../../core/messages/message.ts';
import { TEXTS_AT_ONCE } from '../../../../core/ports/boxes/box-scenes.ts';
import { recutAnalyzer } from '../../../../core/stash-box/analyzers.ts';
import type { SceneLinkRequest } from '../../../../core/stash-box/scene-link-request.ts';
import type { Context, Slice } from '../../../runs/task.ts';
import { noteAnswer } from '../../evidence/elsewhere.ts';
import { until } from '../../../runs/stopping/until.ts';
import { closeAll } from '../../store-found.ts';
import { notFound } from '../find.ts';
import { shareOf } from '../link-scenes.ts';
import { sceneLinkRequests } from '../requests.ts';
import { nextScenes, type ReadScene } from '../scenes.ts';
import { createCandidates, searchedBy, type SearchedBy } from './candidates.ts';
import { compareRecuts, isDue, type Compared, type RecutParts } from './compare.ts';

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
  const asked = await sceneLinkRequests.boxOf(context, request, endpoint);
  let to = asked?.recutTo;
  /** Scenes that were gone past, in all passes together. */
  let passed = asked?.passed ?? 0;
  const shows = await shareOf(context, slice, request, endpoint);
  while (to !== undefined) {
    const { scenes, last } = await nextScenes(context, request.sceneIds, to);
    const missing = await notFound(context, endpoint, scenes);
    const others = scenes.filter((scene) => !missing.includes(scene));
    await closeAll(context, 'scene', recutAnalyzer(endpoint), others);
    const due = await dueOf(context, endpoint, missing, request.force);
    const before = passed;
    for (const [n, { scene, by }] of due.entries()) {
      passed = before + scenes.indexOf(scene) + 1;
      if (n % TEXTS_AT_ONCE === 0) {
        const next = due.slice(n, n + TEXTS_AT_ONCE);
        await candidates.searchTexts(next.flatMap((one) => one.by.text ?? []));
      }
      slice.progress.say(message('sceneLinks.isComparing', { title: scene.title }));
      try {
        const { isAborted } = await until(
          () => slice.stopped(),
          async (signal) => {
            const how = { force: request.force, alongside: noteDone, signal };
            try {
              await compareRecuts(context, { client, candidates }, scene, by, how);
            } catch (error) {
              if (!signal.aborted) throw error;
            }
          },
        );
        if (isAborted) return 'yielded';
      } catch (error) {
        if (!hasCode(error, 'runtime-missing')) throw error;
        context.log.warn(messageOf(error));
        await sceneLinkRequests.updateBox(context, request, endpoint, () => ({ problem: saidOf(error) }));
        return 'done';
      }
      slice.advanced();
      shows(passed);
      if (await slice.shouldYield()) return 'yielded';
      async function noteDone({ found, sure, unread }: Compared): Promise<void> {
        await noteAnswer(context, endpoint);
        await sceneLinkRequests.updateBox(context, request, endpoint, (box) => ({
          recutTo: scene.id,
          passed,
          found: box.found + found,
          sure: box.sure + sure,
          unread: box.unread + unread,
        }));
      }
    }
    if (last === undefined) return 'done';
    to = last;
    passed = before + scenes.length;
    await sceneLinkRequests.updateBox(context, request, endpoint, () => ({ recutTo: last, passed }));
    shows(passed);
    slice.advanced();
    if (await slice.shouldYield()) return 'yielded';
  }
  return 'done';
}

async function dueOf(
  context: Parts,
  endpoint: string,
  scenes: readonly ReadScene[],
  force: boolean,
): Promise<{ readonly scene: ReadScene; readonly by: SearchedBy }[]> {
  const searched = await searchedBy(context, endpoint, scenes);
  const due: { readonly scene: ReadScene; readonly by: SearchedBy }[] = [];
  for (const scene of scenes) {
    const by = searched.get(scene.id);
    if (by !== undefined && (force || (await isDue(context, endpoint, scene, by)))) due.push({ scene, by });
  }
  return due;
}
