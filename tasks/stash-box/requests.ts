/** What the runs of *Link stash-box IDs* and *Link scenes* are asked for. */
import { randomUUID } from 'node:crypto';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { StashBox } from '../../core/ports/stash-box.ts';
import type { TaskArgs } from '../../core/runs/task-args.ts';
import type { LinkedBox, LinkRequest } from '../../core/stash-box/link-request.ts';
import { isRunAlive } from '../runs/liveness.ts';
import type { Context } from '../runs/task.ts';

type Mode = 'link-stash-ids' | 'link-scenes';
type Parts = Pick<Context, 'store' | 'stashBoxes' | 'limits' | 'now'>;
type StoreParts = Pick<Context, 'store'>;

export type BoxRequest = Pick<LinkRequest, 'id' | 'force' | 'boxes'>;

/** The requests of one task, in the order in which they are served. */
export type Requests<Request extends BoxRequest> = {
  read(context: StoreParts): Promise<Request[]>;
  /** As it is stored by now. Undefined: it was dropped. */
  find(context: StoreParts, request: Pick<Request, 'id'>): Promise<Request | undefined>;
  /** How far a box is in a request. Undefined: the request was dropped. */
  boxOf(context: StoreParts, request: Pick<Request, 'id'>, endpoint: string): Promise<LinkedBox | undefined>;
  /**
  Adds a request for one stash-box or all, unless one for the same waits already. One that a run works on has gone past some of
  what it asks for, which may have changed since; one that a dead run has left goes on where it was.
  @throws StashSenseError `bad-input` without a stash-box that can be asked
  */
  add(context: Parts, endpoint: string | undefined, asked: Omit<Request, 'id' | 'boxes'>): Promise<void>;
  /** Joins the transaction in which what it counts is stored. */
  updateBox(
    context: StoreParts,
    request: Pick<Request, 'id'>,
    endpoint: string,
    change: (box: LinkedBox) => Partial<LinkedBox>,
  ): Promise<void>;
  /** @param request null: all */
  drop(context: StoreParts, request: Pick<Request, 'id'> | null): Promise<void>;
};

export function openRequests<Request extends BoxRequest>({
  mode,
  read,
  write,
}: {
  readonly mode: Mode;
  readonly read: (store: Context['store']) => Promise<Request[] | null>;
  readonly write: (store: Context['store'], requests: Request[]) => Promise<void>;
}): Requests<Request> {
  const all = async ({ store }: StoreParts): Promise<Request[]> => (await read(store)) ?? [];
  const find: Requests<Request>['find'] = async (context, request) =>
    (await all(context)).find(({ id }) => id === request.id);
  return {
    read: all,
    find,
    boxOf: async (context, request, endpoint) =>
      (await find(context, request))?.boxes.find((one) => one.endpoint === endpoint),

    async add({ store, stashBoxes, limits, now }, endpoint, asked) {
      const boxes = await boxesAsked({ stashBoxes }, endpoint);
      if (boxes.length === 0) throw new StashSenseError('bad-input', noBox(endpoint));
      await store.transaction(async () => {
        const requests = await all({ store });
        const added = {
          ...asked,
          id: randomUUID(),
          boxes: boxes.map((box) => newBox(box.endpoint)),
        } as Request;
        const isAtWork = await isWorkedOn({ store, limits, now }, mode);
        if (requests.some((known) => meansOf(known) === meansOf(added) && !(isAtWork && isBegun(known))))
          return;
        await write(store, [...requests, added]);
      });
    },

    async updateBox({ store }, { id }, endpoint, change) {
      await store.transaction(async () => {
        const requests = await all({ store });
        const changed = requests.map((known) => ({
          ...known,
          boxes: known.boxes.map((box) =>
            known.id === id && box.endpoint === endpoint ? { ...box, ...change(box) } : box,
          ),
        }));
        await write(store, changed);
      });
    },

    async drop({ store }, request) {
      await store.transaction(async () => {
        const rest = (await all({ store })).filter(({ id }) => request !== null && id !== request.id);
        await write(store, rest);
      });
    },
  };
}

export const linkRequests = openRequests<LinkRequest>({
  mode: 'link-stash-ids',
  read: (store) => store.state.get('stash-id-links'),
  write: (store, requests) => store.state.set('stash-id-links', requests),
});

/** @throws StashSenseError `bad-input` without a stash-box that can be asked */
export async function requestLinks(
  context: Parts,
  { performer_ids: ids, endpoint, force }: TaskArgs<'link-stash-ids'>,
): Promise<void> {
  await linkRequests.add(context, endpoint, { performerIds: idsAsked(ids), force });
}

/** Each once, by number. Null: all. */
export function idsAsked(ids: readonly string[] | undefined): string[] | null {
  return ids === undefined ? null : [...new Set(ids)].toSorted((a, b) => Number(a) - Number(b));
}

/** Whether a run of the task works on its requests, or goes on soon. */
async function isWorkedOn(
  { store, limits, now }: Pick<Context, 'store' | 'limits' | 'now'>,
  mode: Mode,
): Promise<boolean> {
  const run = (await store.runs.running()).find(({ task }) => task === mode);
  if (run === undefined) return false;
  // Between two slices nobody has it, and nothing went wrong.
  return isRunAlive(run, now(), limits.leaseMs) || (run.owner === null && run.interruption === null);
}

/** @param endpoint one, by its address or its name; else all that can be asked */
export async function boxesAsked(
  { stashBoxes }: Pick<Context, 'stashBoxes'>,
  endpoint: string | undefined,
): Promise<StashBox[]> {
  return (await stashBoxes.list()).filter(
    (box) =>
      box.hasKey &&
      (endpoint === undefined ||
        box.endpoint === endpoint ||
        box.name.toLowerCase() === endpoint.toLowerCase()),
  );
}

/** @param endpoint the one that was asked for, by its address or its name */
export function noBox(endpoint: string | undefined): Message {
  return message('stashIds.noBox', { isNamed: String(endpoint !== undefined), name: endpoint ?? '' });
}

function newBox(endpoint: string): LinkedBox {
  return {
    endpoint,
    after: '0',
    passed: 0,
    state: 'waits',
    problem: null,
    asked: 0,
    found: 0,
    sure: 0,
    wrong: 0,
    checkedTo: '0',
    repairedTo: '0',
    recutTo: '0',
    unread: 0,
  };
}

function isBegun({ boxes }: BoxRequest): boolean {
  return boxes.some(
    ({ state, after, checkedTo, repairedTo, recutTo }) =>
      state !== 'waits' || [after, checkedTo, repairedTo, recutTo].some((place) => place !== '0'),
  );
}

/** Without how far it is. */
function meansOf(request: BoxRequest): string {
  const { id: _, boxes, ...asked } = request;
  const sorted = Object.entries(asked).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([sorted, boxes.map(({ endpoint }) => endpoint)]);
}
