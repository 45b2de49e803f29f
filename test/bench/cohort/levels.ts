/** What a fixed cohort of as many women as men says of a face, and how that is reckoned with in the likelihood ratio. */
import { similarity } from '../../../core/faces/embedding.ts';
import { seeded } from '../../fixtures/random.ts';
import { solve } from '../logistic-fit.ts';
import { centresOf, leadingDirections, placesOf } from './directions.ts';
import type { Face, NearPair, Roles } from './faces.ts';
import type { Learn } from './fit-apart.ts';

type Folds = Parameters<Learn>[0];
/** Of a face, by a cohort without the people of two folds. */
type Level = (face: Face) => number;
type Learnt = (folds: Folds) => Level;

/** Fitted together with the curve, with pairs of women weighing so many times as much where that is named. */
function asTerm(levelWithout: Learnt, women?: number): Learn {
  return (folds) => {
    const sum = sumOf(levelWithout(folds));
    return { terms: (pair) => [sum(pair)], ...(women !== undefined && { women }) };
  };
}

function subtracted(times: number, levelWithout: Learnt): Learn {
  return (folds) => {
    const sum = sumOf(levelWithout(folds));
    return { score: (pair) => pair.similarity - times * sum(pair) };
  };
}

function sumOf(level: Level): (pair: NearPair) => number {
  return ({ one, other }) => level(one) + level(other);
}

export function createLevels(roles: Roles) {
  const random = seeded(11);
  const labelled = [...roles.references, ...roles.probes.filter(({ isKnown }) => !isKnown)]
    .filter(({ sex }) => sex !== 'unknown')
    .map((face) => ({ face, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ face }) => face);
  const numbers = new Map(labelled.map((face, n) => [face, n]));
  /** Of each face its similarities with those that are labelled. */
  const rows = new Map<Face, Float32Array>();

  return {
    asTerm,
    subtracted,
    nearest,
    predicted,
    nearestCentre,
    distanceAlong,
    alongEach,
    without,
    asNorm,
  };

  function cohortWithout(folds: Folds): Face[] {
    const left = labelled.filter(({ fold }) => !folds.includes(fold));
    const [women, men] = (['female', 'male'] as const).map((it) => left.filter(({ sex }) => sex === it));
    const each = Math.min(women!.length, men!.length);
    return [...women!.slice(0, each), ...men!.slice(0, each)];
  }

  /** How similar these members of a cohort are to a face, ascending, the last `count`. */
  function nearestOf(face: Face, cohort: readonly Face[], count: number): number[] {
    const row =
      rows.get(face) ?? Float32Array.from(labelled, ({ vector }) => similarity(vector, face.vector));
    rows.set(face, row);
    const values = Float32Array.from(cohort, (member) => row[numbers.get(member)!]!).toSorted();
    return [...values.subarray(values.length - count)];
  }

  function nearest(count: number): Learnt {
    return (folds) => {
      const cohort = cohortWithout(folds);
      return remembered((face) => mean(nearestOf(face, cohort, count)));
    };
  }

  /** What the places along so many directions say of the nearest (least squares, women and men weighing the same). */
  function predicted(count: number, directionCount: number): Learnt {
    return (folds) => {
      const cohort = cohortWithout(folds);
      const directions = leadingDirections(
        cohort.map(({ vector }) => vector),
        directionCount,
      );
      const valuesOf = (face: Face): number[] => [
        1,
        ...placesOf(face.vector, directions).flatMap((it) => [10 * it, 100 * it * it]),
      ];
      const known = [...roles.references, ...roles.probes].filter(
        ({ sex, fold }) => sex !== 'unknown' && !folds.includes(fold),
      );
      const women = known.filter(({ sex }) => sex === 'female').length;
      const width = 1 + 2 * directionCount;
      const matrix = Array.from({ length: width }, (_, i) =>
        Array.from({ length: width }, (__, j) => (i === j ? RIDGE : 0)),
      );
      const right = Array.from({ length: width }, () => 0);
      for (const face of known) {
        const weight = 1 / (face.sex === 'female' ? women : known.length - women);
        const others = cohort.filter(({ id }) => id !== face.id);
        const [values, value] = [valuesOf(face), mean(nearestOf(face, others, count))];
        for (const [i, one] of values.entries()) {
          right[i]! += weight * one * value;
          for (const [j, other] of values.entries()) matrix[i]![j]! += weight * one * other;
        }
      }
      const coefficients = solve(matrix, right);
      return remembered((face) => valuesOf(face).reduce((sum, it, n) => sum + it * coefficients[n]!, 0));
    };
  }

  function nearestCentre(count: number): Learnt {
    return (folds) => {
      const cohort = cohortWithout(folds);
      const centres = (['female', 'male'] as const).flatMap((it) =>
        centresOf(
          cohort.filter(({ sex }) => sex === it).map(({ vector }) => vector),
          count / 2,
        ),
      );
      return remembered((face) => Math.max(...centres.map((centre) => similarity(centre, face.vector))));
    };
  }

  function distanceAlong(count: number): Learnt {
    return (folds) => {
      const directions = leadingDirections(
        cohortWithout(folds).map(({ vector }) => vector),
        count,
      );
      return remembered((face) =>
        placesOf(face.vector, directions).reduce((sum, place) => sum + 100 * place * place, 0),
      );
    };
  }

  /** A coefficient for each direction and for its square. */
  function alongEach(count: number, women: number): Learn {
    return (folds) => {
      const directions = leadingDirections(
        cohortWithout(folds).map(({ vector }) => vector),
        count,
      );
      const known = new Map<Face, number[]>();
      const valuesOf = (face: Face): number[] => {
        const values =
          known.get(face) ?? placesOf(face.vector, directions).flatMap((it) => [10 * it, 100 * it * it]);
        known.set(face, values);
        return values;
      };
      return {
        terms: ({ one, other }) => valuesOf(one).map((value, n) => value + valuesOf(other)[n]!),
        women,
      };
    };
  }

  /** What two faces share along the leading directions does not count. */
  function without(count: number): Learn {
    return (folds) => {
      const vectors = cohortWithout(folds).map(({ vector }) => vector);
      const directions = leadingDirections(vectors, count);
      const known = new Map<Face, number[]>();
      const placed = (face: Face): number[] => {
        const places = known.get(face) ?? placesOf(face.vector, directions);
        known.set(face, places);
        return places;
      };
      return {
        score: (pair) =>
          pair.similarity - placed(pair.one).reduce((sum, it, n) => sum + it * placed(pair.other)[n]!, 0),
      };
    };
  }

  function asNorm(count: number): Learn {
    return (folds) => {
      const cohort = cohortWithout(folds);
      const level = remembered((face) => mean(nearestOf(face, cohort, count)));
      const deviation = remembered((face) => {
        const squares = nearestOf(face, cohort, count).map((value) => (value - level(face)) ** 2);
        return Math.sqrt(mean(squares));
      });
      const score = ({ one, other, similarity: value }: NearPair): number =>
        ((value - level(one)) / deviation(one) + (value - level(other)) / deviation(other)) / 20;
      return { score };
    };
  }
}

const RIDGE = 1e-3;

function remembered(level: Level): Level {
  const known = new Map<Face, number>();
  return (face) => {
    const value = known.get(face) ?? level(face);
    known.set(face, value);
    return value;
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
