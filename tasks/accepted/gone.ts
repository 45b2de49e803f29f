import { hasCode } from '../../core/errors.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Context } from '../runs/task.ts';
import { successorOf } from './successor.ts';

/**
Closes all that is suggested about those of these objects that Stash no longer has, after a refusal that says so. A performer
is forgotten at once, as the next listing would: else their face would go on being found.
*/
export async function closeIfGone(
  { store, library }: Pick<Context, 'store' | 'library'>,
  error: unknown,
  objects: readonly (StashRef | null)[],
): Promise<void> {
  if (!hasCode(error, 'not-found')) return;
  for (const object of objects) {
    if (object === null || (await library.object(object)) !== null) continue;
    if ((await successorOf({ store, library }, object, '')) !== null) continue;
    await store.transaction(async () => {
      await store.suggestions.closeAllOf(object);
      const { kind, id } = object;
      // As a listing of this one id that found nobody.
      if (kind === 'performer')
        await store.people.dropMissing(new Set(), { after: String(Number(id) - 1), upTo: id });
    });
  }
}
