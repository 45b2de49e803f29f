import { entityKey, type EntityRef } from '../../core/content-id.ts';
import { readPresent } from '../matching/present.ts';
import type { Context } from '../runs/task.ts';

/**
Those that Stash has and that are not excluded, as Stash is now: of what was excluded since, the store still keeps title and
faces until a run erases them.
*/
export async function stillThere<Place extends { readonly entity: EntityRef }>(
  library: Context['library'],
  places: readonly Place[],
): Promise<Place[]> {
  const present = await readPresent(
    library,
    places.map(({ entity }) => entity),
  );
  return places.filter(({ entity }) => present.has(entityKey(entity)));
}
