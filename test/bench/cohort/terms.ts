/**
`tsx test/bench/cohort/terms.ts GALLERY CACHE`: whether what the gallery says of a probe or a reference (how similar its nearest
are) helps the likelihood ratio, as a term of it or as AS-norm. Fitted on four folds of the people, reported on the fifth. CACHE
is made by test/bench/look-alikes/gallery-faces.ts.
*/
import { posteriorProbabilities } from '../../../core/matching/calibration.ts';
import { packInUse } from '../../../tasks/compose/pack-in-use.ts';
import { seeded } from '../../fixtures/random.ts';
import { crossFoldedPoint } from '../gallery/open-set.ts';
import { FOLDS } from '../gallery/split.ts';
import { fitLogistic, type Trial } from '../logistic-fit.ts';
import { calibration as reliability } from '../statistics.ts';
import { createCohorts, type Cohorts } from './cohorts.ts';
import { type Face, readRoles } from './faces.ts';

/** Of probe and reference, by their numbers. */
type Of<Value> = (probe: number, reference: number) => Value;
type Model = {
  readonly name: string;
  readonly score: Of<number>;
  readonly terms: Of<number[]>;
  readonly knots: number[];
};

const NEAREST = [20, 50, 100, 300];
const KNOTS = [0.2, 0.35, 0.5, 1];
const GALLERY_SIZES = [300, 3000];
/** Pairs of strangers below this similarity are so many that one of `SAMPLED` is enough; below the least none is looked at. */
const SAMPLED_BELOW = 0.32;
const SAMPLED = 20;
const LEAST = 0.12;
/** Pairs below it reach no threshold. */
const LEAST_REPORTED = 0.25;
const CANDIDATES = 10;
const { lowestQuality } = packInUse.calibration.matching.likelihood;

const [folder = '/', cache = '/'] = process.argv.slice(2);
const { probes, references } = readRoles(folder, cache, packInUse.dimensions);
const cohorts = createCohorts(probes, references, Math.max(...NEAREST));
const isSame: Of<boolean> = (probe, reference) => probes[probe]!.id === references[reference]!.id;
const isIn =
  (fold: number): Of<boolean> =>
  (probe, reference) =>
    probes[probe]!.fold === fold || references[reference]!.fold === fold;
console.log(`${probes.length} probes among ${references.length} people`);
console.log('what decides | women / men at 1e-4 (pairs) | TPIR, FPIR at 1 % | ECE');
for (const model of modelsOf(cohorts)) report(model);

function modelsOf({ similarity, ofProbe, ofReference }: Cohorts): Model[] {
  const plain = { score: similarity, knots: KNOTS };
  return [
    { ...plain, name: 'similarity and quality', terms: () => [] },
    ...NEAREST.flatMap((count): Model[] => {
      const normalised: Of<number> = (probe, reference) => {
        const value = similarity(probe, reference);
        const [one, other] = [ofProbe(count, probe, reference), ofReference(count, reference)];
        return ((value - one.mean) / one.deviation + (value - other.mean) / other.deviation) / 2;
      };
      const probeMean: Of<number> = (probe, reference) => ofProbe(count, probe, reference).mean;
      const referenceMean: Of<number> = (_, reference) => ofReference(count, reference).mean;
      return [
        { ...plain, name: `and the probe's ${count} nearest`, terms: (p, r) => [probeMean(p, r)] },
        { ...plain, name: `and the reference's ${count} nearest`, terms: (p, r) => [referenceMean(p, r)] },
        { ...plain, name: `and both`, terms: (p, r) => [probeMean(p, r), referenceMean(p, r)] },
        { name: `AS-norm, ${count}`, score: normalised, terms: () => [], knots: knotsOf(normalised) },
      ];
    }),
  ];
}

/** In the tail of strangers. */
function knotsOf(score: Of<number>): number[] {
  const random = seeded(5);
  const pick = (count: number): number => Math.floor(random() * count);
  const scores = Float64Array.from({ length: 200_000 }, () =>
    score(pick(probes.length), pick(references.length)),
  ).toSorted();
  const at = (share: number): number => scores[Math.floor(share * (scores.length - 1))]!;
  return [at(0.9), at(0.995), at(0.9999), 3 * at(0.9999)];
}

