import { normalizeText } from '../normalize-text.ts';
import type { StashIdValue } from '../changes/change.ts';
import { keyOfStashId } from '../reference-packs/reference-pack.ts';

type Known = {
  readonly id: string;
  readonly name: string;
  readonly aliases: readonly string[];
  readonly stashIds: readonly StashIdValue[];
};

/** Why the other one is the same: `what` is the stash ID, or the name that both have. */
export type Same = Pick<Known, 'id' | 'name'> & { readonly by: 'stashId' | 'name'; readonly what: string };

/**
Those that share an id of a stash-box or a name, aliases counting as names, case and accents ignored. Each pair once, at the one
with the lower id.
*/
export function samePairs(
  all: readonly Known[],
): { readonly one: Known; readonly others: readonly Same[] }[] {
  const sorted = all.toSorted((a, b) => Number(a.id) - Number(b.id));
  const holders = new Map<string, Known>();
  const others = new Map<Known, Map<string, Same>>();
  const meet = (key: string, known: Known, by: Same['by'], what: string): void => {
    const first = holders.get(key);
    if (first === undefined) holders.set(key, known);
    else if (first !== known) {
      const own = others.get(first) ?? new Map<string, Same>();
      if (!own.has(known.id)) own.set(known.id, { id: known.id, name: known.name, by, what });
      others.set(first, own);
    }
  };
  for (const known of sorted) {
    for (const stashId of known.stashIds)
      meet(`id ${keyOfStashId(stashId)}`, known, 'stashId', stashId.stashId);
    for (const name of [known.name, ...known.aliases]) {
      const folded = normalizeText(name);
      if (folded !== '') meet(`name ${folded}`, known, 'name', name);
    }
  }
  return [...others].map(([one, same]) => ({ one, others: [...same.values()] }));
}
