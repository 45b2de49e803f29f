import type { BoxPerformer } from '../../ports/stash-box.ts';
import { compareBirthDates, type Names } from './agreeing-facts.ts';

type Candidate = Pick<BoxPerformer, 'birthDate'> & { readonly endpoint: string };

/** Performers with a name, from which on it makes no pairs: so many share only words such as "unknown". */
const MAX_BEARERS = 200;

/**
The pairs of performers of different boxes that share a name, a whole birth date, or a year with a part of a name that begins
alike, or whose own names are the same but for a letter: comparing all with all would take 10^10 comparisons. A pair `(a, b)`,
`a < b`, is the number `a * count + b`.
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
  const pairUp = (some: readonly number[]): void => {
    if (some.length > MAX_BEARERS) return;
    for (const [at, a] of some.entries())
      for (const b of some.slice(at + 1))
        if (members[a]!.endpoint !== members[b]!.endpoint) pairs.add(a * members.length + b);
  };
  for (const places of [byName, byDate, byYear]) for (const some of places.values()) pairUp(some);
  for (const some of almostAlike(names)) pairUp(some);

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

/** Shorter names that differ in a letter are others. */
const MIN_LETTERS = 8;
const MEMBER_BITS = 2 ** 20;

/**
Groups of those whose names become the same text where of each at most one letter is left out. Of each such text only a hash of 32
bits is kept, beside the number of the member in one number of 52 bits: a hundred thousand names have more than a million texts.
*/
function* almostAlike(names: readonly Names[]): Iterable<number[]> {
  const entries: number[] = [];
  for (const [n, { own }] of names.entries()) {
    const letters = own.replaceAll(' ', '');
    if (letters.length < MIN_LETTERS || n >= MEMBER_BITS) continue;
    for (let at = 0; at <= letters.length; at++)
      entries.push(hashOf(letters.slice(0, at) + letters.slice(at + 1)) * MEMBER_BITS + n);
  }
  const sorted = Float64Array.from(entries).toSorted();
  for (let from = 0; from < sorted.length;) {
    const hash = Math.floor(sorted[from]! / MEMBER_BITS);
    const some = new Set<number>();
    let to = from;
    for (; to < sorted.length && Math.floor(sorted[to]! / MEMBER_BITS) === hash; to++)
      some.add(sorted[to]! % MEMBER_BITS);
    if (some.size > 1) yield [...some];
    from = to;
  }
}

/** FNV-1a. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return hash >>> 0;
}

function put(map: Map<string, number[]>, key: string, n: number): void {
  const some = map.get(key);
  if (some === undefined) map.set(key, [n]);
  else some.push(n);
}
