import assert from 'node:assert/strict';
import { test } from 'node:test';
import { posteriorProbabilities } from './calibration.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const { logOdds: FIT, matchConfidence: MATCH_CONFIDENCE } = CALIBRATION.matching;

const sure = (similarity: number, gallerySize: number): number =>
  posteriorProbabilities([similarity], gallerySize, FIT)[0]!;

test('the bars are those that the documents tell', () => {
  for (const [gallerySize, similarity] of [
    [10, 0.37],
    [100, 0.42],
    [5000, 0.51],
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
  const [one = 0, other = 0] = posteriorProbabilities([0.8, 0.79], 50, FIT);
  assert.ok(one > other && one < 0.65 && one + other < 1);
  assert.ok(sure(0.8, 50) > 0.999);
  assert.ok(posteriorProbabilities([0.05, 0.04, 0.03], 50, FIT).every((it) => it < 0.001));
  assert.deepEqual(posteriorProbabilities([], 50, FIT), []);
});
