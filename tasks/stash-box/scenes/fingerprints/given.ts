/** What is remembered of fingerprints that were given to stash-boxes: to which they are, of which scenes they were, and how many. */
import { createHash } from 'node:crypto';
import type { SuggestionOf } from '../../../../core/suggestions/suggestion.ts';
import type { Context } from '../../../runs/task.ts';

type Parts = Pick<Context, 'store'>;
type Link = Pick<SuggestionOf<'scene-stash-id'>, 'entity' | 'payload'>;

export async function chosenBoxes({ store }: Parts): Promise<readonly string[]> {
  return (await store.state.get('fingerprints-to')) ?? [];
}

export async function chooseBox({ store }: Parts, endpoint: string, isOn: boolean): Promise<void> {
  await store.transaction(async () => {
    const others = (await chosenBoxes({ store })).filter((one) => one !== endpoint);
    await store.state.set('fingerprints-to', isOn ? [...others, endpoint] : others);
  });
}

export async function countsOf(
  { store }: Parts,
  endpoint: string,
): Promise<{ readonly scenes: number; readonly fingerprints: number }> {
  return (await store.state.get(`fingerprints-counted:${endpoint}`)) ?? { scenes: 0, fingerprints: 0 };
}

export async function isGiven({ store }: Parts, link: Link): Promise<boolean> {
  return (await store.state.get(keyOf(link))) !== null;
}

/**
Noted before they are sent: after a kill in between nobody knows whether the stash-box has them, and none is to be sent twice.
*/
export async function noteGiving({ store, now }: Parts & Pick<Context, 'now'>, link: Link): Promise<void> {
  await store.state.set(keyOf(link), { at: now(), fingerprints: null });
}

export async function noteGiven(
  { store, now }: Parts & Pick<Context, 'now'>,
  link: Link,
  fingerprints: number,
): Promise<void> {
  const { endpoint } = link.payload.stashId;
  await store.transaction(async () => {
    const before = await countsOf({ store }, endpoint);
    await store.state.set(keyOf(link), { at: now(), fingerprints });
    await store.state.set(`fingerprints-counted:${endpoint}`, {
      scenes: before.scenes + 1,
      fingerprints: before.fingerprints + fingerprints,
    });
  });
}

/** They were refused: the next run tries once more. */
export async function noteRefused({ store }: Parts, link: Link): Promise<void> {
  await store.state.delete(keyOf(link));
}

type GivingAt = { readonly done: string[]; readonly from: Record<string, number> };

/** How far this run is: stash-boxes that it is through with, and of the others the place in the list. */
export async function readGivingAt({ store }: Parts, run: string): Promise<GivingAt> {
  const at = await store.state.get('fingerprints-at');
  return at?.run === run ? { done: [...at.done], from: { ...at.from } } : { done: [], from: {} };
}

export async function noteGivingAt({ store }: Parts, run: string, at: GivingAt): Promise<void> {
  await store.state.set('fingerprints-at', { run, ...at });
}

/** Of what the files hold, so that a scene that comes back under another id is the same; names nothing of the user's. */
function keyOf({ entity, payload: { stashId, contentIds } }: Link): `fingerprints-given:${string}` {
  const scene = contentIds.length === 0 ? [entity.id] : contentIds.toSorted();
  const hash = createHash('sha256').update(JSON.stringify([stashId.endpoint, stashId.stashId, scene]));
  return `fingerprints-given:${hash.digest('hex').slice(0, 32)}`;
}
