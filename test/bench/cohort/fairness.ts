/** How many times as often two women are taken for one person as two men, with intervals by drawing people anew (bootstrap). */
import { seeded } from '../../fixtures/random.ts';
import type { Face, NearPair, Roles } from './faces.ts';

export type Ratio = {
  readonly ratio: number;
  readonly low: number;
  readonly high: number;
  /** Pairs of strangers from the threshold on. */
  readonly women: number;
  readonly men: number;
};

/** Of each pair, in the order of the pairs. */
export type Ratios = Float64Array;

export type Fairness = {
  /** The log likelihood ratio that this share of all pairs of strangers reaches. */
  thresholdAt(ratios: Ratios, share: number): number;
  from(ratios: Ratios, threshold: number): Ratio;
  /** How the ratio of women to men changes, each at its own threshold. */
  change(before: Ratios, after: Ratios, share: number): Pick<Ratio, 'ratio' | 'low' | 'high'>;
};

const DRAWS = 400;
/** Of the draws, 95 % lie between. */
const ENDS = [0.025, 0.975] as const;
/** Where a draw has no pair of men. */
const HALF_A_PAIR = 0.5;

/** How often a person was drawn. */
type Draw = ReadonlyMap<string, number>;

export function createFairness(roles: Roles, pairs: readonly NearPair[]): Fairness {
  const draws = drawPeople(roles);
  const totals = draws.map((draw) => ({
    women: strangers(roles, 'female', draw),
    men: strangers(roles, 'male', draw),
  }));
  const whole = { women: strangers(roles, 'female'), men: strangers(roles, 'male') };
  const all = strangers(roles, null);

  const reaching = (ratios: Ratios, threshold: number): NearPair[] =>
    pairs.filter(({ isSame, cohort }, n) => !isSame && cohort !== 'unknown' && ratios[n]! >= threshold);
  const thresholdAt = (ratios: Ratios, share: number): number => {
    const sorted = ratios.filter((_, n) => !pairs[n]!.isSame).toSorted();
    return sorted[sorted.length - Math.floor(share * all)]!;
  };

  return {
    thresholdAt,
    from(ratios, threshold) {
      const some = reaching(ratios, threshold);
      return {
        ratio: timesOf(some, whole),
        ...interval(draws.map((draw, n) => timesOf(some, totals[n]!, draw))),
        women: some.filter(({ cohort }) => cohort === 'female').length,
        men: some.filter(({ cohort }) => cohort === 'male').length,
      };
    },
    change(before, after, share) {
      const [some, others] = [before, after].map((ratios) => reaching(ratios, thresholdAt(ratios, share)));
      const times = (draw?: Draw): number =>
        timesOf(others!, whole, draw) / Math.max(1e-9, timesOf(some!, whole, draw));
      return { ratio: times(), ...interval(draws.map(times)) };
    },
  };
}

/** @param of pairs of strangers, by the same draw; without one each person counts once */
function timesOf(some: readonly NearPair[], of: { women: number; men: number }, draw?: Draw): number {
  let [women, men] = [0, 0];
  for (const { one, other, cohort } of some) {
    const weight = draw === undefined ? 1 : (draw.get(one.id) ?? 0) * (draw.get(other.id) ?? 0);
    if (cohort === 'female') women += weight;
    else men += weight;
  }
  return women / of.women / (Math.max(HALF_A_PAIR, men) / of.men);
}

function interval(values: readonly number[]): { low: number; high: number } {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = ENDS.map((share) => sorted[Math.floor(share * sorted.length)]!);
  return { low: low!, high: high! };
}

function drawPeople({ probes, references }: Roles): Draw[] {
  const ids = [...new Set([...probes, ...references].map(({ id }) => id))];
  const random = seeded(7);
  return Array.from({ length: DRAWS }, () => {
    const draw = new Map<string, number>();
    for (let n = 0; n < ids.length; n++) {
      const id = ids[Math.floor(random() * ids.length)]!;
      draw.set(id, (draw.get(id) ?? 0) + 1);
    }
    return draw;
  });
}

/** Pairs of two people, of a probe and a reference or of two references. @param sex of both; null: whichever */
function strangers({ probes, references }: Roles, sex: Face['sex'] | null, draw?: Draw): number {
  const sums = (faces: readonly Face[]): Map<string, number> => {
    const byPerson = new Map<string, number>();
    for (const face of faces)
      if (sex === null || face.sex === sex)
        byPerson.set(
          face.id,
          (byPerson.get(face.id) ?? 0) + (draw === undefined ? 1 : (draw.get(face.id) ?? 0)),
        );
    return byPerson;
  };
  const [ofProbes, ofReferences] = [sums(probes), sums(references)];
  const [all, others] = [total(ofProbes), total(ofReferences)];
  let [own, twice] = [0, 0];
  for (const [id, value] of ofReferences) {
    own += value * (ofProbes.get(id) ?? 0);
    twice += value * value;
  }
  return all * others - own + (others * others - twice) / 2;
}

function total(of: ReadonlyMap<string, number>): number {
  return [...of.values()].reduce((sum, value) => sum + value, 0);
}
