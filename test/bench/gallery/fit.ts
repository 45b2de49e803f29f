/**
Fits `matching.likelihood` of a pack (models/catalog/catalog.json) on the development gallery: `tsx test/bench/gallery/fit.ts [PACK]`
prints it.

Each picture to identify is compared with the first reference of everybody. The pairs of one person and those of two are
told apart by logistic regression over similarity (linear between `KNOTS`), and the quality of both pictures, at the odds of
galleries of several sizes, so that the fit is best where names are decided. What stands between the knots must rise.
*/
import { similarity } from '../../../core/faces/embedding.ts';
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import { catalog, packOf } from '../../../models/catalog/catalog.ts';
import { seeded } from '../../fixtures/random.ts';
import { fitLogistic, type Trial } from '../logistic-fit.ts';
import { isotonic } from '../monotone.ts';
import { type Actor, lookAtPeople } from './actors.ts';
import { readDevGallery } from './people.ts';
import { findDevGallery } from './place.ts';

export type Likelihood = PackCalibration['matching']['likelihood'];

export type Pair = {
  readonly similarity: number;
  readonly probeQuality: number;
  readonly referenceQuality: number;
  readonly isSame: boolean;
  readonly folds: readonly [number, number];
  /** Of pairs that stand for others. */
  readonly weight: number;
};

/** Ends of the straight pieces of the curve. */
const KNOTS = [0.2, 0.35, 0.5, 1];
const GALLERY_SIZES = [30, 300, 3000];
/** Pairs of strangers below this similarity are so many that one of `SAMPLED` is enough. */
const SAMPLED_BELOW = 0.32;
const SAMPLED = 20;

export function collectPairs(known: readonly Actor[], strangers: readonly Actor[]): Pair[] {
  const random = seeded(3);
  const pairs: Pair[] = [];
  for (const { id, fold, probe } of [...known, ...strangers]) {
    if (probe === null) continue;
    for (const other of known) {
      const [reference] = other.references;
      if (!reference) continue;
      const isSame = other.id === id;
      const value = similarity(probe.template, reference.embedding);
      const isSampled = !isSame && value < SAMPLED_BELOW;
      if (isSampled && random() * SAMPLED >= 1) continue;
      pairs.push({
        similarity: value,
        probeQuality: probe.quality,
        referenceQuality: reference.quality,
        isSame,
        folds: [fold, other.fold],
        weight: isSampled ? SAMPLED : 1,
      });
    }
  }
  return pairs;
}

/** @param numbers those that are not fitted @param without the fold of which nobody is used */
export function fitLikelihood(all: readonly Pair[], numbers: Likelihood, without?: number): Likelihood {
  const pairs = all.filter(({ folds }) => without === undefined || !folds.includes(without));
  const total = (isSame: boolean): number =>
    pairs.reduce((sum, pair) => sum + (pair.isSame === isSame ? pair.weight : 0), 0);
  const [same, strangers] = [total(true), total(false)];
  const missing = (quality: number): number => 1 - Math.min(1, Math.max(numbers.lowestQuality, quality));
  // Below the first knot nothing is told apart.
  const told = pairs.filter((pair) => pair.similarity >= KNOTS[0]!);
  const trials = told.flatMap((pair) =>
    GALLERY_SIZES.map((size): Trial => ({
      values: [...basis(pair.similarity), missing(pair.probeQuality), missing(pair.referenceQuality)],
      offset: -Math.log(size),
      right: pair.isSame,
      weight: 1000 * (pair.isSame ? 1 / same : (size * pair.weight) / strangers),
    })),
  );
  const { coefficients } = fitLogistic(trials);
  const pieces = coefficients.slice(0, KNOTS.length);
  const heights = KNOTS.map((knot) => basis(knot).reduce((sum, value, n) => sum + value * pieces[n]!, 0));
  const [probe = 0, reference = 0] = coefficients.slice(KNOTS.length);
  return {
    ...numbers,
    curve: isotonic(heights).map((height, n) => [KNOTS[n]!, round(height)]),
    perMissingQuality: { probe: round(probe), reference: round(reference) },
  };
}

/** 1, the similarity, and how far it is beyond each inner knot. */
function basis(value: number): number[] {
  return [1, value, ...KNOTS.slice(1, -1).map((knot) => Math.max(0, value - knot))];
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

if (import.meta.main) {
  const place = findDevGallery();
  if ('reason' in place) throw new Error(`There is no development gallery: ${place.reason}.`);
  const pack = packOf(catalog, process.argv[2] ?? catalog.packs[0]!.id);
  const { known, strangers } = await lookAtPeople(readDevGallery(place.folder), pack, () => undefined);
  const fitted = fitLikelihood(collectPairs(known, strangers), pack.calibration.matching.likelihood);
  console.log(JSON.stringify(fitted));
}
