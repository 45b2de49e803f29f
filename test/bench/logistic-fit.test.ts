import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitLogistic, type Trial } from './logistic-fit.ts';

test('the curve that made the trials is found again', () => {
  const trials: Trial[] = [];
  for (let x = -3; x <= 3; x += 0.01) {
    const p = 1 / (1 + Math.exp(-(0.5 + 2 * x - 1)));
    const one = { values: [1, x], offset: -1 };
    trials.push({ ...one, right: true, weight: 100 * p }, { ...one, right: false, weight: 100 * (1 - p) });
  }
  const [intercept = 0, slope = 0] = fitLogistic(trials).coefficients;
  assert.ok(Math.abs(intercept - 0.5) < 0.02 && Math.abs(slope - 2) < 0.02, `${intercept} ${slope}`);
});

test('trials that never overlap give a curve no steeper than their number warrants', () => {
  const few = [-2, -1, 1, 2].map((x) => ({ values: [1, x], offset: 0, right: x > 0, weight: 1 }));
  const many = few.map((it) => ({ ...it, weight: 100 }));
  const slopeOf = (trials: Trial[]): number => fitLogistic(trials).coefficients[1]!;
  assert.ok(slopeOf(few) > 0.3 && slopeOf(few) < 2);
  assert.ok(slopeOf(many) > 2 * slopeOf(few) && Number.isFinite(slopeOf(many)));
});
