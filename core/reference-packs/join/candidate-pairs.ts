import type { BoxPerformer } from '../../ports/stash-box.ts';
import { compareBirthDates, type Names } from './agreeing-facts.ts';

type Candidate = Pick<BoxPerformer, 'birthDate'> & { readonly endpoint: string };

/** A name that more have, such as a placeholder, leads to nobody. */
const MAX_BEARERS = 200;

/**
The pairs of performers of different boxes that share a name, a whole birth date, or a year with a part of a name that begins
alike: comparing all with all would take 10^10 comparisons. A pair `(a, b)`, `a < b`, is the number `a * count + b`.
*/
export function candidatePairs(
  members: readonly Candidate[],
  names: readonly Names[],
): { pairs: ReadonlySet<number>; namesakes: (key: string) => number } {
  const pairs = new Set<number>();
  const byName = new Map<string, number[]>();
  const byDate = new Map<string, number[]>();
  const byYear = new Map<string, number[]>();
  for (const [n, { birthDate }] of members.entries()) {
    const { own, all } = names[n]!;
    for (const key of all) put(byName, key, n);
    if (birthDate === null) continue;
    if (compareBirthDates(birthDate, birthDate) === 'birth-date') put(byDate, birthDate, n);
    const beginnings = new Set(own.split(' ').map((word) => word.slice(0, 2)));
    for (const beginning of beginnings) put(byYear, `${birthDate.slice(0, 4)} ${beginning}`, n);
  }
  for (const places of [byName, byDate, byYear])
    for (const some of places.values())
      if (some.length <= MAX_BEARERS)
        for (const [at, a] of some.entries())
          for (const b of some.slice(at + 1))
            if (members[a]!.endpoint !== members[b]!.endpoint) pairs.add(a * members.length + b);

  const counted = new Map<string, number>();
  const namesakes = (key: string): number => {
    const known = counted.get(key);
    if (known !== undefined) return known;
    const ofBox = new Map<string, number>();
    for (const n of byName.get(key) ?? []) {
      const box = members[n]!.endpoint;
      ofBox.set(box, (ofBox.get(box) ?? 0) + 1);
    }
    const most = Math.max(0, ...ofBox.values());
    counted.set(key, most);
    return most;
  };
  return { pairs, namesakes };
}

function put(map: Map<string, number[]>, key: string, n: number): void {
  const some = map.get(key);
  if (some === undefined) map.set(key, [n]);
  else some.push(n);
}
