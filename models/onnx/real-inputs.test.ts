import assert from 'node:assert/strict';
import { test } from 'node:test';
import { float32 } from '../../core/tensor.ts';
import { loadOnnxNative } from './native.ts';
import { field, integerField, readFields, text } from './protobuf.ts';
import { withRealInputs } from './real-inputs.ts';
import { createWasmBackend } from './wasm.ts';
import { writeOnnx } from './writer.ts';
import { wasmFolder } from '../../test/fixtures/models.ts';

/** y = x · w, whose file also lists the weight, what a node makes, and what nobody reads, among its inputs. */
const listed = writeOnnx({
  nodes: [
    { operator: 'Identity', inputs: ['w'], outputs: ['same'] },
    { operator: 'MatMul', inputs: ['x', 'same'], outputs: ['y'] },
  ],
  initializers: [{ name: 'w', dims: [2, 2], data: Float32Array.of(1, 2, 3, 4) }],
  inputs: [
    { name: 'x', dims: [1, 2] },
    { name: 'w', dims: [2, 2] },
    { name: 'unread', dims: [7] },
  ],
  outputs: [{ name: 'y', dims: [1, 2] }],
});

const { onnx } = loadOnnxNative([], 1);
const backends = [...(onnx === null ? [] : [onnx.backend('cpu')]), createWasmBackend(wasmFolder, 1)];

for (const backend of backends)
  test(`a model that lists weights among its inputs asks for its real input alone on ${backend.engine}`, async () => {
    const session = await backend.create(withRealInputs(listed));
    assert.deepEqual(
      session.inputs.map(({ name }) => name),
      ['x'],
    );
    const { y } = await session.run({ x: float32(Float32Array.of(1, 1), [1, 2]) });
    assert.deepEqual(Array.from(y!.data, Number), [4, 6]);
    await session.close();
  });

test('all other bytes stay, and a model without such inputs stays as it is', () => {
  const once = withRealInputs(listed);
  assert.ok(once.length < listed.length);
  assert.deepEqual(withRealInputs(once), once);
});

for (const [what, bytes, expected] of [
  ['nothing', new Uint8Array(0), /it holds no graph/],
  ['a web page', text('<!doctype html><title>Not found</title>'), /./],
  ['a cut file', listed.subarray(0, listed.length >> 1), /breaks off, or is no protobuf/],
  [
    'a length of petabytes',
    Uint8Array.of(0x3a, 255, 255, 255, 255, 255, 255, 127),
    /breaks off, or is no protobuf/,
  ],
  ['a number that does not end', new Uint8Array(64).fill(255), /breaks off, or is no protobuf/],
  ['groups, which ONNX does not use', Uint8Array.of(0x3b), /breaks off, or is no protobuf/],
  ['a graph that is no message', field(7, text('graph?')), /./],
  ['another message', integerField(1, 8), /it holds no graph/],
] as const)
  test(`${what} is refused`, () => {
    assert.throws(() => withRealInputs(bytes), { name: 'RangeError', message: expected });
  });

test('any byte of a model may be wrong: it is read or refused, in bounded time', () => {
  for (let at = 0; at < listed.length; at++)
    for (const wrong of [0, 1, 127, 128, 255]) {
      const bytes = Uint8Array.from(listed);
      bytes[at] = wrong;
      try {
        assert.ok([...readFields(withRealInputs(bytes))].length > 0);
      } catch (error) {
        assert.ok(error instanceof RangeError, String(error));
      }
    }
});
