import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { test } from 'node:test';
import { float32, float32Of } from '../../core/tensor.ts';
import { wasmFolder, weightFolder } from '../../test/fixtures/models.ts';
import { createWasmBackend } from './wasm.ts';
import { splitPRelu } from './split-prelu.ts';
import { type Initializer, type Node, writeOnnx } from './writer.ts';

const wasm = createWasmBackend(wasmFolder, 1);
const SLOPE = Float32Array.of(-1.5, 0.25, 1.75);

/** PRelu of a convolution of a picture of 2 x 2 with three channels, which halves it. */
function model({
  slope = { name: 'slope', dims: [3, 1, 1], data: SLOPE },
  kernel = [1, 1],
  before = [],
}: { slope?: Initializer; kernel?: readonly number[]; before?: readonly Node[] } = {}): Uint8Array {
  const halves = Float32Array.of(0.5, 0.5, 0.5);
  return writeOnnx({
    nodes: [
      {
        operator: 'Conv',
        inputs: ['x', 'half'],
        outputs: ['halved'],
        attributes: { group: 3, kernel_shape: kernel },
      },
      ...before,
      { operator: 'PRelu', inputs: [before[0]?.outputs[0] ?? 'halved', slope.name], outputs: ['y'] },
    ],
    initializers: [{ name: 'half', dims: [3, 1, ...kernel.map(() => 1)], data: halves }, slope],
    inputs: [{ name: 'x', dims: [1, 3, ...kernel.map(() => 2)] }],
    outputs: [{ name: 'y', dims: [1, 3, ...kernel.map(() => 2)] }],
  });
}

async function answer(bytes: Uint8Array): Promise<number[]> {
  const session = await wasm.create(bytes);
  const x = float32(
    Float32Array.from({ length: 12 }, (_, i) => i - 6),
    [1, 3, 2, 2],
  );
  const y = float32Of(await session.run({ x }), 'y');
  await session.close();
  return [...y];
}

const has = (bytes: Uint8Array, text: string): boolean => Buffer.from(bytes).includes(text);

test('a PRelu of a convolution is computed from convolutions, with the same numbers', async () => {
  const split = splitPRelu(model());
  assert.ok(!has(split, 'PRelu'));
  const expected = Array.from({ length: 12 }, (_, i) => (i - 6) / 2).map((v, i) =>
    v >= 0 ? v : v * SLOPE[Math.floor(i / 4)]!,
  );
  assert.deepEqual(await answer(model()), expected);
  assert.deepEqual(await answer(split), expected);
});

test('a PRelu that is not known to have channels is left as it is, byte for byte', () => {
  for (const [why, bytes] of Object.entries({
    'one slope for all channels': model({ slope: { name: 'slope', dims: [1], data: Float32Array.of(2) } }),
    'not of a convolution': model({
      before: [{ operator: 'Neg', inputs: ['halved'], outputs: ['negative'] }],
    }),
    'of a convolution along one side': model({ kernel: [1] }),
    'the slope lies in another file': model({ slope: { name: 'slope', dims: [3, 1, 1], externalFile: 'w' } }),
  })) {
    const rewritten = splitPRelu(bytes);
    assert.equal(rewritten, bytes, why);
    assert.ok(has(rewritten, 'PRelu'), why);
  }
});

test('all 33 PRelu of the embedder are rewritten, and only they', async () => {
  const embedder = await readFile(path.join(weightFolder, 'fr_feature.onnx'));
  assert.ok(!has(splitPRelu(embedder), 'PRelu'));
  for (const file of ['fr_detect.onnx', 'fr_landmark.onnx']) {
    const bytes = await readFile(path.join(weightFolder, file));
    assert.equal(splitPRelu(bytes), bytes, file);
  }
});

test('bytes that are no model are a RangeError', () => {
  for (const bytes of [Uint8Array.of(0x0a, 5, 1), Uint8Array.of(0xff), new TextEncoder().encode('<html>')])
    assert.throws(() => splitPRelu(bytes), RangeError);
});
