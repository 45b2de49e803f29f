import { joined, message, type Message } from '../../../core/messages/message.ts';
import type { SceneLinkRequest } from '../../../core/stash-box/scene-link-request.ts';
import { defineTask, MORE, type Slice } from '../../runs/task.ts';
import { serveBoxes, serveRequests, summed } from '../of-box.ts';
import { giveAll } from './fingerprints/give.ts';
import { linkScenes, PASSES, type SceneLinkParts } from './link-scenes.ts';
import { linkRecuts } from './recuts/link-recuts.ts';
import { checkScenes } from './repair/check-scenes.ts';
import { closeRemoved } from '../store-found.ts';
import { requestSceneLinks, sceneLinkRequests } from './requests.ts';

/** Checks the ids that scenes have on the stash-boxes, looks for them where they have none, and suggests what it finds. */
export const linkScenesTask = defineTask({
  mode: 'link-scenes',

  async prepare(context, args) {
    await closeRemoved(context, await context.stashBoxes.list(), 'scene');
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

/**
Of all stash-boxes first what needs no decoding: the ids that are there, then which scenes are known by their fingerprints. Last what
needs most of it: which of the others are re-cuts.
*/
async function serve(
  context: SceneLinkParts & Parameters<typeof serveBoxes>[0],
  slice: Slice,
  request: SceneLinkRequest,
): Promise<'done' | 'yielded'> {
  const passes = [
    (endpoint: string) => checkScenes(context, slice, request, endpoint),
    ...PASSES.map((pass) => (endpoint: string) => linkScenes(context, slice, request, { endpoint, pass })),
    (endpoint: string) => linkRecuts(context, slice, request, endpoint),
  ];
  for (const link of passes) {
    const boxes = (await sceneLinkRequests.find(context, request))?.boxes ?? [];
    const end = await serveBoxes(context, slice, boxes, {
      link,
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
  const unread = boxes.reduce((all, box) => all + box.unread, 0);
  const skipped = unread === 0 ? [] : [message('sceneLinks.unread', { count: unread })];
  const wrong = sum('wrong') === 0 ? [] : [message('stashIds.wrongOnes', { count: sum('wrong') })];
  return joined([joined([result, ...wrong, ...skipped]) ?? result, ...problems], 'joinedByLine') ?? result;
}
