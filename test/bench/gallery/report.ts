/** The tables of the development gallery. */
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import { calibration as reliability, wilson } from '../statistics.ts';
import type { IdentifiedTrial } from './identify.ts';
import {
  crossFoldedPoint,
  extrapolatedTail,
  operatingPoint,
  percentile,
  type Share,
  shareOf,
  thresholdAtFpir,
} from './open-set.ts';
import { type DoublesPoint, type ImpostorPairs, rateFrom } from './pairs.ts';
import type { SceneScore } from './scenes.ts';

export type TrialsOfSize = { readonly people: number; readonly trials: readonly IdentifiedTrial[] };
type Matching = PackCalibration['matching'];

const FPIRS = [0.001, 0.01, 0.1];
const SEXES = ['female', 'male', 'unknown'] as const;
/** Performers of the largest library that is known. */
const LARGEST_GALLERY = 108_000;

export function reportSizes(bySize: readonly TrialsOfSize[]): void {
  for (const { people, trials } of bySize) {
    console.log(`\n${people} people known:`);
    console.log(`  as decided: ${named(trials)}`);
    for (const fpir of FPIRS) {
      const { tpir, threshold } = operatingPoint(trials, thresholdAtFpir(trials, fpir));
      const others = crossFoldedPoint(trials, fpir);
      console.log(
        `  at ${percent(fpir)} % FPIR: TPIR ${said(tpir)}, from confidence ${threshold.toFixed(4)}; by thresholds of other people: TPIR ${said(others.tpir)}, FPIR ${said(others.fpir)}`,
      );
    }
  }
}

export function reportDecided(how: string, trials: readonly IdentifiedTrial[]): void {
  console.log(`\n${how}: ${named(trials)}`);
}

export function reportBySex({ people, trials }: TrialsOfSize): void {
  console.log(
    `\n${people} people known, by sex (where the source says it; few strangers, so wide intervals):`,
  );
  for (const sex of SEXES) {
    const some = trials.filter((trial) => trial.sex === sex);
    console.log(`  ${sex.padEnd(8)} ${named(some)}, ECE ${eceOf(some).toFixed(3)}`);
  }
}

export function reportReliability(fit: string, { people, trials }: TrialsOfSize): number {
  const { bins, error } = reliability(ratedOf(trials));
  console.log(`\nconfidence of the best candidate, ${people} people known, ${fit}, ECE ${error.toFixed(4)}:`);
  for (const { from, to, n, said: mean, right } of bins) {
    if (n === 0) continue;
    const { low, high } = wilson(right * n, n);
    console.log(
      `  ${from.toFixed(2)} to ${to.toFixed(2)}: n ${String(n).padStart(4)}, said ${percent(mean)} %, right ${percent(right)} % [${percent(low)}, ${percent(high)}]`,
    );
  }
  return error;
}

export function reportImpostors(
  { similarities, cohorts, maxima }: ImpostorPairs,
  { matchConfidence }: Matching,
  sizes: readonly number[],
): void {
  console.log(
    `\n${similarities.length} pairs of strangers: 99.9 % below ${at(similarities, 0.999)}, 99.99 % below ${at(similarities, 0.9999)}, the highest ${at(similarities, 1)}`,
  );
  console.log(
    `the most similar stranger of each of ${maxima.length} pictures: median ${at(maxima, 0.5)}, 90 % below ${at(maxima, 0.9)}, 99 % below ${at(maxima, 0.99)}, the highest ${at(maxima, 1)}`,
  );
  for (const size of sizes) {
    // Of a single candidate.
    const threshold = Math.log((size * matchConfidence) / (1 - matchConfidence));
    const [women, men] = [
      rateFrom(cohorts.female.ratios, threshold),
      rateFrom(cohorts.male.ratios, threshold),
    ];
    console.log(
      `  ${String(size).padStart(4)} known, named from log likelihood ratio ${threshold.toFixed(1)}: FAR of women ${women.share.toExponential(1)} [${women.low.toExponential(1)}, ${women.high.toExponential(1)}] (${women.hits} of ${cohorts.female.ratios.length}), of men ${men.share.toExponential(1)} [${men.low.toExponential(1)}, ${men.high.toExponential(1)}] (${men.hits} of ${cohorts.male.ratios.length}), ratio ${(women.share / men.share).toFixed(1)}`,
    );
  }
}

/** @param genuine similarities of two pictures of one person, ascending */
export function reportExtrapolation({ similarities }: ImpostorPairs, genuine: Float32Array): void {
  const threshold = extrapolatedTail(similarities, 0.01 / LARGEST_GALLERY);
  const tar = rateFrom(genuine, threshold);
  console.log(
    `\nextrapolated, not measured: of ${LARGEST_GALLERY} people one of 100 strangers has somebody as similar as ${threshold.toFixed(3)}, which ${percent(tar.share)} % of ${genuine.length} people with one reference reach`,
  );
}

export function reportReferences(one: readonly IdentifiedTrial[], two: readonly IdentifiedTrial[]): void {
  console.log('\nthe people with three pictures, with the same strangers:');
  for (const [name, trials] of [
    ['one reference', one],
    ['two references', two],
  ] as const) {
    const { tpir } = operatingPoint(trials, thresholdAtFpir(trials, 0.01));
    console.log(`  ${name}: ${named(trials)}; at 1 % FPIR: TPIR ${said(tpir)}`);
  }
}

export function reportScenes(
  beside: string,
  { scenes, people, right, wrong, missed, empty, named: falsely }: SceneScore,
): void {
  console.log(
    `\n${scenes} scenes of the development library, ${people} people known (others: ${beside}): precision ${ratio(right, right + wrong)}, recall ${ratio(right, right + missed)}, named without reason ${falsely} of ${empty}`,
  );
}

export function reportDoubles(points: readonly DoublesPoint[]): void {
  console.log('\nentries that are one person, by the similarity of one picture each:');
  for (const { threshold, right, wrong, missed } of points)
    console.log(
      `  from ${threshold.toFixed(2)}: precision ${ratio(right, right + wrong)}, recall ${ratio(right, right + missed)}`,
    );
}

export function eceOf(trials: readonly IdentifiedTrial[]): number {
  return reliability(ratedOf(trials)).error;
}

function ratedOf(trials: readonly IdentifiedTrial[]) {
  return trials
    .filter(({ score }) => Number.isFinite(score))
    .map(({ score, isRight }) => ({ confidence: score, right: isRight }));
}

/** By the decision of the plugin, which knows the tie too. */
function named(trials: readonly IdentifiedTrial[]): string {
  const [known, strangers] = [
    trials.filter(({ isKnown }) => isKnown),
    trials.filter(({ isKnown }) => !isKnown),
  ];
  const tpir = shareOf(known, ({ isNamed, isRight }) => isNamed && isRight);
  const wrong = shareOf(known, ({ isNamed, isRight }) => isNamed && !isRight);
  const fpir = shareOf(strangers, ({ isNamed }) => isNamed);
  return `TPIR ${said(tpir)}, wrong names ${said(wrong)}, FPIR ${said(fpir)}`;
}

function at(sorted: Float32Array, share: number): string {
  return percentile(sorted, share).toFixed(3);
}

function said({ share, low, high, n }: Share): string {
  return `${percent(share)} % [${percent(low)}, ${percent(high)}] of ${n}`;
}

function ratio(hits: number, n: number): string {
  const { share, low, high } = wilson(hits, n);
  return `${percent(share)} % [${percent(low)}, ${percent(high)}] of ${n}`;
}

function percent(value: number): string {
  return (100 * value).toFixed(value < 0.01 && value > 0 ? 2 : 1);
}
