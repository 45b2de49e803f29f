/** Fits the log likelihood ratio of each pair on people of other folds than both of its own. */
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { seeded } from '../../fixtures/random.ts';
import { FOLDS } from '../gallery/split.ts';
import { fitLogistic, type Trial } from '../logistic-fit.ts';
import type { Ratios } from './fairness.ts';
import type { NearPair, Roles } from './faces.ts';

/** Of a pair, by what was learnt without the people of its folds. */
export type Of<Value> = (pair: NearPair) => Value;
export type Model = {
  /** What stands in the place of the similarity. */
  readonly score?: Of<number>;
  /** Added with fitted coefficients. */
  readonly terms?: Of<readonly number[]>;
  /** How many times as much as all pairs of men those of women weigh where the coefficients of the terms are fitted. */
  readonly women?: number;
};
/** What a model learns of everybody but the people of these folds. */
export type Learn = (folds: readonly [number, number]) => Model;

/** Ends of the straight pieces of the curve: of a similarity, and of what else stands there, as shares of the pairs of strangers. */
const KNOTS = [0.2, 0.35, 0.5];
const KNOT_SHARES = [0.05, 0.9, 0.998];
const GALLERY_SIZES = [30, 300, 3000];
const SAMPLED_BELOW = 0.32;
const SAMPLED = 20;
const { lowestQuality } = packInUse.calibration.matching.likelihood;

export function fitApart(learn: Learn, roles: Roles, pairs: readonly NearPair[]): Ratios {
  const random = seeded(3);
  // Pairs of strangers that are not alike are so many that one of `SAMPLED` is enough.
  const weights = pairs.map(({ isSame, similarity }) =>
    isSame || similarity >= SAMPLED_BELOW ? 1 : random() * SAMPLED < 1 ? SAMPLED : 0,
  );
  const ratios = new Float64Array(pairs.length);
  for (let low = 0; low < FOLDS; low++)
    for (let high = low; high < FOLDS; high++) {
      const isOut = (fold: number): boolean => fold === low || fold === high;
      const used = [...pairs.keys()].filter((n) => {
        const { probe, folds } = pairs[n]!;
        return probe !== null && weights[n]! > 0 && !folds.some(isOut);
      });
      const [probes, references] = [roles.probes, roles.references].map(
        (faces) => faces.filter(({ fold }) => !isOut(fold)).length,
      );
      const ratioOf = fit(learn([low, high]), used, weights, pairs, probes! * references!);
      for (const [n, pair] of pairs.entries())
        if (pair.folds[0] === low && pair.folds[1] === high) ratios[n] = ratioOf(pair);
    }
  return ratios;
}

/** @param used of the pairs, by their numbers @param strangers how many pairs of strangers stand behind the used ones */
function fit(
  { score, terms = () => [], women }: Model,
  used: readonly number[],
  weights: readonly number[],
  pairs: readonly NearPair[],
  strangers: number,
): Of<number> {
  const scoreOf = score ?? (({ similarity }: NearPair) => similarity);
  const knots =
    score === undefined
      ? KNOTS
      : knotsOf(
          used
            .filter((n) => !pairs[n]!.isSame)
            .map((n) => ({ score: scoreOf(pairs[n]!), weight: weights[n]! })),
        );
  const baseOf = (pair: NearPair): number[] => {
    const value = Math.max(knots[0]!, scoreOf(pair));
    const bends = knots.slice(1).map((knot) => Math.max(0, value - knot));
    return [1, value, ...bends, missing(pair.one.quality), missing(pair.other.quality)];
  };
  const same = used.filter((n) => pairs[n]!.isSame).length;
  const trialsOf = (valuesOf: Of<readonly number[]>, offsetOf: Of<number>, ofWomen: number): Trial[] =>
    used.flatMap((n) => {
      const pair = pairs[n]!;
      const values = valuesOf(pair);
      const share = pair.isSame
        ? 1 / same
        : (weights[n]! * (pair.cohort === 'female' ? ofWomen : 1)) / strangers;
      return GALLERY_SIZES.map((size) => ({
        values,
        offset: offsetOf(pair) - Math.log(size),
        right: pair.isSame,
        weight: 1000 * share * (pair.isSame ? 1 : size),
      }));
    });

  const together = fitLogistic(
    trialsOf(
      (pair) => [...baseOf(pair), ...terms(pair)],
      () => 0,
      women ?? 1,
    ),
  );
  const width = knots.length + 3;
  const termOf = (pair: NearPair): number => sum(terms(pair), together.coefficients.slice(width));
  // Pairs that weigh more than they are many shift the curve, which is fitted again without that.
  const base =
    women === undefined
      ? together.coefficients.slice(0, width)
      : fitLogistic(trialsOf(baseOf, termOf, 1)).coefficients;
  return (pair) => sum(baseOf(pair), base) + termOf(pair);
}

function sum(values: readonly number[], coefficients: readonly number[]): number {
  return values.reduce((total, value, n) => total + value * coefficients[n]!, 0);
}

/** @param strangers of pairs of two people, which stand for `weight` pairs each */
function knotsOf(strangers: readonly { readonly score: number; readonly weight: number }[]): number[] {
  const sorted = strangers.toSorted((a, b) => a.score - b.score);
  const total = sorted.reduce((sumSoFar, { weight }) => sumSoFar + weight, 0);
  return KNOT_SHARES.map((share) => {
    let below = 0;
    return sorted.find(({ weight }) => (below += weight) >= share * total)!.score;
  });
}

function missing(quality: number): number {
  return 1 - Math.min(1, Math.max(lowestQuality, quality));
}
