import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isotonic } from './monotone.ts';

test('what rises stays, what falls becomes its mean', () => {
  assert.deepEqual(isotonic([1, 2, 5]), [1, 2, 5]);
  assert.deepEqual(isotonic([3, 1]), [2, 2]);
  assert.deepEqual(isotonic([1, 4, 3, 2, 6]), [1, 3, 3, 3, 6]);
  assert.deepEqual(isotonic([4, 1], [3, 1]), [3.25, 3.25]);
  assert.deepEqual(isotonic([]), []);
});

test('no other rising sequence of the grid is nearer', () => {
  const values = [2, 0, 1, 3, 1];
  const error = (fit: readonly number[]): number => fit.reduce((sum, y, n) => sum + (y - values[n]!) ** 2, 0);
  const best = error(isotonic(values));
  const steps = [0, 0.5, 1, 1.5, 2, 2.5, 3];
  const rising = (from: number, length: number): number[][] =>
    length === 0
      ? [[]]
      : steps.filter((y) => y >= from).flatMap((y) => rising(y, length - 1).map((rest) => [y, ...rest]));
  for (const fit of rising(0, values.length)) assert.ok(error(fit) >= best - 1e-9, fit.join(' '));
});
