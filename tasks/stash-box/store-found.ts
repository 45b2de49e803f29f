import type { Proposal } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';

/** What a stash-box was asked about one performer, and what it led to. */
export type Found<Made extends Proposal = Proposal> = {
  readonly id: string;
  readonly revision: string;
  readonly proposals: readonly Made[];
};

/** In place of what the same analyzer has suggested of these performers; in a transaction of the caller's. */
export async function storeFound(
  { store, now }: Pick<Context, 'store' | 'now'>,
  { endpoint, analyzer }: { readonly endpoint: string; readonly analyzer: string },
  found: readonly Found[],
): Promise<void> {
  for (const { id, proposals } of found)
    await store.suggestions.replace({ kind: 'performer', id }, analyzer, proposals);
  const at = now();
  await store.boxLookUps.put(
    endpoint,
    found.map(({ id, revision }) => ({ performerId: id, revision, at })),
  );
}
