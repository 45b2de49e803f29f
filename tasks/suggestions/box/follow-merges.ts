import type { BoxPerformer, StashBoxClient } from '../../../core/ports/stash-box.ts';

/** What a stash-box says of some ids, through the merges that it has made since. */
export type Merged<One = BoxPerformer> = {
  /** Who or what the id means by now. Null: nobody, they were deleted or never there. Undefined: the box could not say. */
  of(id: string): One | null | undefined;
  /** The box has the id, or had it and has deleted it: it is no id of another one. */
  isKnown(id: string): boolean;
  /** The box answered of the id, and of all whom it leads to. */
  isAnswered(id: string): boolean;
};

export type Mergeable = Pick<BoxPerformer, 'id' | 'deleted' | 'mergedIntoId' | 'hidesMerges'>;

/** How often somebody or something can have been merged into another one. */
const MAX_MERGES = 8;

/** @param found who was read before, of whom nobody is asked */
export async function followMerges(
  client: Pick<StashBoxClient, 'performers'>,
  ids: readonly string[],
  found: readonly BoxPerformer[] = [],
): Promise<Merged> {
  return await followMergesOf((some) => client.performers(some), ids, found);
}

/**
One question for the ids, and one more for each merge of the longest chain.
@param ask by the ids as they are asked for; null: the box has none such; absent: it could not answer
*/
export async function followMergesOf<One extends Mergeable>(
  ask: (ids: readonly string[]) => Promise<ReadonlyMap<string, One | null>>,
  ids: readonly string[],
  found: readonly One[] = [],
): Promise<Merged<One>> {
  const people = new Map<string, One | null>(found.map((one) => [one.id, one]));
  const asked = new Set<string>();
  const isOpen = (id: string): boolean => !people.has(id) && !asked.has(id);
  for (let merges = 0; merges <= MAX_MERGES; merges++) {
    const next = [...new Set([...ids, ...targetsIn(people)])].filter(isOpen);
    if (next.length === 0) break;
    for (const [id, one] of await ask(next)) people.set(id, one);
    for (const id of next) asked.add(id);
  }

  /** The last id of the merges. Null: there are more than are followed. */
  function endOf(id: string): string | null {
    let last = id;
    for (let merges = 0; merges <= MAX_MERGES; merges++) {
      const target = targetOf(people.get(last));
      if (target === null) return last;
      last = target;
    }
    return null;
  }

  return {
    of(id) {
      const end = endOf(id);
      const one = end === null ? undefined : people.get(end);
      if (one?.deleted !== true) return one;
      return one.hidesMerges === true ? undefined : null;
    },
    isKnown: (id) => people.get(id) != null,
    isAnswered(id) {
      const end = endOf(id);
      return end === null || people.has(end);
    },
  };
}

function targetsIn(people: ReadonlyMap<string, Mergeable | null>): string[] {
  return [...people.values()].flatMap((one) => targetOf(one) ?? []);
}

function targetOf(one: Mergeable | null | undefined): string | null {
  return one?.deleted === true ? one.mergedIntoId : null;
}
