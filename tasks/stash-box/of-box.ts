import { hasCode, messageOf, saidOf, StashSenseError } from '../../core/errors.ts';
import { joined, type Message } from '../../core/messages/message.ts';
import { nameInSettings, shownBox } from '../../core/reference-packs/box-address.ts';
import type { LinkedBox } from '../../core/stash-box/link-request.ts';
import { isOfBox as isTroubleOfBox } from '../reference-packs/build/work-on.ts';
import { MORE, type Context, type Slice, type SliceEnd } from '../runs/task.ts';
import { noBox, type BoxRequest, type Requests } from './requests.ts';

/** A stash-box gave no answer, or a bad one, or Stash's settings no longer have it: the others can be asked all the same. */
export function isOfBox(error: unknown): boolean {
  return isTroubleOfBox(error) || hasCode(error, 'not-found');
}

/** As Stash's settings call it; of one that they do not have the address. */
export async function nameOfBox(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  endpoint: string,
): Promise<string> {
  const box = (await stashBoxes.list()).find((one) => one.endpoint === endpoint);
  return box === undefined ? shownBox(endpoint) : nameInSettings(box);
}

/** Serves what a task is asked for, one request after the other. What was looked up is known: a run that was stopped leaves none. */
export async function serveRequests<Request extends BoxRequest>(
  context: Pick<Context, 'store'>,
  slice: Slice,
  requests: Requests<Request>,
  {
    serve,
    resultOf,
    nothingAsked,
  }: {
    readonly serve: (request: Request) => Promise<'done' | 'yielded'>;
    readonly resultOf: (served: Request) => Message;
    /** The result where there was no request. */
    readonly nothingAsked: Message;
  },
): Promise<SliceEnd> {
  const said: Message[] = [];
  for (;;) {
    const [request] = await requests.read(context);
    if (request === undefined) break;
    if ((await serve(request)) === 'yielded') {
      if (await slice.stopped()) await requests.drop(context, null);
      return MORE;
    }
    const served = (await requests.find(context, request)) ?? request;
    await requests.drop(context, request);
    said.push(resultOf(served));
  }
  return { end: 'finished', message: joined(said) ?? nothingAsked };
}

/**
One stash-box after the other: one in trouble keeps no other waiting.
@param link `goes-on`: all was done for now, and the box is served once more
*/
export async function serveBoxes(
  { log }: Pick<Context, 'log'>,
  slice: Slice,
  boxes: readonly LinkedBox[],
  {
    link,
    update,
  }: {
    readonly link: (endpoint: string) => Promise<'done' | 'goes-on' | 'yielded'>;
    readonly update: (endpoint: string, change: Partial<LinkedBox>) => Promise<void>;
  },
): Promise<'done' | 'yielded'> {
  for (const { endpoint, state } of boxes) {
    if (state !== 'waits') continue;
    try {
      const end = await link(endpoint);
      if (end === 'yielded') return 'yielded';
      if (end === 'goes-on') continue;
      await update(endpoint, { state: 'done' });
    } catch (error) {
      if (!isOfBox(error)) throw error;
      log.warn(messageOf(error));
      await update(endpoint, { state: 'failed', problem: saidOf(error) });
    }
    slice.advanced();
  }
  return 'done';
}

/**
What became of all of them, and what kept some from being served, each sentence once.
@throws StashSenseError where none did
*/
export function summed(boxes: readonly LinkedBox[]): {
  readonly sum: (what: 'asked' | 'found' | 'sure' | 'wrong') => number;
  readonly problems: readonly Message[];
} {
  const sum = (what: 'asked' | 'found' | 'sure' | 'wrong'): number =>
    boxes.reduce((all, box) => all + box[what], 0);
  const all = boxes.flatMap(({ problem }) => problem ?? []);
  const problems = [...new Map(all.map((problem) => [JSON.stringify(problem), problem])).values()];
  if (boxes.every(({ state }) => state === 'failed') && sum('asked') === 0)
    throw new StashSenseError('stash-box-unreachable', joined(problems, 'joinedByLine') ?? noBox(undefined));
  return { sum, problems };
}
