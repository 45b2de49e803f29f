import { isEntityRef } from '../../core/content-id.ts';
import { shownName } from '../../core/people/shown-name.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Store } from '../../core/ports/store.ts';
import type { Context } from '../runs/task.ts';

/**
All that is suggested of a performer who was merged in Stash, and what was decided about it, is of the other one from now on.
@returns whether there was anything
*/
export async function followMerge(
  { store }: Pick<Context, 'store'>,
  merged: StashRef,
  into: StashPerformer,
): Promise<boolean> {
  return await store.transaction(async () => {
    await store.people.putPerformer(into);
    await store.people.moveReferences(merged.id, into.id);
    await forgetPerformer(store, merged);
    return await store.suggestions.followMerge(merged, {
      target: { kind: 'performer', id: into.id },
      name: shownName(into),
    });
  });
}

/** More are left to the next match of everything. */
const MAX_MATCHED_AGAIN = 200;

/**
In a transaction, as the next listing would: else their face would go on being found. What was matched with them, and what
asks whether it was them, is due for another match (`matchDue`).
*/
export async function forgetPerformer(store: Store, performer: StashRef): Promise<void> {
  const { id } = performer;
  const filter = { state: ['open', 'removed'], target: performer } as const;
  const { items } = await store.suggestions.list(filter, 'newest', MAX_MATCHED_AGAIN, 0);
  for (const { entity } of items)
    if (isEntityRef(entity)) await store.observations.setMatchedWith(entity, null);
  await store.identifications.forgetMatchesWith(id);
  // As a listing of this one id that found nobody.
  await store.people.dropMissing(new Set(), { after: String(Number(id) - 1), upTo: id });
}
