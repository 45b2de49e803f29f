import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dotAt, vectorNorm, meanEmbedding, similarity, toUnit } from './embedding.ts';
import type { Embedding } from './face.ts';

const unit = (...values: number[]): Embedding => {
  const made = toUnit(Float32Array.from(values));
  assert.ok(made);
  return made;
};

test('a unit vector keeps its direction and has length 1', () => {
  const made = unit(3, 4);
  assert.ok(Math.abs(vectorNorm(made) - 1) < 1e-6);
  assert.ok(Math.abs(made[0]! - 0.6) < 1e-6);
});

test('a vector with no direction has no unit', () => {
  assert.equal(toUnit(new Float32Array(4)), null);
  assert.equal(toUnit(Float32Array.of(NaN, 1)), null);
  assert.equal(toUnit(Float32Array.of(Infinity, 1)), null);
});

test('similarity is 1 for the same, 0 for unrelated and -1 for opposite directions', () => {
  assert.ok(Math.abs(similarity(unit(1, 2, 3, 4, 5), unit(2, 4, 6, 8, 10)) - 1) < 1e-6);
  assert.ok(Math.abs(similarity(unit(1, 0), unit(0, 1))) < 1e-6);
  assert.ok(Math.abs(similarity(unit(1, 1), unit(-1, -1)) + 1) < 1e-6);
});

test('a dot product within longer arrays takes exactly its own numbers, of any count', () => {
  const one = Float32Array.of(9, 1, 2, 3, 4, 5, 9);
  const other = Float32Array.of(9, 9, 1, 1, 2, 2, 3, 9);
  assert.equal(dotAt(one, 1, other, 2, 5), 1 + 2 + 6 + 8 + 15);
  assert.equal(dotAt(one, 1, other, 2, 0), 0);
});

test('a mean leans to the heavier member, and weights below zero count for nothing', () => {
  const mean = meanEmbedding([
    { embedding: unit(1, 0), weight: 3 },
    { embedding: unit(0, 1), weight: 1 },
    { embedding: unit(-1, 0), weight: -5 },
  ]);
  assert.ok(mean);
  assert.ok(Math.abs(mean[0]! / mean[1]! - 3) < 1e-5);
  assert.ok(Math.abs(vectorNorm(mean) - 1) < 1e-6);
});

test('nothing, or what cancels out, has no mean', () => {
  assert.equal(meanEmbedding([]), null);
  assert.equal(meanEmbedding([{ embedding: unit(1, 0), weight: 0 }]), null);
  assert.equal(
    meanEmbedding([
      { embedding: unit(1, 0), weight: 1 },
      { embedding: unit(-1, 0), weight: 1 },
    ]),
    null,
  );
});
