import assert from 'node:assert/strict';
import { test } from 'node:test';
import { posteriorProbabilities } from './calibration.ts';
import { logLikelihoodRatio } from './likelihood.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const { likelihood: FIT, matchConfidence: MATCH_CONFIDENCE } = CALIBRATION.matching;
const GOOD = { probeQuality: 1, faces: 1, referenceQuality: 1, references: 1 };

const posteriors = (similarities: readonly number[], gallerySize: number): number[] =>
  posteriorProbabilities(
    similarities.map((similarity) => logLikelihoodRatio({ ...GOOD, similarity }, FIT)),
    gallerySize,
  );

const sure = (similarity: number, gallerySize: number): number => posteriors([similarity], gallerySize)[0]!;

test('the bars are those that the documents tell', () => {
  for (const [gallerySize, similarity] of [
    [10, 0.433],
    [100, 0.479],
    [5000, 0.57],
  ] as const) {
    assert.ok(sure(similarity + 0.006, gallerySize) >= MATCH_CONFIDENCE, `${gallerySize}`);
    assert.ok(sure(similarity - 0.006, gallerySize) < MATCH_CONFIDENCE, `${gallerySize}`);
  }
});

test('the more alike the surer, the more people the less sure, and a tiny gallery counts as a small one', () => {
  assert.ok(sure(0.5, 10) > sure(0.4, 10));
  assert.ok(sure(0.45, 10) > sure(0.45, 1000));
  assert.equal(sure(0.4, 1), sure(0.4, 10));
});

test('two who are both alike share what there is, and nobody gets more than is left', () => {
  const [one = 0, other = 0] = posteriors([0.8, 0.79], 50);
  assert.ok(one > other && one < 0.65 && one + other < 1);
  assert.ok(sure(0.8, 50) > 0.999);
  assert.ok(posteriors([0.05, 0.04, 0.03], 50).every((it) => it < 0.001));
  assert.deepEqual(posteriors([], 50), []);
});
