import { dotAt } from './embedding.ts';
import type { Embedding } from './face.ts';
import type { PackCalibration } from './pack-calibration.ts';
import { groupByLinkage } from './linkage.ts';
import { createPauses } from '../pauses.ts';

/** One element to cluster: a face, or the template of a person of one file. */
export type Member = {
  readonly embedding: Embedding;
  /** Above 0. */
  readonly weight: number;
  /** The frame or picture it was found in: two members of one picture are never in one group. */
  readonly picture: number | string;
};

/** Added to the similarity of two members, given by index; each pair at most once. */
export type Gain = { readonly first: number; readonly second: number; readonly gain: number };

/** Groups considered per member, most similar first: a group that has a face of the member's picture is not available. */
const MAX_GROUP_CHOICES = 8;

export type Limits = {
  /** Up to this many members every pair is compared. */
  readonly exact: number;
  /** With more members: the number of units that are compared pair by pair in one round. */
  readonly units: number;
  readonly rounds: number;
};
const LIMITS: Limits = { exact: 500, units: 256, rounds: 3 };

/**
Clusters members by weighted mean similarity (average linkage, `groupByLinkage`). Returns member indices: ascending
within a group, groups by their first member.

Up to 500 members the result is exactly that of `groupByLinkage`. More are clustered in steps, so that the number of
comparisons grows linearly with the number of members:
1. Near-duplicates are joined to at most 256 units, members of the highest weight first; where there would be more units,
   less similar ones are joined too.
2. The units are clustered by linkage.
3. Each other member joins the group it is most similar to. Steps 1 to 3 are repeated with the members that are similar
   to no group, three times at most.
4. Of the members then left the 500 of the highest weight are clustered by linkage, the others stay alone.
5. The 500 groups of the highest weight are clustered by linkage.
@param dot the dot product of one comparison; tests pass one that counts
*/
export async function groupEmbeddings(
  members: readonly Member[],
  { samePerson, nearDuplicates }: Pick<PackCalibration['clustering'], 'samePerson' | 'nearDuplicates'>,
  gains: readonly Gain[] = [],
  { limits = LIMITS, dot = dotProduct }: { limits?: Limits; dot?: typeof dotProduct } = {},
): Promise<number[][]> {
  const pause = createPauses();
  const gainsOf = gainsByMember(members.length, gains);
  if (members.length <= limits.exact) return linkMembers();

  // `toSorted` is stable: members of equal weight stay in their order.
  let rest = [...members.keys()].toSorted((a, b) => members[b]!.weight - members[a]!.weight);
  const groups: Unit[] = [];
  for (let round = 0; round < limits.rounds && rest.length > limits.exact; round++) {
    const { units, left } = await joinNearDuplicates(rest);
    const merged = linkUnits(units, samePerson);
    rest = await joinGroups(left, merged);
    groups.push(...merged);
  }
  const singles = rest.map((number) => {
    const unit = emptyUnit(members[number]!.embedding.length);
    addTo(unit, number);
    return unit;
  });
  groups.push(...linkUnits(singles.slice(0, limits.exact), samePerson), ...singles.slice(limits.exact));
  const heaviest = groups.toSorted((a, b) => b.mass - a.mass);
  await pause(limits.exact ** 2);
  return [...linkUnits(heaviest.slice(0, limits.exact), samePerson), ...heaviest.slice(limits.exact)]
    .map((group) => group.members.toSorted((a, b) => a - b))
    .toSorted((a, b) => a[0]! - b[0]!);

  function linkMembers(): number[][] {
    return groupByLinkage({
      weights: members.map((member) => member.weight),
      apart: (a, b) => members[a]!.picture === members[b]!.picture,
      similarity: (a, b) => dot(members[a]!.embedding, members[b]!.embedding) + (gainsOf[a]?.get(b) ?? 0),
      threshold: samePerson,
    });
  }

  /** Ends when `limits.units` are reached; `left` are the members that were not processed. */
  async function joinNearDuplicates(numbers: readonly number[]): Promise<{ units: Unit[]; left: number[] }> {
    let units: Unit[] = [];
    let level = 0;
    let unitOf = new Map<number, Unit>();
    for (const [at, number] of numbers.entries()) {
      const { picture } = members[number]!;
      const gained = gainsByUnit(number, unitOf);
      let best: Unit | null = null;
      let highest = nearDuplicates[level]!;
      for (const unit of units) {
        if (unit.pictures.has(picture)) continue;
        const mean = meanSimilarity(number, unit, gained);
        if (mean >= highest) [best, highest] = [unit, mean];
      }
      await pause(units.length);
      if (best === null) {
        while (units.length >= limits.units && level + 1 < nearDuplicates.length) {
          units = linkUnits(units, nearDuplicates[++level]!);
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
      apart: (a, b) => intersects(units[a]!.pictures, units[b]!.pictures),
      similarity: (first, second) => {
        const [a, b] = [units[first]!, units[second]!];
        return (dot(a.sum, b.sum) + (gained.get(first * units.length + second) ?? 0)) / (a.mass * b.mass);
      },
      threshold,
    });
    return grouped.map((group) => mergeUnits(group.map((number) => units[number]!)));
  }

  /** Assigns members to groups, most similar pairs first. @returns the members that are similar to no group, in their order */
  async function joinGroups(numbers: readonly number[], into: readonly Unit[]): Promise<number[]> {
    const groupOf = unitsByMember(into);
    const choices: { number: number; unit: Unit; mean: number }[] = [];
    for (const number of numbers) {
      const gained = gainsByUnit(number, groupOf);
      const own = into
        .filter((unit) => !unit.pictures.has(members[number]!.picture))
        .map((unit) => ({ number, unit, mean: meanSimilarity(number, unit, gained) }))
        .filter(({ mean }) => mean >= samePerson)
        .toSorted((a, b) => b.mean - a.mean);
      choices.push(...own.slice(0, MAX_GROUP_CHOICES));
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

  /** Sum of the gains between a member and the members of each unit, weighted by the latter. */
  function gainsByUnit(number: number, unitOf: ReadonlyMap<number, Unit>): Map<Unit, number> {
    const gained = new Map<Unit, number>();
    for (const [partner, gain] of gainsOf[number] ?? []) {
      const unit = unitOf.get(partner);
      if (unit) gained.set(unit, (gained.get(unit) ?? 0) + gain * members[partner]!.weight);
    }
    return gained;
  }

  /** Weighted sum of the gains between two units, keyed `index · units.length + other index`. */
  function gainsBetween(units: readonly Unit[]): Map<number, number> {
    const unitOf = new Map(units.flatMap((unit, at) => unit.members.map((member) => [member, at] as const)));
    const gained = new Map<number, number>();
    for (const [number, at] of unitOf)
      for (const [partner, gain] of gainsOf[number] ?? []) {
        const to = unitOf.get(partner);
        if (to === undefined || to === at) continue;
        const key = at * units.length + to;
        gained.set(key, (gained.get(key) ?? 0) + gain * members[number]!.weight * members[partner]!.weight);
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

/** Members that are compared as one. */
type Unit = {
  readonly members: number[];
  readonly pictures: Set<number | string>;
  /** Weighted sum of the embeddings: its dot product with an embedding, divided by `mass`, is the weighted mean similarity. */
  readonly sum: Float32Array;
  mass: number;
};

function unitsByMember(units: readonly Unit[]): Map<number, Unit> {
  return new Map(units.flatMap((unit) => unit.members.map((member) => [member, unit] as const)));
}

function emptyUnit(dimensions: number): Unit {
  return { members: [], pictures: new Set(), sum: new Float32Array(dimensions), mass: 0 };
}

function mergeUnits(units: readonly Unit[]): Unit {
  const all = emptyUnit(units[0]!.sum.length);
  for (const { members, pictures, sum, mass } of units) {
    all.members.push(...members);
    for (const picture of pictures) all.pictures.add(picture);
    for (let i = 0; i < sum.length; i++) all.sum[i]! += sum[i]!;
    all.mass += mass;
  }
  return all;
}

function intersects(a: ReadonlySet<number | string>, b: ReadonlySet<number | string>): boolean {
  const [small, large] = a.size < b.size ? [a, b] : [b, a];
  for (const picture of small) if (large.has(picture)) return true;
  return false;
}

function gainsByMember(count: number, gains: readonly Gain[]): (Map<number, number> | undefined)[] {
  const all: (Map<number, number> | undefined)[] = Array.from({ length: count }, () => undefined);
  for (const { first, second, gain } of gains) {
    (all[first] ??= new Map()).set(second, gain);
    (all[second] ??= new Map()).set(first, gain);
  }
  return all;
}

function dotProduct(a: Float32Array, b: Float32Array): number {
  return dotAt(a, 0, b, 0, a.length);
}
