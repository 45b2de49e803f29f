import { dotAt } from './embedding.ts';
import type { Embedding } from './face.ts';
import { groupByLinkage } from './linkage.ts';
import { createPauses } from '../pauses.ts';

/** A face, or a person of one picture, that is to be grouped with others of the same person. */
export type Member = {
  readonly embedding: Embedding;
  /** Above 0. */
  readonly weight: number;
  /** The frame or the picture it was seen in: two members of one picture are never in one group. */
  readonly picture: number | string;
};

/** Added to the similarity of two members, by their numbers; each pair at most once. */
export type Gain = { readonly one: number; readonly other: number; readonly gain: number };

/** Weighted mean similarity, -1…1, from which two groups of faces are one person. */
export const SAME_PERSON = 0.36;
/**
Mean similarity from which a member joins a unit at once; the next one is used each time there are too many units. On
982 real faces of 50 people, many of them blurred or dark, 0.9 alone finds what linkage over all pairs finds (F1 of pairs
0.96), 0.6 alone joins blurred faces of different people (0.92).
*/
const NEAR_DUPLICATE: readonly number[] = [0.9, 0.8, 0.7, 0.6];
/** Groups that a member may join when the most similar ones have another face of its picture already. */
const CHOICES = 8;

export type Limits = {
  /** Up to so many members every pair is compared. */
  readonly exact: number;
  /** Of more members so many units are compared pair by pair in one round. */
  readonly units: number;
  readonly rounds: number;
};
const LIMITS: Limits = { exact: 500, units: 256, rounds: 3 };

/**
Groups members by their weighted mean similarity (average linkage, `groupByLinkage`). Numbers within a group ascend,
groups are in the order of their first.

Up to 500 members the result is exactly that of `groupByLinkage`. More are grouped in steps, so that the number of
comparisons grows with the number of members and not with its square:
1. Near-duplicates are joined to at most 256 units, heaviest members first; where there would be more units, less similar
   ones are joined too.
2. The units are grouped by linkage.
3. Each other member joins the group it is most similar to. Members that are similar to no group go through the steps
   again, three times at most.
4. Of the members then left the 500 heaviest are grouped by linkage, the others stay alone.
5. The 500 heaviest groups are grouped by linkage.
@param dot the product that counts as one comparison; another one in tests
*/
export async function groupEmbeddings(
  members: readonly Member[],
  gains: readonly Gain[] = [],
  { limits = LIMITS, dot = dotProduct }: { limits?: Limits; dot?: typeof dotProduct } = {},
): Promise<number[][]> {
  const pause = createPauses();
  const gainsOf = gainsByMember(members.length, gains);
  if (members.length <= limits.exact) return linkMembers();

  // `toSorted` is stable: equal weights stay in the order given.
  let rest = [...members.keys()].toSorted((a, b) => members[b]!.weight - members[a]!.weight);
  const groups: Unit[] = [];
  for (let round = 0; round < limits.rounds && rest.length > limits.exact; round++) {
    const { units, left } = await joinNearDuplicates(rest);
    const merged = linkUnits(units, SAME_PERSON);
    rest = await joinGroups(left, merged);
    groups.push(...merged);
  }
  const alone = rest.map((number) => {
    const unit = emptyUnit(members[number]!.embedding.length);
    addTo(unit, number);
    return unit;
  });
  groups.push(...linkUnits(alone.slice(0, limits.exact), SAME_PERSON), ...alone.slice(limits.exact));
  const heaviest = groups.toSorted((a, b) => b.mass - a.mass);
  await pause(limits.exact ** 2);
  return [...linkUnits(heaviest.slice(0, limits.exact), SAME_PERSON), ...heaviest.slice(limits.exact)]
    .map((group) => group.members.toSorted((a, b) => a - b))
    .toSorted((a, b) => a[0]! - b[0]!);

  function linkMembers(): number[][] {
    return groupByLinkage({
      weights: members.map((member) => member.weight),
      apart: (a, b) => members[a]!.picture === members[b]!.picture,
      similarity: (a, b) => dot(members[a]!.embedding, members[b]!.embedding) + (gainsOf[a]?.get(b) ?? 0),
      threshold: SAME_PERSON,
    });
  }

  /** Ends as soon as there are `limits.units`: `left` are the members that were not looked at. */
  async function joinNearDuplicates(numbers: readonly number[]): Promise<{ units: Unit[]; left: number[] }> {
    let units: Unit[] = [];
    let level = 0;
    let unitOf = new Map<number, Unit>();
    for (const [at, number] of numbers.entries()) {
      const { picture } = members[number]!;
      const gained = gainsByUnit(number, unitOf);
      let best: Unit | null = null;
      let highest = NEAR_DUPLICATE[level]!;
      for (const unit of units) {
        if (unit.pictures.has(picture)) continue;
        const mean = meanSimilarity(number, unit, gained);
        if (mean >= highest) [best, highest] = [unit, mean];
      }
      await pause(units.length);
      if (best === null) {
        while (units.length >= limits.units && level + 1 < NEAR_DUPLICATE.length) {
          units = linkUnits(units, NEAR_DUPLICATE[++level]!);
          unitOf = unitsByMember(units);
          await pause(limits.units ** 2 / 2);
        }
        if (units.length >= limits.units) return { units, left: numbers.slice(at) };
        units.push((best = emptyUnit(members[number]!.embedding.length)));
      }
      addTo(best, number);
      unitOf.set(number, best);
    }
    return { units, left: [] };
  }

  function linkUnits(units: readonly Unit[], threshold: number): Unit[] {
    const gained = gainsBetween(units);
    const grouped = groupByLinkage({
      weights: units.map((unit) => unit.mass),
      apart: (a, b) => haveSome(units[a]!.pictures, units[b]!.pictures),
      similarity: (first, second) => {
        const [a, b] = [units[first]!, units[second]!];
        return (dot(a.sum, b.sum) + (gained.get(first * units.length + second) ?? 0)) / (a.mass * b.mass);
      },
      threshold,
    });
    return grouped.map((group) => joined(group.map((number) => units[number]!)));
  }

  /** The most similar pairs first. @returns the members that are similar to no group, in the order given */
  async function joinGroups(numbers: readonly number[], into: readonly Unit[]): Promise<number[]> {
    const groupOf = unitsByMember(into);
    const choices: { number: number; unit: Unit; mean: number }[] = [];
    for (const number of numbers) {
      const gained = gainsByUnit(number, groupOf);
      const own = into
        .filter((unit) => !unit.pictures.has(members[number]!.picture))
        .map((unit) => ({ number, unit, mean: meanSimilarity(number, unit, gained) }))
        .filter(({ mean }) => mean >= SAME_PERSON)
        .toSorted((a, b) => b.mean - a.mean);
      choices.push(...own.slice(0, CHOICES));
      await pause(into.length);
    }
    const placed = new Set<number>();
    for (const { number, unit } of choices.toSorted((a, b) => b.mean - a.mean))
      if (!placed.has(number) && !unit.pictures.has(members[number]!.picture)) {
        addTo(unit, number);
        placed.add(number);
      }
    return numbers.filter((number) => !placed.has(number));
  }

  function meanSimilarity(number: number, unit: Unit, gained: ReadonlyMap<Unit, number>): number {
    return (dot(unit.sum, members[number]!.embedding) + (gained.get(unit) ?? 0)) / unit.mass;
  }

  /** What a member gains by each unit, weighted with the units' members. */
  function gainsByUnit(number: number, unitOf: ReadonlyMap<number, Unit>): Map<Unit, number> {
    const gained = new Map<Unit, number>();
    for (const [other, gain] of gainsOf[number] ?? []) {
      const unit = unitOf.get(other);
      if (unit) gained.set(unit, (gained.get(unit) ?? 0) + gain * members[other]!.weight);
    }
    return gained;
  }

  /** By `number of one · units + number of the other`. */
  function gainsBetween(units: readonly Unit[]): Map<number, number> {
    const unitOf = new Map(units.flatMap((unit, at) => unit.members.map((member) => [member, at] as const)));
    const gained = new Map<number, number>();
    for (const [number, at] of unitOf)
      for (const [other, gain] of gainsOf[number] ?? []) {
        const to = unitOf.get(other);
        if (to === undefined || to === at) continue;
        const key = at * units.length + to;
        gained.set(key, (gained.get(key) ?? 0) + gain * members[number]!.weight * members[other]!.weight);
      }
    return gained;
  }

  function addTo(unit: Unit, number: number): void {
    const { embedding, weight, picture } = members[number]!;
    unit.members.push(number);
    unit.pictures.add(picture);
    unit.mass += weight;
    for (let i = 0; i < embedding.length; i++) unit.sum[i]! += embedding[i]! * weight;
  }
}

