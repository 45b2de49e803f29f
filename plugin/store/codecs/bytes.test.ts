import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Embedding } from '../../../core/faces/face.ts';
import { createByteWriter, fromVectorBytes, readBytes, toVectorBytes } from './bytes.ts';

test('what was written is read in the same order, however much it is', () => {
  const writer = createByteWriter();
  const long = Uint8Array.from({ length: 5_000 }, (_, i) => i & 0xff);
  for (let i = 1; i < 1_000; i++) {
    writer.u8(i & 0xff);
    writer.u16(i * 60);
    writer.i16(-i);
    writer.u32(i * 4_000_000);
  }
  writer.bytes(long);
  readBytes(writer.done(), (reader) => {
    for (let i = 1; i < 1_000; i++)
      assert.deepEqual(
        [reader.u8(), reader.u16(), reader.i16(), reader.u32()],
        [i & 0xff, i * 60, -i, i * 4_000_000],
      );
    assert.deepEqual(reader.bytes(5_000), long);
  });
});

test('values outside a range become its nearest end', () => {
  const writer = createByteWriter();
  for (const it of [-1, 300]) writer.u8(it);
  for (const it of [-1, 70_000]) writer.u16(it);
  for (const it of [-40_000, 40_000]) writer.i16(it);
  for (const it of [-1, 2 ** 40]) writer.u32(it);
  const read = readBytes(writer.done(), (reader) => [
    [reader.u8(), reader.u8()],
    [reader.u16(), reader.u16()],
    [reader.i16(), reader.i16()],
    [reader.u32(), reader.u32()],
  ]);
  assert.deepEqual(read, [
    [0, 255],
    [0, 65_535],
    [-32_768, 32_767],
    [0, 4_294_967_295],
  ]);
});

test('bytes that end too early or too late are refused', () => {
  assert.throws(() => readBytes(new Uint8Array(3), (reader) => reader.u32()), SyntaxError);
  assert.throws(() => readBytes(new Uint8Array(3), (reader) => reader.bytes(4)), SyntaxError);
  assert.throws(() => readBytes(new Uint8Array(3), (reader) => reader.u16()), SyntaxError);
  assert.throws(() => fromVectorBytes(new Uint8Array(7)), SyntaxError);
});

for (const dimensions of [128, 512])
  test(`similarities of stored vectors of ${dimensions} dimensions are off by less than 1e-4`, () => {
    const vectors = Array.from({ length: 120 }, (_, i) => unitVector(dimensions, i));
    const stored = vectors.map((it) => fromVectorBytes(toVectorBytes(it)));
    let worst = 0;
    for (let i = 0; i < vectors.length; i++)
      for (let j = 0; j <= i; j++)
        worst = Math.max(worst, Math.abs(dot(vectors[i]!, vectors[j]!) - dot(stored[i]!, stored[j]!)));
    assert(worst < 1e-4, `${worst}`);
    assert.equal(toVectorBytes(vectors[0]!).length, dimensions * 2);
  });

test('an empty and a zero vector come back', () => {
  assert.deepEqual([...fromVectorBytes(toVectorBytes(new Float32Array(0) as Embedding))], []);
  assert.deepEqual([...fromVectorBytes(toVectorBytes(new Float32Array(2) as Embedding))], [0, 0]);
});

/** Heavy-tailed, as embeddings are: a few components are many times the others. Every second one is near the one before. */
function unitVector(dimensions: number, seed: number): Embedding {
  const base = seed - (seed % 2);
  const vector = Float32Array.from(
    { length: dimensions },
    (_, i) => componentOf(base, i) + (seed - base) * 0.4 * componentOf(seed, i),
  );
  const length = Math.hypot(...vector);
  return vector.map((it) => it / length) as Embedding;
}

function componentOf(seed: number, i: number): number {
  const it = Math.sin((seed + 1) * 12.9898 + i * 78.233) * 43_758.5453;
  return (it - Math.floor(it) - 0.5) ** 3;
}

function dot(a: Embedding, b: Embedding): number {
  return a.reduce((sum, it, i) => sum + it * b[i]!, 0);
}
