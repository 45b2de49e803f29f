/** onnxruntime-node and its WASM twin: the same models, the same checks, the same numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { elementCount, float32, type Tensors } from '../../core/tensor.ts';
import { catalog, packagedModels } from '../../models/catalog/catalog.ts';
import { type Backend, openEngine } from '../../models/onnx/engine.ts';
import { loadOnnxNative } from '../../models/onnx/native.ts';
import { probe } from '../../models/onnx/probe.ts';
import { createWasmBackend } from '../../models/onnx/wasm.ts';
import { DATA_TYPES, writeOnnx } from '../../models/onnx/writer.ts';
import { findWeights } from '../../models/catalog/weights.ts';
import { patternOf } from '../../tasks/setup/self-test.ts';
import { keepLog, wasmFolder, weightFolder } from '../fixtures/models.ts';
import { packInUse } from '../../tasks/compose/pack-in-use.ts';

const { onnx } = loadOnnxNative([], 1);
assert.ok(onnx, 'onnxruntime-node is a dependency and must load where the tests run');
const backends: Backend[] = [onnx.backend('cpu'), createWasmBackend(wasmFolder, 1)];
const engines = await Promise.all(
  backends.map((it) =>
    openEngine({
      backends: [it],
      models: catalog.models,
      weights: findWeights([weightFolder], packInUse),
      probe,
      log: keepLog(),
    }),
  ),
);

/** The same numbers every time, in the range of a normalised picture. */
function noise(length: number): Float32Array {
  let seed = 1;
  return Float32Array.from({ length }, () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return (seed / 2 ** 32) * 2 - 1;
  });
}

for (const { id, inputs, outputs } of packagedModels(catalog))
  test(`${id} opens on both engines as the catalogue describes it, and both answer the same to 1e-4`, async () => {
    const answers = [];
    for (const engine of engines) {
      const session = await engine.open(id);
      const feeds = inputs.map(({ name, type, dims }) => {
        const numbers = patternOf(type, dims);
        return [name, type === 'float32' ? float32(noise(elementCount(dims)), dims) : numbers] as const;
      });
      answers.push(await session.run(Object.fromEntries(feeds)));
      await session.close();
    }
    const [native, wasm] = answers;
    for (const { name, dims } of outputs) {
      assert.deepEqual(native?.[name]?.dims, dims);
      assert.deepEqual(wasm?.[name]?.dims, dims);
      const one = Array.from(native?.[name]?.data ?? [], Number);
      const other = Array.from(wasm?.[name]?.data ?? [], Number);
      assert.equal(one.length, elementCount(dims));
      assert.equal(other.length, one.length);
      assert.ok(one.some((it) => it !== 0));
      const furthest = one.reduce((max, it, i) => Math.max(max, Math.abs(it - other[i]!)), 0);
      assert.ok(furthest < 1e-4, `${name} differs by ${furthest}`);
    }
  });

const shape = (dims: readonly number[], output = 'y', outputDims: readonly number[] = [1, 2]) => ({
  id: 'made',
  inputs: [{ name: 'x', type: 'float32' as const, dims: [...dims] }],
  outputs: [{ name: output, type: 'float32' as const, dims: [...outputDims] }],
});

/** Each output is the sum of all four inputs in its own type: all fit into 8 bits. */
const MIXED = ['float32', 'int64', 'uint8', 'float16'] as const;
const mixed = writeOnnx({
  nodes: [
    ...MIXED.map((type) => ({
      operator: 'Cast',
      inputs: [`${type} in`],
      outputs: [`${type} as float`],
      attributes: { to: DATA_TYPES.float32 },
    })),
    { operator: 'Sum', inputs: MIXED.map((type) => `${type} as float`), outputs: ['sum'] },
    ...MIXED.map((type) => ({
      operator: 'Cast',
      inputs: ['sum'],
      outputs: [`${type} out`],
      attributes: { to: DATA_TYPES[type] },
    })),
  ],
  initializers: [],
  inputs: MIXED.map((type) => ({ name: `${type} in`, type, dims: [null, 2] })),
  outputs: MIXED.map((type) => ({ name: `${type} out`, type, dims: [null, 2] })),
});
const mixedShape = (change: { readonly [Name in string]?: (typeof MIXED)[number] } = {}) => {
  const declared = (side: string) =>
    MIXED.map((type) => ({
      name: `${type} ${side}`,
      type: change[`${type} ${side}`] ?? type,
      dims: [-1, 2],
    }));
  return { id: 'mixed', inputs: declared('in'), outputs: declared('out') };
};

