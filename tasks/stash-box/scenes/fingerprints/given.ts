/** What is remembered of fingerprints that were given to stash-boxes: to which they are, of which scenes they were, and how many. */
import { createHash } from 'node:crypto';
import type { StateValue } from '../../../../core/state-keys.ts';
import type { SuggestionOf } from '../../../../core/suggestions/suggestion.ts';
import type { Context } from '../../../runs/task.ts';

type Parts = Pick<Context, 'store'>;
type Link = Pick<SuggestionOf<'scene-stash-id'>, 'id' | 'entity' | 'payload'>;

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

export type Given = StateValue<'fingerprints-given:'>;

/** What Stash would send of a scene. `hashes`: one of each fingerprint. */
export type ToGive = { readonly hashes: readonly string[]; readonly lacksPhash: boolean };

/** After this time a scene of which all was given is looked at once more: it may have got another file. */
const LOOKED_AGAIN_AFTER_MS = 7 * 86_400_000;

/** Null: nothing of the scene was given. */
export async function readGiven({ store }: Parts, link: Link): Promise<Given | null> {
  return await store.state.get(keyOf(link));
}

/** Whether Stash may have more of the scene by now. One that lacked a perceptual hash is looked at in each run. */
export function mayHaveMore({ now }: Pick<Context, 'now'>, before: Given | null): boolean {
  return before === null || before.lacksPhash === true || now() - before.at >= LOOKED_AGAIN_AFTER_MS;
}

/** Hashes of those that neither were given nor may have been. */
export function notGiven({ hashes }: ToGive, before: Given | null): readonly string[] {
  if (before === null) return hashes;
  if (before.given === undefined) {
    // Of what an earlier version gave only the number is known.
    return before.fingerprints === null ? [] : hashes.slice(before.fingerprints);
  }
  const given = new Set(before.given);
  return hashes.filter((hash) => !given.has(hash));
}

/**
All of these count as given from now on, though none is counted: there was nothing more to be given; or they are about to be, and after
a kill in between nobody knows whether the stash-box has them, and none is to be sent twice for it.
*/
export async function noteAsGiven(
  { store, now }: Parts & Pick<Context, 'now'>,
  link: Link,
  toGive: ToGive,
  before: Given | null,
): Promise<void> {
  await store.state.set(keyOf(link), {
    at: now(),
    fingerprints: before?.fingerprints ?? null,
    ...knownFrom(toGive, before),
  });
}

/** @param fresh how many of them had not been given before */
export async function noteGiven(
  { store, now }: Parts & Pick<Context, 'now'>,
  link: Link,
  toGive: ToGive,
  { before, fresh }: { readonly before: Given | null; readonly fresh: number },
): Promise<void> {
  const { endpoint } = link.payload.stashId;
  const counted = before?.fingerprints ?? 0;
  await store.transaction(async () => {
    const all = await countsOf({ store }, endpoint);
    await store.state.set(keyOf(link), {
      at: now(),
      fingerprints: counted + fresh,
      ...knownFrom(toGive, before),
    });
    await store.state.set(`fingerprints-counted:${endpoint}`, {
      scenes: all.scenes + (counted === 0 ? 1 : 0),
      fingerprints: all.fingerprints + fresh,
    });
  });
}

/** They were refused: a later run tries once more, after those that were refused before it. */
export async function noteRefused({ store }: Parts, link: Link, before: Given | null): Promise<void> {
  const { endpoint } = link.payload.stashId;
  await store.transaction(async () => {
    if (before === null) await store.state.delete(keyOf(link));
    else await store.state.set(keyOf(link), before);
    const others = (await readRefused({ store }, endpoint)).filter((id) => id !== link.id);
    await store.state.set(`fingerprints-refused:${endpoint}`, [...others, link.id]);
  });
}

/** Suggestions whose scenes were refused the last time that they were tried, the one refused longest ago first. */
export async function readRefused({ store }: Parts, endpoint: string): Promise<readonly string[]> {
  return (await store.state.get(`fingerprints-refused:${endpoint}`)) ?? [];
}

export async function forgetRefusal({ store }: Parts, endpoint: string, id: string): Promise<void> {
  await store.transaction(async () => {
    const left = (await readRefused({ store }, endpoint)).filter((one) => one !== id);
    await store.state.set(`fingerprints-refused:${endpoint}`, left);
  });
}

function knownFrom(
  { hashes, lacksPhash }: ToGive,
  before: Given | null,
): { readonly given: string[]; readonly lacksPhash: boolean } {
  return { given: [...new Set([...(before?.given ?? []), ...hashes])], lacksPhash };
}

/** `from`: the place in the list of accepted suggestions; `refused`: suggestions refused in earlier runs that are still to be tried. */
export type PlaceAtBox = { readonly from: number; readonly refused: readonly string[] };

type GivingAt = {
  readonly done: string[];
  readonly from: Record<string, number>;
  readonly refused: Record<string, readonly string[]>;
};

/** How far this run is: stash-boxes that it is through with, and of the others by endpoint the place. */
export async function readGivingAt({ store }: Parts, run: string): Promise<GivingAt> {
  const at = await store.state.get('fingerprints-at');
  if (at?.run !== run) return { done: [], from: {}, refused: {} };
  return { done: [...at.done], from: { ...at.from }, refused: { ...at.refused } };
}

export async function noteGivingAt(
  { store }: Parts,
  run: string,
  { done, from, refused }: GivingAt,
): Promise<void> {
  const left = Object.entries(refused).map(([endpoint, ids]) => [endpoint, [...ids]]);
  await store.state.set('fingerprints-at', { run, done, from, refused: Object.fromEntries(left) });
}

/** Of what the files hold, so that a scene that comes back under another id is the same; names nothing of the user's. */
function keyOf({ entity, payload: { stashId, contentIds } }: Link): `fingerprints-given:${string}` {
  const scene = contentIds.length === 0 ? [entity.id] : contentIds.toSorted();
  const hash = createHash('sha256').update(JSON.stringify([stashId.endpoint, stashId.stashId, scene]));
  return `fingerprints-given:${hash.digest('hex').slice(0, 32)}`;
}
