/** What two stash-boxes say alike of two performers: their names, their birth dates. */
import { nameKey } from '../../people/name-key.ts';
import type { Fact } from '../reference-pack.ts';

/** A name that more performers of one box have says little. */
const MAX_NAMESAKES = 3;
/** Letters of a name from which so many of them may differ. */
const SPELLINGS = [
  { letters: 12, differing: 2 },
  { letters: 6, differing: 1 },
];

export type Names = { readonly own: string; readonly all: ReadonlySet<string> };

export function namesOf({
  name,
  aliases,
}: {
  readonly name: string;
  readonly aliases: readonly string[];
}): Names {
  const own = nameKey(name);
  return { own, all: new Set([own, ...aliases.map(nameKey)].filter((key) => key !== '')) };
}

/** @param namesakes how many performers of the box that has the most have a name */
export function compareNames(a: Names, b: Names, namesakes: (key: string) => number): Fact | null {
  const common = [...a.all].filter((key) => b.all.has(key));
  const telling = common.filter((key) => namesakes(key) <= MAX_NAMESAKES);
  if (a.own === b.own && telling.includes(a.own)) return 'name';
  if (telling.length > 0) return 'alias';
  if (common.length > 0) return 'common-name';
  return [...a.all].some((one) => [...b.all].some((other) => isAlmost(one, other))) ? 'spelling' : null;
}

/** Partial dates agree where they can. The first of January stands for an unknown day in many boxes. */
export function compareBirthDates(
  a: string | null,
  b: string | null,
): 'birth-date' | 'birth-part' | 'other' | null {
  if (a === null || b === null) return null;
  const [one, other] = [knownPart(a), knownPart(b)];
  const known = Math.min(one.length, other.length);
  if (one.slice(0, known) !== other.slice(0, known)) return 'other';
  return known === '0000-00-00'.length ? 'birth-date' : 'birth-part';
}

function knownPart(date: string): string {
  return date.replace(/-01-01$/, '');
}

/** Numbers are no letters: another one is another name. */
function isAlmost(a: string, b: string): boolean {
  if (/\p{N}/u.test(a + b)) return false;
  const [one, other] = [a.replaceAll(' ', ''), b.replaceAll(' ', '')];
  const letters = Math.min(one.length, other.length);
  const most = SPELLINGS.find((it) => letters >= it.letters)?.differing ?? 0;
  return most > 0 && Math.abs(one.length - other.length) <= most && distance(one, other, most) <= most;
}

/** Letters to add, drop or change (Levenshtein); more than `most` where it is surely more. */
function distance(a: string, b: string, most: number): number {
  let before = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++)
      row.push(Math.min(row[j - 1]! + 1, before[j]! + 1, before[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)));
    if (Math.min(...row) > most) return most + 1;
    before = row;
  }
  return before[b.length]!;
}
