import { joined, message, type Message } from '../../core/messages/message.ts';
import type { LinkRequest } from '../../core/stash-box/link-request.ts';
import { defineTask, type Slice } from '../runs/task.ts';
import { linkBox } from './link-box.ts';
import type { LinkParts } from './look-up.ts';
import { serveBoxes, serveRequests, summed } from './of-box.ts';
import { linkRequests, requestLinks } from './requests.ts';
import { closeRemoved } from './store-found.ts';

/** Looks for the performers on the stash-boxes where they have no id, and suggests what it finds. */
export const linkStashIds = defineTask({
  mode: 'link-stash-ids',

  async prepare(context, args) {
    await closeRemoved(context, await context.stashBoxes.list());
    await requestLinks(context, args);
  },

  async hasMore(context, hasFailed) {
    return !hasFailed && (await linkRequests.read(context)).length > 0;
  },

  // Who was looked up is known: the next run goes on where this one was.
  async onStopped(context) {
    await linkRequests.drop(context, null);
  },

  async work(context, _args, slice) {
    return await serveRequests(context, slice, linkRequests, {
      serve: (request) => serve(context, slice, request),
      resultOf,
      nothingAsked: message('stashIds.nothingAsked'),
    });
  },
});

async function serve(context: LinkParts, slice: Slice, request: LinkRequest): Promise<'done' | 'yielded'> {
  return await serveBoxes(context, slice, request.boxes, {
    link: (endpoint) => linkBox(context, slice, request, endpoint),
    update: (endpoint, change) => linkRequests.updateBox(context, request, endpoint, () => change),
  });
}

/** @throws StashSenseError where no stash-box answered */
function resultOf({ boxes }: LinkRequest): Message {
  const { sum, problems } = summed(boxes);
  const result = message('stashIds.result', { asked: sum('asked'), found: sum('found'), sure: sum('sure') });
  const wrong = sum('wrong') === 0 ? [] : [message('stashIds.wrongOnes', { count: sum('wrong') })];
  return joined([joined([result, ...wrong]) ?? result, ...problems], 'joinedByLine') ?? result;
}
