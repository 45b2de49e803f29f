import { joined, message, type Message } from '../../../core/messages/message.ts';
import type { SceneLinkRequest } from '../../../core/stash-box/scene-link-request.ts';
import { defineTask, MORE, type Slice } from '../../runs/task.ts';
import { serveBoxes, summed } from '../of-box.ts';
import { closeRemoved } from './find.ts';
import { linkScenes, PASSES, type SceneLinkParts } from './link-scenes.ts';
import { dropSceneRequests, readSceneRequests, requestSceneLinks, updateSceneBox } from './requests.ts';

/** Looks for the scenes on the stash-boxes where they have no id, and suggests what it finds. */
export const linkScenesTask = defineTask({
  mode: 'link-scenes',

  async prepare(context, args) {
    await closeRemoved(context, await context.stashBoxes.list());
    await requestSceneLinks(context, args);
  },

  // What was looked up is known: the next run goes on where this one was.
  async onStopped(context) {
    await dropSceneRequests(context, null);
  },

  async work(context, _args, slice) {
    const said: Message[] = [];
    for (;;) {
      const [request] = await readSceneRequests(context);
      if (request === undefined) break;
      if ((await serve(context, slice, request)) === 'yielded') {
        if (await slice.stopped()) await dropSceneRequests(context, null);
        return MORE;
      }
      const served = (await readSceneRequests(context)).find(({ id }) => id === request.id) ?? request;
      await dropSceneRequests(context, request);
      said.push(resultOf(served));
    }
    return { end: 'finished', message: joined(said) ?? message('sceneLinks.nothingAsked') };
  },
});

/** Of all stash-boxes first what needs no decoding. */
async function serve(
  context: SceneLinkParts & Parameters<typeof serveBoxes>[0],
  slice: Slice,
  request: SceneLinkRequest,
): Promise<'done' | 'yielded'> {
  for (const pass of PASSES) {
    const boxes = (await readSceneRequests(context)).find(({ id }) => id === request.id)?.boxes ?? [];
    const end = await serveBoxes(context, slice, boxes, {
      link: (endpoint) => linkScenes(context, slice, request, { endpoint, pass }),
      update: (endpoint, change) => updateSceneBox(context, request, endpoint, () => change),
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
  return joined([result, ...problems]) ?? result;
}
