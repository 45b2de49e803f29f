import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Evidence, logLikelihoodRatio } from './likelihood.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const FIT = {
  curve: [
    [0.2, -4],
    [0.4, 2],
    [1, 20],
  ] as [number, number][],
  perMissingQuality: { probe: 2, reference: 4 },
  lowestQuality: 0.4,
  perDoubling: { faces: -0.5, references: -1 },
  mostCounted: 4,
};
const GOOD: Evidence = { similarity: 0.4, probeQuality: 1, faces: 1, referenceQuality: 1, references: 1 };

for (const [what, change, expected] of [
  ['at a point of the curve', {}, 2],
  ['between two points', { similarity: 0.3 }, -1],
  ['below the first', { similarity: -0.5 }, -4],
  ['at the end', { similarity: 1 }, 20],
  ['a poor face that is as similar says more', { probeQuality: 0.75 }, 2.5],
  ['a poor reference too', { referenceQuality: 0.5 }, 4],
  ['pictures poorer than the fit had count as the poorest it had', { probeQuality: 0.1 }, 3.2],
  ['the nearest of two references is more similar by chance', { references: 2 }, 1],
  ['so is the mean of two faces', { faces: 2 }, 1.5],
  ['more than the fit had count as the most it had', { references: 60, faces: 60 }, -1],
] as const)
  test(`the likelihood ratio ${what}`, () => {
    assert.ok(Math.abs(logLikelihoodRatio({ ...GOOD, ...change }, FIT) - expected) < 1e-9);
  });

test('of the pack in use it rises with the similarity, whatever the pictures are like', () => {
  for (const probeQuality of [0, 0.5, 1])
    for (const references of [1, 3, 20]) {
      const ratios = Array.from({ length: 201 }, (_, n) =>
        logLikelihoodRatio(
          { ...GOOD, probeQuality, references, similarity: n / 100 - 1 },
          CALIBRATION.matching.likelihood,
        ),
      );
      assert.ok(ratios.every((ratio, n) => n === 0 || ratio >= ratios[n - 1]!));
      assert.ok(ratios[0]! < -3 && ratios.at(-1)! > 14);
    }
});
