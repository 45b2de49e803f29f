import { similarity, toUnit } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import { seeded } from '../../fixtures/random.ts';

const ROUNDS = 20;

/** In which directions from their mean the embeddings differ most (principal components, by orthogonal iteration), the most important first. */
export type Directions = { readonly mean: Float32Array; readonly axes: readonly Float32Array[] };

export function leadingDirections(vectors: readonly Embedding[], count: number): Directions {
  const length = vectors[0]!.length;
  const mean = new Float32Array(length);
  for (const vector of vectors) addTo(mean, vector, 1 / vectors.length);
  const centred = vectors.map((vector) => vector.map((value, i) => value - mean[i]!));
  const random = seeded(3);
  let axes = orthonormal(
    Array.from({ length: count }, () => Float32Array.from({ length }, () => random() - 0.5)),
  );
  for (let round = 0; round < ROUNDS; round++)
    axes = orthonormal(
      axes.map((axis) => {
        const turned = new Float32Array(length);
        for (const vector of centred) addTo(turned, vector, dot(axis, vector));
        return turned;
      }),
    );
  return { mean, axes };
}

/** Where an embedding lies along each direction, 0: where the mean does. */
export function placesOf(vector: Embedding, { mean, axes }: Directions): number[] {
  return axes.map((axis) => dot(axis, vector) - dot(axis, mean));
}

/** Unit vectors near so many centres of the embeddings (spherical k-means). */
export function centresOf(vectors: readonly Embedding[], count: number): Embedding[] {
  let centres = vectors.slice(0, count);
  for (let round = 0; round < ROUNDS; round++) {
    const sums = centres.map((centre) => new Float32Array(centre.length));
    for (const vector of vectors) {
      const values = centres.map((centre) => similarity(centre, vector));
      addTo(sums[values.indexOf(Math.max(...values))]!, vector, 1);
    }
    centres = sums.map((sum, n) => toUnit(sum) ?? centres[n]!);
  }
  return centres;
}

/** Gram and Schmidt. */
function orthonormal(vectors: readonly Float32Array[]): Float32Array[] {
  const axes: Float32Array[] = [];
  for (const vector of vectors) {
    const left = Float32Array.from(vector);
    for (const axis of axes) addTo(left, axis, -dot(axis, left));
    const length = Math.sqrt(dot(left, left));
    axes.push(left.map((value) => value / length));
  }
  return axes;
}

function addTo(sum: Float32Array, vector: Float32Array, times: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += times * vector[i]!;
}

function dot(one: Float32Array, other: Float32Array): number {
  return similarity(one as Embedding, other as Embedding);
}
