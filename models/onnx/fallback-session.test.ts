import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Log } from '../../core/ports/log.ts';
import type { Session } from '../../core/ports/vision.ts';
import { createFallbackSession, isOutOfMemory } from './fallback-session.ts';

const OUT_OF_MEMORY = new Error('Non-zero status code … CUDA failure 2: out of memory ; GPU=0');

/** Doubles each number; `fits` rows at once, then it says what a full card says. */
function card(fits: number, error: Error = OUT_OF_MEMORY): Session & { batches: number[]; closed: boolean } {
  const batches: number[] = [];
  const session = {
    batches,
    closed: false,
    run: async (input: Float32Array, dims: readonly number[]) => {
      batches.push(dims[0]!);
      if (dims[0]! > fits) throw error;
      return {
        doubled: input.map((it) => it * 2),
        first: Float32Array.from({ length: dims[0]! }, (_, n) => input[n * 2]!),
      };
    },
    close: async () => {
      session.closed = true;
    },
  };
  return session;
}

const silent: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
const input = Float32Array.from({ length: 16 }, (_, n) => n);
const answer = { doubled: input.map((it) => it * 2), first: Float32Array.of(0, 2, 4, 6, 8, 10, 12, 14) };

function withFallback(first: Session, ...others: Session[]): { session: Session; said: string[] } {
  const said: string[] = [];
  let n = 0;
  return {
    said,
    session: createFallbackSession({
      session: first,
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
  assert.deepEqual(await session.run(input, [8, 2]), answer);
  assert.deepEqual(gpu.batches, [8, 4, 2, 2, 2, 2]);
  gpu.batches.length = 0;
  assert.deepEqual(await session.run(input, [8, 2]), answer);
  assert.deepEqual(gpu.batches, [2, 2, 2, 2]);
  assert.deepEqual(said, [
    'native cuda: 8 at once do not fit into memory; going on with 4.',
    'native cuda: 4 at once do not fit into memory; going on with 2.',
  ]);
});

test('what does not fit even alone goes to the processor, whole again, and stays there', async () => {
  const [gpu, cpu] = [card(0), card(100)];
  const { session, said } = withFallback(gpu, cpu);
  assert.deepEqual(await session.run(input, [8, 2]), answer);
  assert.equal(gpu.closed, true);
  const asked = gpu.batches.length;
  assert.deepEqual(await session.run(input, [8, 2]), answer);
  assert.equal(gpu.batches.length, asked);
  assert.equal(cpu.batches.at(-1), 8);
  assert.match(said.at(-1) ?? '', /^native cuda failed \(.*out of memory.*\); going on with backend 1\.$/);
});

test('a device that is lost in the middle of the work is left at once', async () => {
  const [gpu, second, cpu] = [card(0, new Error('device lost')), card(0, new Error('no')), card(100)];
  const { session } = withFallback(gpu, second, cpu);
  assert.deepEqual(await session.run(input, [8, 2]), answer);
  assert.deepEqual([gpu.batches, second.batches, cpu.batches], [[8], [8], [8]]);
});

test('several calls that fail together move on together', async () => {
  const [gpu, cpu] = [card(0, new Error('device lost')), card(100)];
  const { session, said } = withFallback(gpu, cpu);
  assert.deepEqual(await Promise.all([session.run(input, [8, 2]), session.run(input, [8, 2])]), [
    answer,
    answer,
  ]);
  assert.equal(said.length, 1);
});

test('an input that no backend would take does not cost the engine its provider', async () => {
  const [gpu, cpu] = [card(0, new Error('Got invalid dimensions for input: x')), card(100)];
  await assert.rejects(withFallback(gpu, cpu).session.run(input, [8, 2]), /invalid dimensions/);
  assert.deepEqual(cpu.batches, []);
});

test('the last backend has the last word', async () => {
  const { session } = withFallback(card(0, new Error('device lost')), card(0, new Error('broken')));
  await assert.rejects(session.run(input, [8, 2]), /broken/);
});

test('no batch is larger than the cap on memory', async () => {
  const gpu = card(100);
  const session = createFallbackSession({
    session: gpu,
    name: 'x',
    openNext: async () => null,
    maxInputBytes: 24,
    log: silent,
  });
  assert.deepEqual(await session.run(input, [8, 2]), answer);
  assert.deepEqual(gpu.batches, [3, 3, 2]);
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