/** 1.5, 2, 0.5 and 4 as IEEE halves. */
const HALVES = Uint16Array.of(0x3e00, 0x4000, 0x3800, 0x4400);
const mixedInputs: Tensors = {
  'float32 in': float32(Float32Array.of(0.5, 1, 1.5, 2), [2, 2]),
  'int64 in': { type: 'int64', data: BigInt64Array.of(1n, 2n, 3n, 4n), dims: [2, 2] },
  'uint8 in': { type: 'uint8', data: Uint8Array.of(5, 6, 7, 200), dims: [2, 2] },
  'float16 in': { type: 'float16', data: HALVES, dims: [2, 2] },
};
const mixedAnswer: Tensors = {
  'float32 out': float32(Float32Array.of(8, 11, 12, 210), [2, 2]),
  'int64 out': { type: 'int64', data: BigInt64Array.of(8n, 11n, 12n, 210n), dims: [2, 2] },
  'uint8 out': { type: 'uint8', data: Uint8Array.of(8, 11, 12, 210), dims: [2, 2] },
  'float16 out': { type: 'float16', data: Uint16Array.of(0x4800, 0x4980, 0x4a00, 0x5a90), dims: [2, 2] },
};

/** y = x · factor, any number of rows. */
const scaling = (factor: number): Uint8Array =>
  writeOnnx({
    nodes: [{ operator: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
    initializers: [{ name: 'w', dims: [2, 2], data: Float32Array.of(factor, 0, 0, factor) }],
    inputs: [{ name: 'x', dims: [null, 2] }],
    outputs: [{ name: 'y', dims: [null, 2] }],
  });

for (const [i, engine] of engines.entries()) {
  const name = backends[i]!.engine;

  test(`${name} says which engine it is`, () => {
    assert.equal(engine.name, name);
    assert.equal(engine.provider, name === 'native' ? 'cpu' : 'wasm');
  });

  test(`${name} refuses a model with other inputs or outputs than declared, and says which`, async () => {
    const rows: [ReturnType<typeof shape>, RegExp][] = [
      [shape([1, 3]), /input “x” is float32\[1,2\] and not float32\[1,3\]/],
      [shape([1, 2], 'z'), /it has no output “z”.*it has an output “y” that is not expected/],
      [shape([1, 2], 'y', [1, 2, 1]), /output “y” is float32\[1,2\] and not float32\[1,2,1\]/],
    ];
    for (const [declared, message] of rows)
      await assert.rejects(engine.openModel(probe.bytes, declared), { code: 'model-mismatch', message });
  });

  test(`${name} takes several inputs of every type by name, and answers several outputs of every type`, async () => {
    const session = await engine.openModel(mixed, mixedShape());
    assert.deepEqual(await session.run(mixedInputs), mixedAnswer);
    const { 'uint8 in': _, ...others } = mixedInputs;
    await assert.rejects(session.run(others), /uint8 in/);
    assert.deepEqual(await session.run(mixedInputs), mixedAnswer);
    await session.close();
  });

  test(`${name} refuses a model whose inputs or outputs have other types than declared`, async () => {
    const rows = [
      [mixedShape({ 'int64 in': 'float32' }), /input “int64 in” is int64\[-1,2\] and not float32\[-1,2\]/],
      [
        mixedShape({ 'float16 out': 'uint8' }),
        /output “float16 out” is float16\[-1,2\] and not uint8\[-1,2\]/,
      ],
      [
        { ...mixedShape(), inputs: mixedShape().inputs.slice(1) },
        /it has an input “float32 in” that is not expected/,
      ],
    ] as const;
    for (const [declared, message] of rows)
      await assert.rejects(engine.openModel(mixed, declared), { code: 'model-mismatch', message });
  });

  test(`${name} says in one sentence that a file is no ONNX model`, async () => {
    for (const bytes of [new Uint8Array(0), new Uint8Array(5000).fill(7), probe.bytes.subarray(0, 60)])
      await assert.rejects(engine.openModel(bytes, shape([1, 2])), {
        code: 'model-mismatch',
        message:
          /^The file of the model made is no ONNX model that can be opened \(.+\); install its package again\.$/,
      });
  });

  test(`${name} opens no model that keeps its numbers in another file`, async () => {
    // A file that is there, so that nothing but the rule keeps it from being read.
    const bytes = writeOnnx({
      nodes: [{ operator: 'MatMul', inputs: ['x', 'w'], outputs: ['y'] }],
      initializers: [{ name: 'w', dims: [2, 2], externalFile: 'package.json' }],
      inputs: [{ name: 'x', dims: [1, 2] }],
      outputs: [{ name: 'y', dims: [1, 2] }],
    });
    await assert.rejects(engine.openModel(bytes, shape([1, 2])), { code: 'model-mismatch' });
  });

  test(`${name} keeps several sessions open at once, and each answers for itself`, async () => {
    const sessions = await Promise.all(
      [1, 2, 3].map((it) => engine.openModel(scaling(it), shape([-1, 2], 'y', [-1, 2]))),
    );
    for (const [n, session] of sessions.entries()) {
      const { y } = await session.run({ x: float32(Float32Array.of(1, 2, 3, 4), [2, 2]) });
      assert.deepEqual(
        y,
        float32(
          Float32Array.of(1, 2, 3, 4).map((it) => it * (n + 1)),
          [2, 2],
        ),
      );
    }
    for (const session of sessions) await session.close();
  });
}