function report(model: Model): void {
  const ratioOf = fitted(model);
  const pairs = { female: [] as number[], male: [] as number[], all: [] as number[] };
  const counts = { female: 0, male: 0, all: 0 };
  const trials = probes.map((probe, p) => {
    const near: { ratio: number; isRight: boolean }[] = [];
    for (const [r, { sex }] of references.entries()) {
      const isRight = isSame(p, r);
      const cohort = sex === probe.sex && sex !== 'unknown' ? sex : null;
      if (!isRight) counts.all++;
      if (!isRight && cohort !== null) counts[cohort]++;
      if (cohorts.similarity(p, r) < LEAST_REPORTED && !isRight) continue;
      const ratio = ratioOf(p, r, probe.fold);
      near.push({ ratio, isRight });
      if (isRight) continue;
      pairs.all.push(ratio);
      if (cohort !== null) pairs[cohort].push(ratio);
    }
    const candidates = near.toSorted((a, b) => b.ratio - a.ratio).slice(0, CANDIDATES);
    const [score = 0] = posteriorProbabilities(
      candidates.map(({ ratio }) => ratio),
      references.length,
    );
    return { isKnown: probe.isKnown, isRight: candidates[0]?.isRight === true, score, fold: probe.fold };
  });
  const threshold = pairs.all.toSorted((a, b) => b - a)[Math.floor(1e-4 * counts.all)]!;
  const above = (sex: 'female' | 'male'): number => pairs[sex].filter((ratio) => ratio >= threshold).length;
  const [women, men] = [above('female'), above('male')];
  const times = women / counts.female / (men / counts.male);
  const { tpir, fpir } = crossFoldedPoint(trials, 0.01);
  const { error } = reliability(trials.map(({ score, isRight }) => ({ confidence: score, right: isRight })));
  const shares = `${(100 * tpir.share).toFixed(1)} %, ${(100 * fpir.share).toFixed(1)} %`;
  console.log(`${model.name} | ${times.toFixed(2)} (${women}/${men}) | ${shares} | ${error.toFixed(4)}`);
}

function missing({ quality }: Face): number {
  return 1 - Math.min(1, Math.max(lowestQuality, quality));
}

/** The log likelihood ratio, for people of a fold by a fit on those of the others. */
function fitted({ score, terms, knots }: Model): (probe: number, reference: number, fold: number) => number {
  const [lowest = 0] = knots;
  const valuesOf: Of<number[]> = (probe, reference) => {
    const value = Math.max(lowest, score(probe, reference));
    const bends = knots.slice(1, -1).map((knot) => Math.max(0, value - knot));
    return [
      1,
      value,
      ...bends,
      missing(probes[probe]!),
      missing(references[reference]!),
      ...terms(probe, reference),
    ];
  };
  const random = seeded(3);
  const pairs: { p: number; r: number; weight: number }[] = [];
  for (const p of probes.keys())
    for (const r of references.keys()) {
      const value = cohorts.similarity(p, r);
      const isSampled = !isSame(p, r) && value < SAMPLED_BELOW;
      if ((!isSame(p, r) && value < LEAST) || (isSampled && random() * SAMPLED >= 1)) continue;
      if (score(p, r) >= lowest) pairs.push({ p, r, weight: isSampled ? SAMPLED : 1 });
    }
  const coefficients = Array.from({ length: FOLDS }, (_, fold) => {
    const isOut = isIn(fold);
    const used = pairs.filter(({ p, r }) => !isOut(p, r));
    const same = used.filter(({ p, r }) => isSame(p, r)).length;
    const strangers = probes.length * references.length * (1 - 1 / FOLDS) ** 2;
    const trials = used.flatMap(({ p, r, weight }) =>
      GALLERY_SIZES.map((size): Trial => ({
        values: valuesOf(p, r),
        offset: -Math.log(size),
        right: isSame(p, r),
        weight: 1000 * (isSame(p, r) ? 1 / same : (size * weight) / strangers),
      })),
    );
    return fitLogistic(trials).coefficients;
  });
  return (probe, reference, fold) =>
    valuesOf(probe, reference).reduce((sum, value, n) => sum + value * coefficients[fold]![n]!, 0);
}
