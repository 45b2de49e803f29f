import type { BoxPerformer, StashBoxClient } from '../../core/ports/stash-box.ts';

/** How often somebody can have been merged into another one. */
export const MAX_MERGES = 4;

/** Who somebody of a stash-box is by now, after merges. Null: they were deleted. Undefined: somebody on the way is not known. */
export function survivorOf(
  id: string,
  people: ReadonlyMap<string, BoxPerformer>,
): BoxPerformer | null | undefined {
  let one = people.get(id);
  for (let merges = 0; one !== undefined && merges <= MAX_MERGES; merges++) {
    if (!one.deleted) return one;
    if (one.mergedIntoId === null) return one.hidesMerges === true ? undefined : null;
    one = people.get(one.mergedIntoId);
  }
  return undefined;
}

/** What the box says of each id: who it is by now; null: it has nobody. Absent: it could not answer. */
export async function followed(
  client: StashBoxClient,
  ids: readonly string[],
): Promise<ReadonlyMap<string, BoxPerformer | null>> {
  const found = new Map(ids.length === 0 ? [] : await client.performers(ids));
  const people = new Map([...found].flatMap(([id, one]) => (one === null ? [] : [[id, one] as const])));
  let next = targetsIn(people);
  for (let merges = 0; next.length > 0 && merges < MAX_MERGES; merges++) {
    for (const [id, one] of await client.performers(next)) if (one !== null) people.set(id, one);
    next = targetsIn(people).filter((id) => !people.has(id));
  }
  return new Map(
    [...found].flatMap(([id, one]) => {
      const survivor = one === null ? null : survivorOf(id, people);
      return survivor === undefined ? [] : [[id, survivor] as const];
    }),
  );
}

function targetsIn(people: ReadonlyMap<string, BoxPerformer>): string[] {
  return [...people.values()].flatMap(({ deleted, mergedIntoId }) =>
    deleted && mergedIntoId !== null && !people.has(mergedIntoId) ? [mergedIntoId] : [],
  );
}
