/** What the runs of *Link stash-box IDs* are asked for. */
import { randomUUID } from 'node:crypto';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { StashBox } from '../../core/ports/stash-box.ts';
import type { TaskArgs } from '../../core/runs/task-args.ts';
import type { LinkedBox, LinkRequest } from '../../core/stash-box/link-request.ts';
import { isRunAlive } from '../runs/liveness.ts';
import type { Context } from '../runs/task.ts';

type Parts = Pick<Context, 'store' | 'stashBoxes' | 'limits' | 'now'>;

/**
Adds a request, unless one for the same waits already. One that a run works on has gone past some performers, who may have changed
since; one that a dead run has left goes on where it was.
@throws StashSenseError `bad-input` without a stash-box that can be asked
*/
export async function requestLinks(
  { store, stashBoxes, limits, now }: Parts,
  { performer_ids: ids, endpoint, force }: TaskArgs<'link-stash-ids'>,
): Promise<void> {
  const boxes = await boxesAsked({ stashBoxes }, endpoint);
  if (boxes.length === 0) throw new StashSenseError('bad-input', noBox(endpoint));
  const performerIds = ids === undefined ? null : [...new Set(ids)].toSorted((a, b) => Number(a) - Number(b));
  await store.transaction(async () => {
    const requests = await readRequests({ store });
    const asked = { performerIds, force, boxes: boxes.map((box) => newBox(box.endpoint)) };
    const isAtWork = await isWorkedOn({ store, limits, now }, 'link-stash-ids');
    if (requests.some((known) => meansOf(known) === meansOf(asked) && !(isAtWork && isBegun(known)))) return;
    await store.state.set('stash-id-links', [...requests, { id: randomUUID(), ...asked }]);
  });
}

/** Whether a run of the task works on its requests, or goes on soon. */
export async function isWorkedOn(
  { store, limits, now }: Pick<Context, 'store' | 'limits' | 'now'>,
  mode: 'link-stash-ids' | 'link-scenes',
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

export async function readRequests({ store }: Pick<Context, 'store'>): Promise<LinkRequest[]> {
  return (await store.state.get('stash-id-links')) ?? [];
}

/** Joins the transaction in which what it counts is stored. */
export async function updateBox(
  { store }: Pick<Context, 'store'>,
  request: Pick<LinkRequest, 'id'>,
  endpoint: string,
  change: (box: LinkedBox) => Partial<LinkedBox>,
): Promise<void> {
  await store.transaction(async () => {
    const requests = await readRequests({ store });
    await store.state.set(
      'stash-id-links',
      requests.map((known) =>
        known.id === request.id
          ? {
              ...known,
              boxes: known.boxes.map((box) => (box.endpoint === endpoint ? { ...box, ...change(box) } : box)),
            }
          : known,
      ),
    );
  });
}

export async function dropRequest(
  { store }: Pick<Context, 'store'>,
  { id }: Pick<LinkRequest, 'id'>,
): Promise<void> {
  await store.transaction(async () => {
    const requests = await readRequests({ store });
    await store.state.set(
      'stash-id-links',
      requests.filter((request) => request.id !== id),
    );
  });
}

export async function dropRequests({ store }: Pick<Context, 'store'>): Promise<void> {
  await store.state.delete('stash-id-links');
}

export function newBox(endpoint: string): LinkedBox {
  return {
    endpoint,
    after: '0',
    state: 'waits',
    problem: null,
    asked: 0,
    found: 0,
    sure: 0,
    wrong: 0,
    checkedTo: '0',
  };
}

export function isBegun({ boxes }: Pick<LinkRequest, 'boxes'>): boolean {
  return boxes.some(({ state, after, checkedTo }) => state !== 'waits' || after !== '0' || checkedTo !== '0');
}

/** Without how far it is. */
function meansOf({ performerIds, force, boxes }: Omit<LinkRequest, 'id'>): string {
  return JSON.stringify([performerIds, force, boxes.map(({ endpoint }) => endpoint)]);
}
