import type { BoxPerformer } from '../../core/ports/stash-box.ts';

/** How often somebody can have been merged into another one. */
export const MAX_MERGES = 4;

/** Who somebody of a stash-box is by now, after merges. Null: they were deleted. */
export function survivorOf(id: string, people: ReadonlyMap<string, BoxPerformer>): BoxPerformer | null {
  let one = people.get(id) ?? null;
  for (let merges = 0; one !== null && one.deleted && merges < MAX_MERGES; merges++)
    one = one.mergedIntoId === null ? null : (people.get(one.mergedIntoId) ?? null);
  return one?.deleted === true ? null : one;
}
