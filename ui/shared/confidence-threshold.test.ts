import assert from 'node:assert/strict';
import { test } from 'node:test';
import { thresholdFrom } from './confidence-threshold.ts';

test('what stands in the field is a bar at any moment of typing', () => {
  assert.deepEqual(
    ['', '9', '95', '950', '0', '-3', '72.6', 'x'].map(thresholdFrom),
    [90, 9, 95, 99, 1, 1, 73, 90],
  );
});
