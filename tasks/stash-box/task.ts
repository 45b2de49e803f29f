import { messageOf, saidOf, StashSenseError } from '../../core/errors.ts';
import { joined, message, type Message } from '../../core/messages/message.ts';
import type { LinkRequest } from '../../core/stash-box/link-request.ts';
import { defineTask, MORE, type Slice } from '../runs/task.ts';
import { linkBox } from './link-box.ts';
import type { LinkParts } from './look-up.ts';
import { isOfBox } from './of-box.ts';
import { dropRequest, dropRequests, noBox, readRequests, requestLinks, updateBox } from './requests.ts';
import { closeRemoved } from './store-found.ts';

/** Looks for the performers on the stash-boxes where they have no id, and suggests what it finds. */
export const linkStashIds = defineTask({
  mode: 'link-stash-ids',

  async prepare(context, args) {
    await closeRemoved(context, await context.stashBoxes.list());
    await requestLinks(context, args);
  },

  // Who was looked up is known: the next run goes on where this one was.
  async onStopped(context) {
    await dropRequests(context);
  },

  async work(context, _args, slice) {
    const said: Message[] = [];
    for (;;) {
      const [request] = await readRequests(context);
      if (request === undefined) break;
      if ((await serve(context, slice, request)) === 'yielded') {
        if (await slice.stopped()) await dropRequests(context);
        return MORE;
      }
      const served = (await readRequests(context)).find(({ id }) => id === request.id) ?? request;
      await dropRequest(context, request);
      said.push(resultOf(served));
    }
    return { end: 'finished', message: joined(said) ?? message('stashIds.nothingAsked') };
  },
});

/** One stash-box after the other: one in trouble keeps no other waiting. */
async function serve(context: LinkParts, slice: Slice, request: LinkRequest): Promise<'done' | 'yielded'> {
  for (const { endpoint, state } of request.boxes) {
    if (state !== 'waits') continue;
    try {
      if ((await linkBox(context, slice, request, endpoint)) === 'yielded') return 'yielded';
      await updateBox(context, request, endpoint, () => ({ state: 'done' }));
    } catch (error) {
      if (!isOfBox(error)) throw error;
      context.log.warn(messageOf(error));
      await updateBox(context, request, endpoint, () => ({ state: 'failed', problem: saidOf(error) }));
    }
    slice.advanced();
  }
  return 'done';
}

/** @throws StashSenseError where no stash-box answered */
function resultOf({ boxes }: LinkRequest): Message {
  const sum = (what: 'asked' | 'found' | 'sure' | 'wrong'): number =>
    boxes.reduce((all, box) => all + box[what], 0);
  const problems = boxes.flatMap(({ problem }) => problem ?? []);
  if (problems.length === boxes.length && sum('asked') === 0)
    throw new StashSenseError('stash-box-unreachable', joined(problems) ?? noBox(undefined));
  const result = message('stashIds.result', { asked: sum('asked'), found: sum('found'), sure: sum('sure') });
  const wrong = sum('wrong') === 0 ? [] : [message('stashIds.wrongOnes', { count: sum('wrong') })];
  return joined([result, ...wrong, ...problems]) ?? result;
}
