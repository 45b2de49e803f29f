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

test('trials that never overlap give a steep curve, and an end', () => {
  const trials = [-2, -1, 1, 2].map((x) => ({ values: [1, x], offset: 0, right: x > 0, weight: 1 }));
  const { coefficients, loss } = fitLogistic(trials);
  assert.ok(coefficients[1]! > 4 && coefficients[1]! < 50, String(coefficients[1]));
  assert.ok(Math.abs(coefficients[0]!) < 1e-6 && loss < 0.01);
});
