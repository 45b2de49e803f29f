import type { Embedding } from './face.ts';

/** @returns null for a vector without direction (all zero, or not finite) */
export function toUnit(values: Float32Array): Embedding | null {
  const length = vectorNorm(values);
  if (!Number.isFinite(length) || length < 1e-9) return null;
  const unit = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) unit[i] = values[i]! / length;
  return unit as Embedding;
}

export function vectorNorm(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

/** Cosine similarity of two unit vectors of one face pack, -1…1. */
export function similarity(a: Embedding, b: Embedding): number {
  return dotAt(a, 0, b, 0, a.length);
}

/** Dot product of `length` numbers from each offset; four partial sums, which V8 holds in registers. */
export function dotAt(
  a: Float32Array,
  aOffset: number,
  b: Float32Array,
  bOffset: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = length - (length % 4);
  for (let i = 0; i < end; i += 4) {
    s0 += a[aOffset + i]! * b[bOffset + i]!;
    s1 += a[aOffset + i + 1]! * b[bOffset + i + 1]!;
    s2 += a[aOffset + i + 2]! * b[bOffset + i + 2]!;
    s3 += a[aOffset + i + 3]! * b[bOffset + i + 3]!;
  }
  for (let i = end; i < length; i++) s0 += a[aOffset + i]! * b[bOffset + i]!;
  return s0 + s1 + (s2 + s3);
}

/** Weighted mean, scaled to unit length; weights below 0 count as 0. @returns null when no weight is positive */
export function meanEmbedding(
  members: readonly { readonly embedding: Embedding; readonly weight: number }[],
): Embedding | null {
  const first = members[0];
  if (!first) return null;
  const sum = new Float32Array(first.embedding.length);
  for (const { embedding, weight } of members)
    if (weight > 0) for (let i = 0; i < sum.length; i++) sum[i]! += embedding[i]! * weight;
  return toUnit(sum);
}
