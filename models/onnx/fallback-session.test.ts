import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../core/ports/log.ts';
import { float32, float32Of, type Tensors } from '../../core/tensor.ts';
import type { Session } from '../../core/ports/vision.ts';
import { createFallbackSession, isOutOfMemory } from './fallback-session.ts';

const OUT_OF_MEMORY = new Error('Non-zero status code … CUDA failure 2: out of memory ; GPU=0');

/** Doubles each number; `fits` rows at once, then it says what a full card says. */
function card(fits: number, error: Error = OUT_OF_MEMORY): Session & { batches: number[]; closed: boolean } {
  const batches: number[] = [];
  const session = {
    batches,
    closed: false,
    run: async (inputs: Tensors) => {
      const { dims } = inputs['x']!;
      const numbers = float32Of(inputs, 'x');
      batches.push(dims[0]!);
      if (dims[0]! > fits) throw error;
      return {
        doubled: float32(
          numbers.map((it) => it * 2),
          dims,
        ),
        first: float32(
          Float32Array.from({ length: dims[0]! }, (_, n) => numbers[n * 2]!),
          [dims[0]!],
        ),
      };
    },
    close: async () => {
      session.closed = true;
    },
  };
  return session;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const numbers = Float32Array.from({ length: 16 }, (_, n) => n);
const input = { x: float32(numbers, [8, 2]) };
const answer = {
  doubled: float32(
    numbers.map((it) => it * 2),
    [8, 2],
  ),
  first: float32(Float32Array.of(0, 2, 4, 6, 8, 10, 12, 14), [8]),
};
const shape = {
  inputs: [{ name: 'x', type: 'float32', dims: [-1, 2] }],
  outputs: [
    { name: 'doubled', type: 'float32', dims: [-1, 2] },
    { name: 'first', type: 'float32', dims: [-1] },
  ],
};

function withFallback(first: Session, ...others: Session[]): { session: Session; said: string[] } {
  const said: string[] = [];
  let n = 0;
  return {
    said,
    session: createFallbackSession({
      session: first,
      shape,
      name: 'native cuda',
      openNext: async () => {
        const session = others.shift();
        return session ? { session, name: `backend ${++n}` } : null;
      },
      log: { ...silent, warn: (it) => said.push(it) },
    }),
  };
}

test('a batch that does not fit is halved until it does, and later batches stay that small', async () => {
  const gpu = card(3);
  const { session, said } = withFallback(gpu);
  assert.deepEqual(await session.run(input), answer);
  assert.deepEqual(gpu.batches, [8, 4, 2, 2, 2, 2]);
  gpu.batches.length = 0;
  assert.deepEqual(await session.run(input), answer);
  assert.deepEqual(gpu.batches, [2, 2, 2, 2]);
  assert.deepEqual(said, [
    'native cuda: 8 at once do not fit into memory; going on with 4.',
    'native cuda: 4 at once do not fit into memory; going on with 2.',
  ]);
});

test('what does not fit even alone goes to the processor, whole again, and stays there', async () => {
  const [gpu, cpu] = [card(0), card(100)];
  const { session, said } = withFallback(gpu, cpu);
  assert.deepEqual(await session.run(input), answer);
  assert.equal(gpu.closed, true);
  const asked = gpu.batches.length;
  assert.deepEqual(await session.run(input), answer);
  assert.equal(gpu.batches.length, asked);
  assert.equal(cpu.batches.at(-1), 8);
  assert.match(said.at(-1) ?? '', /^native cuda failed \(.*out of memory.*\); going on with backend 1\.$/);
});

test('a device that is lost in the middle of the work is left at once', async () => {
  const [gpu, second, cpu] = [card(0, new Error('device lost')), card(0, new Error('no')), card(100)];
  const { session } = withFallback(gpu, second, cpu);
  assert.deepEqual(await session.run(input), answer);
  assert.deepEqual([gpu.batches, second.batches, cpu.batches], [[8], [8], [8]]);
});

test('several calls that fail together move on together', async () => {
  const [gpu, cpu] = [card(0, new Error('device lost')), card(100)];
  const { session, said } = withFallback(gpu, cpu);
  assert.deepEqual(await Promise.all([session.run(input), session.run(input)]), [answer, answer]);
  assert.equal(said.length, 1);
});

test('an input that no backend would take does not cost the engine its provider', async () => {
  const [gpu, cpu] = [card(0, new Error('Got invalid dimensions for input: x')), card(100)];
  await assert.rejects(withFallback(gpu, cpu).session.run(input), /invalid dimensions/);
  assert.deepEqual(cpu.batches, []);
});

test('the last backend has the last word', async () => {
  const { session } = withFallback(card(0, new Error('device lost')), card(0, new Error('broken')));
  await assert.rejects(session.run(input), /broken/);
});

test('no batch is larger than the cap on memory', async () => {
  const gpu = card(100);
  const session = createFallbackSession({
    session: gpu,
    shape,
    name: 'x',
    openNext: async () => null,
    maxInputBytes: 24,
    log: silent,
  });
  assert.deepEqual(await session.run(input), answer);
  assert.deepEqual(gpu.batches, [3, 3, 2]);
});

/** Two inputs of several types with rows, and one without; `fits` rows at once. */
function mixedCard(fits: number): Session & { batches: number[] } {
  const batches: number[] = [];
  return {
    batches,
    run: async ({ ids, mask, offset }) => {
      assert.ok(ids?.type === 'int64' && mask?.type === 'uint8' && offset?.type === 'int64');
      const [rows = 0, width = 0] = ids.dims;
      assert.deepEqual([mask.dims, offset.dims], [[rows, width], [1]]);
      batches.push(rows);
      if (rows > fits) throw OUT_OF_MEMORY;
      const sums = BigInt64Array.from(ids.data, (it, n) => (mask.data[n] === 1 ? it + offset.data[0]! : 0n));
      return {
        sums: { type: 'int64', data: sums, dims: ids.dims },
        bits: { type: 'float16', data: Uint16Array.from(ids.data.subarray(0, rows), Number), dims: [rows] },
      };
    },
    close: async () => undefined,
  };
}

const mixed: Tensors = {
  ids: { type: 'int64', data: BigInt64Array.of(1n, 2n, 3n, 4n, 5n, 6n), dims: [3, 2] },
  mask: { type: 'uint8', data: Uint8Array.of(1, 1, 0, 1, 1, 0), dims: [3, 2] },
  offset: { type: 'int64', data: BigInt64Array.of(10n), dims: [1] },
};
const mixedShape = {
  inputs: [
    { name: 'ids', type: 'int64', dims: [-1, 2] },
    { name: 'mask', type: 'uint8', dims: [-1, 2] },
    { name: 'offset', type: 'int64', dims: [1] },
  ],
  outputs: [
    { name: 'sums', type: 'int64', dims: [-1, 2] },
    { name: 'bits', type: 'float16', dims: [-1] },
  ],
};
const mixedSession = (session: Session, change: Partial<typeof mixedShape> = {}): Session =>
  createFallbackSession({
    session,
    shape: { ...mixedShape, ...change },
    name: 'x',
    openNext: async () => null,
    log: silent,
  });

test('inputs with rows are divided together, one without goes with each piece, and every type is put together', async () => {
  const gpu = mixedCard(1);
  const { sums, bits } = await mixedSession(gpu).run(mixed);
  assert.deepEqual(gpu.batches, [3, 2, 1, 1, 1]);
  assert.deepEqual(sums, {
    type: 'int64',
    data: BigInt64Array.of(11n, 12n, 0n, 14n, 15n, 0n),
    dims: [3, 2],
  });
  assert.deepEqual(bits, { type: 'float16', data: Uint16Array.of(1, 3, 5), dims: [3] });
});

test('a batch is not divided where an output has no rows, or the inputs have not as many', async () => {
  const gpu = mixedCard(1);
  const oneAnswer = { outputs: [{ name: 'sums', type: 'int64', dims: [2] }] };
  await assert.rejects(mixedSession(gpu, oneAnswer).run(mixed), /out of memory/);
  const rowsOfTwoKinds = {
    inputs: [...mixedShape.inputs.slice(0, 2), { name: 'offset', type: 'int64', dims: [-1] }],
  };
  await assert.rejects(mixedSession(gpu, rowsOfTwoKinds).run(mixed), /out of memory/);
  assert.deepEqual(gpu.batches, [3, 3]);
});

for (const [message, expected] of [
  ['CUDA failure 2: out of memory', true],
  ['CUDA_ERROR_OUT_OF_MEMORY', true],
  ['Failed to allocate memory for requested buffer of size 1', true],
  ['887A0005 / 8007000E Not enough memory resources', true],
  ['VK_ERROR_OUT_OF_DEVICE_MEMORY', true],
  ['std::bad_alloc', true],
  ['Got invalid dimensions for input', false],
] as const)
  test(`"${message}" is ${expected ? '' : 'not '}a lack of memory`, () => {
    assert.equal(isOutOfMemory(new Error(message)), expected);
  });
