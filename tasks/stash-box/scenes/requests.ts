/** What the runs of *Link scenes* are asked for. */
import { randomUUID } from 'node:crypto';
import { StashSenseError } from '../../../core/errors.ts';
import type { TaskArgs } from '../../../core/runs/task-args.ts';
import type { LinkedBox } from '../../../core/stash-box/link-request.ts';
import type { SceneLinkRequest } from '../../../core/stash-box/scene-link-request.ts';
import type { Context } from '../../runs/task.ts';
import { boxesAsked, isBegun, isWorkedOn, newBox, noBox } from '../requests.ts';

type Parts = Pick<Context, 'store' | 'stashBoxes' | 'limits' | 'now'>;

/**
Adds a request, unless one for the same waits already. One that a run works on has gone past some scenes, which may have changed
since; one that a dead run has left goes on where it was.
@throws StashSenseError `bad-input` without a stash-box that can be asked
*/
export async function requestSceneLinks(
  { store, stashBoxes, limits, now }: Parts,
  { scene_ids: ids, endpoint, force }: TaskArgs<'link-scenes'>,
): Promise<void> {
  const boxes = await boxesAsked({ stashBoxes }, endpoint);
  if (boxes.length === 0) throw new StashSenseError('bad-input', noBox(endpoint));
  const sceneIds = ids === undefined ? null : [...new Set(ids)].toSorted((a, b) => Number(a) - Number(b));
  await store.transaction(async () => {
    const requests = await readSceneRequests({ store });
    const asked = { sceneIds, force, boxes: boxes.map((box) => newBox(box.endpoint)) };
    const isAtWork = await isWorkedOn({ store, limits, now }, 'link-scenes');
    if (requests.some((known) => meansOf(known) === meansOf(asked) && !(isAtWork && isBegun(known)))) return;
    await store.state.set('scene-links', [...requests, { id: randomUUID(), ...asked }]);
  });
}

export async function readSceneRequests({ store }: Pick<Context, 'store'>): Promise<SceneLinkRequest[]> {
  return (await store.state.get('scene-links')) ?? [];
}

/** How far a box is in a request. Undefined: the request was dropped. */
export async function readSceneBox(
  context: Pick<Context, 'store'>,
  request: Pick<SceneLinkRequest, 'id'>,
  endpoint: string,
): Promise<LinkedBox | undefined> {
  const known = (await readSceneRequests(context)).find(({ id }) => id === request.id);
  return known?.boxes.find((one) => one.endpoint === endpoint);
}

/** Joins the transaction in which what it counts is stored. */
export async function updateSceneBox(
  { store }: Pick<Context, 'store'>,
  request: Pick<SceneLinkRequest, 'id'>,
  endpoint: string,
  change: (box: LinkedBox) => Partial<LinkedBox>,
): Promise<void> {
  await store.transaction(async () => {
    const requests = await readSceneRequests({ store });
    const changed = requests.map((known) => ({
      ...known,
      boxes: known.boxes.map((box) =>
        known.id === request.id && box.endpoint === endpoint ? { ...box, ...change(box) } : box,
      ),
    }));
    await store.state.set('scene-links', changed);
  });
}

/** @param request null: all */
export async function dropSceneRequests(
  { store }: Pick<Context, 'store'>,
  request: Pick<SceneLinkRequest, 'id'> | null,
): Promise<void> {
  await store.transaction(async () => {
    const rest = (await readSceneRequests({ store })).filter(
      ({ id }) => request !== null && id !== request.id,
    );
    await store.state.set('scene-links', rest);
  });
}

/** Without how far it is. */
function meansOf({ sceneIds, force, boxes }: Omit<SceneLinkRequest, 'id'>): string {
  return JSON.stringify([sceneIds, force, boxes.map(({ endpoint }) => endpoint)]);
}