/** Members that are treated as one. */
type Unit = {
  readonly members: number[];
  readonly pictures: Set<number | string>;
  /** Weighted sum of the embeddings: its product with an embedding, over the mass, is the weighted mean similarity. */
  readonly sum: Float32Array;
  mass: number;
};

function unitsByMember(units: readonly Unit[]): Map<number, Unit> {
  return new Map(units.flatMap((unit) => unit.members.map((member) => [member, unit] as const)));
}

function emptyUnit(dimensions: number): Unit {
  return { members: [], pictures: new Set(), sum: new Float32Array(dimensions), mass: 0 };
}

function joined(units: readonly Unit[]): Unit {
  const all = emptyUnit(units[0]!.sum.length);
  for (const { members, pictures, sum, mass } of units) {
    all.members.push(...members);
    for (const picture of pictures) all.pictures.add(picture);
    for (let i = 0; i < sum.length; i++) all.sum[i]! += sum[i]!;
    all.mass += mass;
  }
  return all;
}

function haveSome(a: ReadonlySet<number | string>, b: ReadonlySet<number | string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const picture of small) if (large.has(picture)) return true;
  return false;
}

function gainsByMember(count: number, gains: readonly Gain[]): (Map<number, number> | undefined)[] {
  const all: (Map<number, number> | undefined)[] = Array.from({ length: count }, () => undefined);
  for (const { one, other, gain } of gains) {
    (all[one] ??= new Map()).set(other, gain);
    (all[other] ??= new Map()).set(one, gain);
  }
  return all;
}

function dotProduct(a: Float32Array, b: Float32Array): number {
  return dotAt(a, 0, b, 0, a.length);
}
