/** Pairs of pictures: how alike strangers are at most, in which cohorts, and which entries are one person. */
import { similarity } from '../../../core/faces/embedding.ts';
import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import { logLikelihoodRatio } from '../../../core/matching/likelihood.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { wilson } from '../statistics.ts';
import type { Actor, EntryFace } from './actors.ts';
import { percentile } from './open-set.ts';
import type { Sex } from './people.ts';

type Picture = {
  readonly id: string;
  readonly sex: Sex;
  readonly embedding: Embedding;
  readonly quality: number;
};
type KnownSex = Exclude<Sex, 'unknown'>;
/** Ascending. */
export type Cohort = {
  readonly similarities: Float32Array;
  /** `logLikelihoodRatio` of each pair. */
  readonly ratios: Float32Array;
};

export type ImpostorPairs = {
  /** Of each pair of pictures of two people, ascending. */
  readonly similarities: Float32Array;
  /** The same of pairs of two women and of two men. */
  readonly cohorts: Readonly<Record<KnownSex, Cohort>>;
  /** Of each picture to identify the most similar other person. */
  readonly maxima: Float32Array;
};

/** Each picture to identify with each reference of somebody else, and each two references. */
export function compareImpostors(
  actors: readonly Actor[],
  { likelihood }: Pick<PackCalibration['matching'], 'likelihood'>,
): ImpostorPairs {
  const references = actors.flatMap(({ id, sex, references: [first] }): Picture[] =>
    first ? [{ id, sex, ...first }] : [],
  );
  const probes = actors.flatMap(({ id, sex, probe }): Picture[] =>
    probe ? [{ id, sex, embedding: probe.template, quality: probe.quality }] : [],
  );
  const all: number[][] = [];
  const cohorts: Record<KnownSex, { similarities: number[]; ratios: number[] }> = {
    female: { similarities: [], ratios: [] },
    male: { similarities: [], ratios: [] },
  };
  const compare = (one: Picture, others: readonly Picture[]): number => {
    const values: number[] = [];
    let largest = -1;
    for (const other of others) {
      if (one.id === other.id) continue;
      const value = similarity(one.embedding, other.embedding);
      values.push(value);
      largest = Math.max(largest, value);
      if (one.sex !== other.sex || one.sex === 'unknown') continue;
      cohorts[one.sex].similarities.push(value);
      cohorts[one.sex].ratios.push(
        logLikelihoodRatio(
          {
            similarity: value,
            probeQuality: one.quality,
            faces: 1,
            referenceQuality: other.quality,
            references: 1,
          },
          likelihood,
        ),
      );
    }
    all.push(values);
    return largest;
  };
  const maxima = probes.map((probe) => compare(probe, references));
  for (const [n, reference] of references.entries()) compare(reference, references.slice(n + 1));
  const similarities = new Float32Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const values of all) {
    similarities.set(values, at);
    at += values.length;
  }
  return {
    similarities: similarities.toSorted(),
    cohorts: { female: toCohort(cohorts.female), male: toCohort(cohorts.male) },
    maxima: Float32Array.from(maxima).toSorted(),
  };
}

function toCohort({ similarities, ratios }: Record<keyof Cohort, readonly number[]>): Cohort {
  return {
    similarities: Float32Array.from(similarities).toSorted(),
    ratios: Float32Array.from(ratios).toSorted(),
  };
}

/** False accept rate: the share of the values from this one on, with its 95 % interval. @param sorted ascending */
export function rateFrom(
  sorted: Float32Array,
  value: number,
): { share: number; low: number; high: number; hits: number } {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  const hits = sorted.length - low;
  return { ...wilson(hits, sorted.length), hits };
}

/** The similarity that this share of the pairs reaches. */
export function similarityAtRate(sorted: Float32Array, rate: number): number {
  return percentile(sorted, 1 - rate);
}

export type DoublesPoint = {
  readonly threshold: number;
  readonly right: number;
  readonly wrong: number;
  readonly missed: number;
};

/** Entries that are known to be one person, found by the similarity of one picture each. */
export function findDoubles(entries: readonly EntryFace[], thresholds: readonly number[]): DoublesPoint[] {
  const lowest = Math.min(...thresholds);
  const found: { value: number; isSame: boolean }[] = [];
  let known = 0;
  for (const [n, one] of entries.entries())
    for (let m = n + 1; m < entries.length; m++) {
      const other = entries[m]!;
      const isSame = one.personId === other.personId;
      if (isSame) known++;
      const value = similarity(one.embedding, other.embedding);
      if (value >= lowest) found.push({ value, isSame });
    }
  return thresholds.map((threshold) => {
    const reached = found.filter(({ value }) => value >= threshold);
    const right = reached.filter(({ isSame }) => isSame).length;
    return { threshold, right, wrong: reached.length - right, missed: known - right };
  });
}
