import { hasCode } from '../../core/errors.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Context } from '../runs/task.ts';
import { forgetPerformer } from './merged.ts';
import { successorOf } from './successor.ts';

/** Closes all that is suggested about those of these objects that Stash no longer has, after a refusal that says so. */
export async function closeIfGone(
  { store, library }: Pick<Context, 'store' | 'library'>,
  error: unknown,
  objects: readonly (StashRef | null)[],
): Promise<void> {
  if (!hasCode(error, 'not-found')) return;
  for (const object of objects) {
    if (object === null || (await library.object(object)) !== null) continue;
    if ((await successorOf({ store, library }, object, '')) !== null) continue;
    await closeGone({ store }, object);
  }
}

/** Closes all that is suggested about what Stash no longer has. A performer is forgotten at once. */
export async function closeGone({ store }: Pick<Context, 'store'>, gone: StashRef): Promise<void> {
  await store.transaction(async () => {
    if (gone.kind === 'performer') await forgetPerformer(store, gone);
    await store.suggestions.closeAllOf(gone);
  });
}
