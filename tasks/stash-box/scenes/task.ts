import { joined, message, type Message } from '../../../core/messages/message.ts';
import type { SceneLinkRequest } from '../../../core/stash-box/scene-link-request.ts';
import { defineTask, MORE, type Slice } from '../../runs/task.ts';
import { serveBoxes, serveRequests, summed } from '../of-box.ts';
import { giveAll } from './fingerprints/give.ts';
import { closeRemoved } from './find.ts';
import { linkScenes, PASSES, type SceneLinkParts } from './link-scenes.ts';
import { requestSceneLinks, sceneLinkRequests } from './requests.ts';

/** Looks for the scenes on the stash-boxes where they have no id, and suggests what it finds. */
export const linkScenesTask = defineTask({
  mode: 'link-scenes',

  async prepare(context, args) {
    await closeRemoved(context, await context.stashBoxes.list());
    await requestSceneLinks(context, args);
  },

  async hasMore(context, hasFailed) {
    return !hasFailed && (await sceneLinkRequests.read(context)).length > 0;
  },

  // What was looked up is known: the next run goes on where this one was.
  async onStopped(context) {
    await sceneLinkRequests.drop(context, null);
  },

  async work(context, _args, slice) {
    // What was linked since the last run.
    if ((await giveAll(context, slice)) === 'yielded') {
      if (await slice.stopped()) await sceneLinkRequests.drop(context, null);
      return MORE;
    }
    return await serveRequests(context, slice, sceneLinkRequests, {
      serve: (request) => serve(context, slice, request),
      resultOf,
      nothingAsked: message('sceneLinks.nothingAsked'),
    });
  },
});

/** Of all stash-boxes first what needs no decoding. */
async function serve(
  context: SceneLinkParts & Parameters<typeof serveBoxes>[0],
  slice: Slice,
  request: SceneLinkRequest,
): Promise<'done' | 'yielded'> {
  for (const pass of PASSES) {
    const boxes = (await sceneLinkRequests.find(context, request))?.boxes ?? [];
    const end = await serveBoxes(context, slice, boxes, {
      link: (endpoint) => linkScenes(context, slice, request, { endpoint, pass }),
      update: (endpoint, change) => sceneLinkRequests.updateBox(context, request, endpoint, () => change),
    });
    if (end === 'yielded') return 'yielded';
  }
  return 'done';
}

/** @throws StashSenseError where no stash-box answered */
function resultOf({ boxes }: SceneLinkRequest): Message {
  const { sum, problems } = summed(boxes);
  const result = message('sceneLinks.result', {
    asked: sum('asked'),
    found: sum('found'),
    sure: sum('sure'),
  });
  return joined([result, ...problems], 'joinedByLine') ?? result;
}
