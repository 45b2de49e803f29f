import assert from 'node:assert/strict';
import { test } from 'node:test';
import { pattern, sample, selfTest } from './self-test.ts';

const MODELS = [{ id: 'fr-landmark', dims: [1, 1, 64, 64] }];
const GOLDEN = [0.2674, 0.6871, 0.43384, 0.47408, 0.40593, 0.3614, 0.64299, 0.69594];

test('a model that answers as it is known to passes, one that does not fails by name', async () => {
  assert.equal((await selfTest(engine(GOLDEN), MODELS)).ok, true);
  assert.equal((await selfTest(engine(GOLDEN.map((it) => it + 1e-3)), MODELS)).ok, true);
  for (const wrong of [GOLDEN.map((it) => it + 0.05), GOLDEN.map(() => NaN), []]) {
    const { ok, message } = await selfTest(engine(wrong), MODELS);
    assert.equal(ok, false);
    assert.match(message, /fr-landmark answered other numbers/);
  }
});

test('the pattern is the same on every machine, and no value of it is out of range', () => {
  const values = pattern([1, 3, 112, 112]);
  assert.equal(values.length, 3 * 112 * 112);
  assert.ok(values.every((it) => Math.abs(it) <= 1));
  assert.deepEqual(sample(Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]), 4), [1, 3, 5, 7]);
});

function engine(values: number[]) {
  return {
    name: 'native' as const,
    provider: 'cpu',
    open: () =>
      Promise.resolve({
        run: () => Promise.resolve({ output: Float32Array.from(values) }),
        close: () => Promise.resolve(),
      }),
  };
}
