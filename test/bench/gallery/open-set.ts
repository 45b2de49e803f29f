/** Arithmetic of open-set identification: a search that can end with "nobody". */
import { wilson } from '../statistics.ts';

/** The answer to one probe. */
export type Trial = {
  /** Whether the person of the probe is in the gallery. */
  readonly isKnown: boolean;
  /** Of the best candidate; -Infinity when there is none. */
  readonly score: number;
  /** Whether the best candidate is the person of the probe. */
  readonly isRight: boolean;
  /** Above 1 where a probe is looked for in several galleries: all of them count as one. */
  readonly repeats?: number;
};

/** A share of probes with its 95 % interval; `n`: probes. */
export type Share = {
  readonly share: number;
  readonly low: number;
  readonly high: number;
  readonly n: number;
};

export type OperatingPoint = {
  /** A name is given from this score on. */
  readonly threshold: number;
  /** True positive identification rate: known people who are named rightly. */
  readonly tpir: Share;
  /** False positive identification rate: strangers who are named. */
  readonly fpir: Share;
  /** Known people who are named wrongly. */
  readonly wrong: Share;
};

export function operatingPoint(trials: readonly Trial[], threshold: number): OperatingPoint {
  const known = trials.filter(({ isKnown }) => isKnown);
  const strangers = trials.filter(({ isKnown }) => !isKnown);
  return {
    threshold,
    tpir: shareOf(known, ({ score, isRight }) => isRight && score >= threshold),
    fpir: shareOf(strangers, ({ score }) => score >= threshold),
    wrong: shareOf(known, ({ score, isRight }) => !isRight && score >= threshold),
  };
}

export function shareOf<Of extends Trial>(trials: readonly Of[], isHit: (trial: Of) => boolean): Share {
  let n = 0;
  let hits = 0;
  for (const trial of trials) {
    const weight = 1 / (trial.repeats ?? 1);
    n += weight;
    if (isHit(trial)) hits += weight;
  }
  const { share, low, high } = wilson(hits, n);
  return { share, low, high, n: Math.round(n) };
}

/** The lowest threshold at which at most this share of the strangers is named. */
export function thresholdAtFpir(trials: readonly Trial[], fpir: number): number {
  const strangers = trials.filter(({ isKnown }) => !isKnown).toSorted((a, b) => b.score - a.score);
  const all = strangers.reduce((sum, { repeats = 1 }) => sum + 1 / repeats, 0);
  let named = 0;
  for (const { score, repeats = 1 } of strangers) {
    named += 1 / repeats;
    // Rounding of the sums must not count as one stranger more.
    if (named > fpir * all + 1e-9) return justAbove(score);
  }
  return -Infinity;
}

function justAbove(score: number): number {
  return score + Math.max(Number.MIN_VALUE, Math.abs(score) * Number.EPSILON * 2);
}

export type DetPoint = { readonly fpir: number; readonly fnir: number };

/** Detection error trade-off: the share of known people not named rightly, at each of these FPIR. */
export function detCurve(trials: readonly Trial[], rates: readonly number[]): DetPoint[] {
  return rates.map((rate) => {
    const { tpir, fpir } = operatingPoint(trials, thresholdAtFpir(trials, rate));
    return { fpir: fpir.share, fnir: 1 - tpir.share };
  });
}

/** @param sorted ascending @param share 0…1 @returns the value that this share of the values does not exceed */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  if (sorted.length === 0) return Number.NaN;
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))]!;
}

/**
Where the tail of a distribution reaches a share that was not observed: the logarithm of the share beyond a value falls in
a straight line in the value's tail, fitted from one in 10 000 to 20 values. An extrapolation.
@param sorted ascending
*/
export function extrapolatedTail(sorted: ArrayLike<number>, share: number): number {
  const n = sorted.length;
  const points: { x: number; y: number }[] = [];
  for (let rank = Math.max(20, Math.floor(n / 1_000_000)); rank <= n / 10_000; rank = Math.ceil(rank * 1.1))
    points.push({ x: sorted[n - rank]!, y: Math.log(rank / n) });
  const { slope, intercept } = line(points);
  return (Math.log(share) - intercept) / slope;
}

/** Least squares. */
export function line(points: readonly { readonly x: number; readonly y: number }[]): {
  slope: number;
  intercept: number;
} {
  const mean = (of: (point: { x: number; y: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean((point) => point.x), mean((point) => point.y)];
  const slope =
    points.reduce((sum, point) => sum + (point.x - x) * (point.y - y), 0) /
    points.reduce((sum, point) => sum + (point.x - x) ** 2, 0);
  return { slope, intercept: y - slope * x };
}

/**
The operating point of a threshold that is chosen on the people of the other folds, so that nobody is judged by a threshold
that was chosen on them.
@param isReported of whom the point is; the thresholds are chosen on all
*/
export function crossFoldedPoint<Of extends Trial & { readonly fold: number }>(
  trials: readonly Of[],
  fpir: number,
  isReported: (trial: Of) => boolean = () => true,
): Pick<OperatingPoint, 'tpir' | 'fpir'> {
  const thresholds = new Map(
    [...new Set(trials.map(({ fold }) => fold))].map((fold) => [
      fold,
      thresholdAtFpir(
        trials.filter((trial) => trial.fold !== fold),
        fpir,
      ),
    ]),
  );
  // Named: a score of 1.
  const decided = trials.filter(isReported).map((trial) => ({
    ...trial,
    score: trial.score >= thresholds.get(trial.fold)! ? 1 : 0,
  }));
  return operatingPoint(decided, 1);
}
