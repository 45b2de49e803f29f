import assert from 'node:assert/strict';
import { test } from 'node:test';
import { calibration, wilson } from './statistics.ts';

test("Wilson's interval is that of the textbook, also where nothing or everything succeeded", () => {
  assert.deepEqual(rounded(26, 48), [0.403, 0.674]);
  assert.deepEqual(rounded(0, 10), [0, 0.278]);
  assert.deepEqual(rounded(10, 10), [0.722, 1]);
  assert.deepEqual(wilson(0, 0), { share: 0, low: 0, high: 1 });
});

test('names said with 95 % of which half are right are badly calibrated', () => {
  const { bins, error } = calibration([
    { confidence: 0.95, right: true },
    { confidence: 0.95, right: false },
  ]);
  assert.deepEqual(
    bins.filter((it) => it.n > 0).map(({ n, right }) => ({ n, right })),
    [{ n: 2, right: 0.5 }],
  );
  assert.ok(Math.abs(error - 0.45) < 1e-9);
});

function rounded(successes: number, trials: number): number[] {
  const { low, high } = wilson(successes, trials);
  return [low, high].map((it) => Math.round(it * 1000) / 1000);
}
