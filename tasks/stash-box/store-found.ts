import { suggestionKey, type Proposal, type Suggestion } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';

/** What a stash-box was asked about one performer, and what it led to. */
export type Found<Made extends Proposal = Proposal> = {
  readonly id: string;
  readonly revision: string;
  readonly proposals: readonly Made[];
  /** The stash-box answered all that was asked; else the next run asks about the performer once more. */
  readonly isWhole: boolean;
  /** Where it did not: of what was suggested before what still holds. Absent: all of it. */
  readonly holds?: (before: Suggestion) => boolean;
};

/** In place of what the same analyzer has suggested of these performers; in a transaction of the caller's. */
export async function storeFound(
  { store, now }: Pick<Context, 'store' | 'now'>,
  { endpoint, analyzer }: { readonly endpoint: string; readonly analyzer: string },
  found: readonly Found[],
): Promise<void> {
  for (const { id, proposals, isWhole, holds = () => true } of found) {
    const before = isWhole ? [] : (await openOf({ store }, id, analyzer)).filter(holds);
    const keys = new Set(before.map(({ key }) => key));
    const added = proposals.filter((proposal) => !keys.has(suggestionKey(proposal)));
    await store.suggestions.replace({ kind: 'performer', id }, analyzer, [...before, ...added]);
  }
  const at = now();
  await store.boxLookUps.put(
    endpoint,
    found.flatMap(({ id, revision, isWhole }) => (isWhole ? [{ performerId: id, revision, at }] : [])),
  );
}

/** More than are suggested of one performer. */
const MAX_OPEN = 200;

/** What an analyzer has suggested of a performer and nobody has decided. */
async function openOf(
  { store }: Pick<Context, 'store'>,
  id: string,
  analyzer: string,
): Promise<Suggestion[]> {
  const filter = { entity: { kind: 'performer', id }, state: 'open' } as const;
  const { items } = await store.suggestions.list(filter, 'newest', MAX_OPEN, 0);
  return items.filter((one) => one.analyzer === analyzer);
}
