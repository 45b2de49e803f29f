import type { StashIdValue } from '../../core/changes/change.ts';
import { idsOfBox, stashIdsOf } from '../../core/changes/values.ts';
import { entityKey } from '../../core/content-id.ts';
import type { StashBox } from '../../core/ports/stash-box.ts';
import { areUnchanged } from '../../core/suggestions/revisions.ts';
import { suggestionKey, type Proposal, type Suggestion } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';

/** What a stash-box was asked about one performer or scene, and what it led to. */
export type Found<Made extends Proposal = Proposal> = {
  readonly id: string;
  readonly revision: string;
  readonly proposals: readonly Made[];
  /** The stash-box answered all that was asked; else the next run asks about it once more. */
  readonly isWhole: boolean;
  /** Where it did not: of what was suggested before what still holds. Absent: all of it. */
  readonly holds?: (before: Suggestion) => boolean;
  /** Its stash IDs when the stash-box was asked. */
  readonly stashIds: readonly StashIdValue[];
};

type StoreParts = Pick<Context, 'store' | 'library' | 'now'>;
type FoundAt = {
  readonly endpoint: string;
  readonly analyzer: string;
  readonly kind?: 'performer' | 'scene';
};

/**
In place of what the same analyzer has suggested of these performers, or scenes. While the stash-box was asked somebody may have been linked,
corrected or decided about: of them nothing is stored, and the next run asks anew.
@param also what is stored with it, in the same transaction
@returns what was stored
*/
export async function storeFound<One extends Found>(
  { store, library, now }: StoreParts,
  at: FoundAt,
  found: readonly One[],
  also: (stored: readonly One[]) => Promise<void> = () => Promise.resolve(),
): Promise<readonly One[]> {
  const { kind = 'performer' } = at;
  const entities = found.map(({ id }) => ({ kind, id }) as const);
  // Before Stash is read: who is linked after that has another revision by then.
  const before = await store.suggestions.revisions(entities);
  const read = await library.fieldsOf(
    kind,
    entities.map(({ id }) => id),
    ['stashIds'],
  );
  const isAsRead = ({ id, stashIds }: One): boolean => {
    const values = read.get(id);
    const fresh = values === undefined ? null : stashIdsOf(values);
    return fresh !== null && idsAsText(fresh, at.endpoint) === idsAsText(stashIds, at.endpoint);
  };
  const unchanged = found.filter(isAsRead);
  return await store.transaction(async () => {
    const after = await store.suggestions.revisions(entities);
    const stored = unchanged.filter(({ id }) => areUnchanged({ kind, id }, before, after));
    await putFound({ store, now }, at, stored);
    await also(stored);
    return stored;
  });
}

function idsAsText(stashIds: readonly StashIdValue[], endpoint: string): string {
  return idsOfBox(stashIds, endpoint).toSorted().join(' ');
}

async function putFound(
  { store, now }: Pick<StoreParts, 'store' | 'now'>,
  { endpoint, analyzer, kind = 'performer' }: FoundAt,
  found: readonly Found[],
): Promise<void> {
  for (const { id, proposals, isWhole, holds = () => true } of found) {
    const before = isWhole
      ? []
      : (await openOf({ store }, { kind, id })).filter((one) => one.analyzer === analyzer && holds(one));
    const keys = new Set(before.map(({ key }) => key));
    const added = proposals.filter((proposal) => !keys.has(suggestionKey(proposal)));
    await store.suggestions.replace({ kind, id }, analyzer, [...before, ...added]);
  }
  const at = now();
  const whole = found.filter(({ isWhole }) => isWhole);
  if (kind === 'scene')
    await store.sceneLookUps.put(
      endpoint,
      whole.map(({ id, revision }) => ({ sceneId: id, revision, at })),
    );
  else
    await store.boxLookUps.put(
      endpoint,
      whole.map(({ id, revision }) => ({ performerId: id, revision, at })),
    );
}

const KINDS = {
  performer: ['performer-stash-id', 'stash-id-repair'],
  scene: ['scene-stash-id', 'scene-id-repair'],
} as const;
type StashIdSuggestion = Extract<Suggestion, { kind: (typeof KINDS)[keyof typeof KINDS][number] }>;
/** More than are suggested of one. */
const MAX_OPEN = 200;

/** What is suggested about the stash IDs of a performer or scene and nobody has decided, likeliest first. */
export async function openOf(
  { store }: Pick<Context, 'store'>,
  entity: { readonly kind: keyof typeof KINDS; readonly id: string },
): Promise<StashIdSuggestion[]> {
  const filter = { entity, state: 'open' } as const;
  const { items } = await store.suggestions.list(filter, 'confidence', MAX_OPEN, 0);
  const kinds: readonly string[] = KINDS[entity.kind];
  return items.filter((one): one is StashIdSuggestion => kinds.includes(one.kind));
}

/** Nothing is to be linked of what has an id there by now, and nothing to be corrected of what has none. */
export async function closeAll(
  { store }: Pick<Context, 'store'>,
  kind: keyof typeof KINDS,
  analyzer: string,
  of: readonly { readonly id: string }[],
): Promise<void> {
  const entities = of.map(({ id }) => ({ kind, id }));
  const known = await store.suggestions.revisions(entities);
  for (const entity of entities)
    if (known.get(entityKey(entity))?.some(({ state }) => state === 'open') === true)
      await store.suggestions.replace(entity, analyzer, []);
}

/** Suggestions that are read at once. */
const PAGE = 500;

/**
Closes what is suggested of stash-boxes that Stash's settings no longer have: nobody can check it any more. Who was looked up
there is forgotten, so that all of it is found anew where they come back.
@param of whose stash IDs
*/
export async function closeRemoved(
  { store }: Pick<Context, 'store'>,
  boxes: readonly Pick<StashBox, 'endpoint'>[],
  of: keyof typeof KINDS = 'performer',
): Promise<void> {
  const known = new Set(boxes.map(({ endpoint }) => endpoint));
  const lookUps = of === 'scene' ? store.sceneLookUps : store.boxLookUps;
  for (const one of of === 'scene' ? [lookUps, store.recutLookUps] : [lookUps])
    for (const endpoint of await one.endpoints()) if (!known.has(endpoint)) await one.dropAll(endpoint);
  const closed: string[] = [];
  for (const kind of KINDS[of])
    for (let offset = 0; ; offset += PAGE) {
      const { items } = await store.suggestions.list({ kind, state: 'open' }, 'newest', PAGE, offset);
      closed.push(...items.flatMap((one) => (known.has(endpointOf(one)) ? [] : one.id)));
      if (items.length < PAGE) break;
    }
  for (const id of closed) await store.suggestions.changeState(id, ['open'], 'stale');
}

/** The stash-box that was asked. */
export function endpointOf({ payload }: Pick<StashIdSuggestion, 'payload'>): string {
  return 'wrong' in payload ? payload.wrong.endpoint : payload.stashId.endpoint;
}
