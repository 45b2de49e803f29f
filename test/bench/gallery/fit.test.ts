import assert from 'node:assert/strict';
import { test } from 'node:test';
import { logLikelihoodRatio } from '../../../core/matching/likelihood.ts';
import { CALIBRATION } from '../../fixtures/calibration.ts';
import { seeded } from '../../fixtures/random.ts';
import { fitLikelihood, type Pair } from './fit.ts';

const random = seeded(5);

/** Box and Muller's normal deviate. */
function normal(mean: number, deviation: number): number {
  return mean + deviation * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

/** Similarities of two normal distributions of deviation 0.1, whose log likelihood ratio is 50 · (similarity - 0.25); a missing quality takes 0.1 from those of one person. */
function madePair(isSame: boolean): Pair {
  const probeQuality = random() < 0.5 ? 1 : 0.5;
  const fold = Math.floor(random() * 5);
  return {
    similarity: normal(isSame ? 0.5 - 0.2 * (1 - probeQuality) : 0, 0.1),
    probeQuality,
    referenceQuality: 1,
    isSame,
    folds: [fold, fold],
    weight: 1,
  };
}

test('the likelihood ratio that made the pairs is found again, also without the people of a fold', () => {
  const pairs = Array.from({ length: 220_000 }, (_, n) => madePair(n < 4000));
  const numbers = { ...CALIBRATION.matching.likelihood, perDoubling: { faces: 0, references: 0 } };
  for (const fold of [undefined, 2]) {
    const fitted = fitLikelihood(pairs, numbers, fold);
    for (const similarity of [0.25, 0.3, 0.35, 0.4]) {
      const ratio = logLikelihoodRatio(
        { similarity, probeQuality: 1, faces: 1, referenceQuality: 1, references: 1 },
        fitted,
      );
      assert.ok(Math.abs(ratio - 50 * (similarity - 0.25)) < 1.2, `${similarity}: ${ratio}`);
    }
    assert.ok(fitted.perMissingQuality.probe > 2, 'a poorer picture that is as similar says more');
    assert.equal(fitted.perMissingQuality.reference, 0);
    const heights = fitted.curve.map(([, height]) => height);
    assert.deepEqual(
      heights,
      heights.toSorted((a, b) => a - b),
    );
  }
});
