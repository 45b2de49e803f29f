import type { Embedding } from './face.ts';

/** Null for a vector with no direction (all zero, or not finite). */
export function toUnit(values: Float32Array): Embedding | null {
  const length = lengthOf(values);
  if (!Number.isFinite(length) || length < 1e-9) return null;
  const unit = new Float32Array(values.length);
  for (let i = 0; i < values.length; i++) unit[i] = values[i]! / length;
  return unit as Embedding;
}

export function lengthOf(values: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
}

/** Cosine of two unit vectors of one pack, -1…1. */
export function similarity(a: Embedding, b: Embedding): number {
  return dotAt(a, 0, b, 0, a.length);
}

/** Dot product of `length` numbers from each offset; four sums at once, which V8 keeps in registers. */
export function dotAt(
  a: Float32Array,
  oneOffset: number,
  b: Float32Array,
  otherOffset: number,
  length: number,
): number {
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  const end = length - (length % 4);
  for (let i = 0; i < end; i += 4) {
    s0 += a[oneOffset + i]! * b[otherOffset + i]!;
    s1 += a[oneOffset + i + 1]! * b[otherOffset + i + 1]!;
    s2 += a[oneOffset + i + 2]! * b[otherOffset + i + 2]!;
    s3 += a[oneOffset + i + 3]! * b[otherOffset + i + 3]!;
  }
  for (let i = end; i < length; i++) s0 += a[oneOffset + i]! * b[otherOffset + i]!;
  return s0 + s1 + (s2 + s3);
}

/** Weighted mean on the sphere; weights below 0 count as 0. Null when nothing is left. */
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
