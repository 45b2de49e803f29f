import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float32 } from '../../core/tensor.ts';
import { pattern, patternOf, sample, selfTest } from './self-test.ts';
import { inEnglish } from '../../core/messages/english.ts';

const GOLDEN = [0.2674, 0.6871, 0.43384, 0.47408, 0.40593, 0.3614, 0.64299, 0.69594];
const MODELS = [
  {
    id: 'fr-landmark',
    inputs: [{ name: 'input', type: 'float32', dims: [1, 1, 64, 64] }],
    golden: { output: 'output', values: GOLDEN },
  },
];

test('a model that answers as it is known to passes, one that does not fails by name', async () => {
  assert.equal((await selfTest(engine(GOLDEN), MODELS)).ok, true);
  assert.equal((await selfTest(engine(GOLDEN.map((it) => it + 1e-3)), MODELS)).ok, true);
  for (const wrong of [GOLDEN.map((it) => it + 0.05), GOLDEN.map(() => NaN), []]) {
    const { ok, message } = await selfTest(engine(wrong), MODELS);
    assert.equal(ok, false);
    assert.match(inEnglish(message), /fr-landmark answered other numbers/);
  }
});

test('the pattern is the same on every machine, and no value of it is out of range', () => {
  const values = pattern([1, 3, 112, 112]);
  assert.equal(values.length, 3 * 112 * 112);
  assert.ok(values.every((it) => Math.abs(it) <= 1));
  assert.deepEqual(sample(Float32Array.from([0, 1, 2, 3, 4, 5, 6, 7]), 4), [1, 3, 5, 7]);
});

test('every type of input has a pattern, one row where the caller chooses how many', () => {
  for (const type of ['float32', 'int64', 'uint8', 'float16']) {
    const tensor = patternOf(type, [-1, 3, 5]);
    assert.deepEqual([tensor.type, tensor.dims, tensor.data.length], [type, [1, 3, 5], 15]);
    assert.ok(new Set<number | bigint>(tensor.data).size > 10, `${type} varies`);
  }
  assert.throws(() => patternOf('string', [1]), /no pattern of the type string/);
});

function engine(values: number[]) {
  return {
    name: 'native' as const,
    provider: 'cpu',
    open: () =>
      Promise.resolve({
        run: () => Promise.resolve({ output: float32(Float32Array.from(values), [1, values.length]) }),
        close: () => Promise.resolve(),
      }),
  };
}
