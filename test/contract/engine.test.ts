/** onnxruntime-node and its WASM twin: the same models, the same checks, the same numbers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { catalog } from '../../models/catalog/catalog.ts';
import { type Backend, openEngine } from '../../models/onnx/engine.ts';
import { loadOnnxNative } from '../../models/onnx/native.ts';
import { probe } from '../../models/onnx/probe.ts';
import { createWasmBackend } from '../../models/onnx/wasm.ts';
import { writeOnnx } from '../../models/onnx/writer.ts';
import { findWeights } from '../../models/catalog/weights.ts';
import { keepLog, wasmFolder, weightFolder } from '../fixtures/models.ts';

const { onnx } = loadOnnxNative([], 1);
assert.ok(onnx, 'onnxruntime-node is a dependency and must load where the tests run');
const backends: Backend[] = [onnx.backend('cpu'), createWasmBackend(wasmFolder, 1)];
const engines = await Promise.all(
  backends.map((it) =>
    openEngine({ backends: [it], weights: findWeights([weightFolder]), probe, log: keepLog() }),
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

for (const { id, input, outputs } of catalog.models)
  test(`${id} opens on both engines as the catalogue describes it, and both answer the same to 1e-4`, async () => {
    const answers = [];
    for (const engine of engines) {
      const session = await engine.open(id);
      answers.push(await session.run(noise(input.dims.reduce((product, it) => product * it, 1)), input.dims));
      await session.close();
    }
    const [native, wasm] = answers;
    for (const { name, dims } of outputs) {
      const one = native?.[name];
      const other = wasm?.[name];
      assert.ok(one && other);
      assert.equal(
        one.length,
        dims.reduce((product, it) => product * it, 1),
      );
      assert.equal(other.length, one.length);
      assert.ok(one.some((it) => it !== 0));
      const furthest = one.reduce((max, it, i) => Math.max(max, Math.abs(it - other[i]!)), 0);
      assert.ok(furthest < 1e-4, `${name} differs by ${furthest}`);
    }
  });

const shape = (dims: readonly number[], output = 'y', outputDims: readonly number[] = [1, 2]) => ({
  id: 'made',
  input: { name: 'x', type: 'float32' as const, dims: [...dims] },
  outputs: [{ name: output, type: 'float32' as const, dims: [...outputDims] }],
});

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
      const { y } = await session.run(Float32Array.of(1, 2, 3, 4), [2, 2]);
      assert.deepEqual(
        [...y!],
        [1, 2, 3, 4].map((it) => it * (n + 1)),
      );
    }
    for (const session of sessions) await session.close();
  });
}
