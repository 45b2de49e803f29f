import type { Embedding } from '../../core/faces/face.ts';
import { createPauses } from '../../core/pauses.ts';
import type { QuantizedVectors } from '../../core/ports/vision.ts';

export type RoundedProbe = {
  readonly probe: Embedding;
  readonly components: Int8Array;
  /** Component `i` of the probe is about `components[i] * scale`. */
  readonly scale: number;
  /** Of the rounded probe, at the scale of the probe. */
  readonly length: number;
  /** Of the difference of the two. */
  readonly errorLength: number;
};

/** Rounds the components to integers of `-largest`…`largest`. */
export function roundProbe(probe: Embedding, largest: number): RoundedProbe {
  let most = 0;
  for (let i = 0; i < probe.length; i++) most = Math.max(most, Math.abs(probe[i]!));
  const scale = most / largest;
  const components = new Int8Array(probe.length);
  let squares = 0;
  let errorSquares = 0;
  for (let i = 0; i < probe.length; i++) {
    // Of a probe of zeros NaN, which becomes 0.
    components[i] = Math.round(probe[i]! / scale);
    const rounded = components[i]! * scale;
    squares += rounded ** 2;
    errorSquares += (probe[i]! - rounded) ** 2;
  }
  return { probe, components, scale, length: Math.sqrt(squares), errorLength: Math.sqrt(errorSquares) };
}

/** The rows of a pack are about as long as 1, so the real lengths are taken. */
export async function longestRowOf({ dimensions, size, values, scales }: QuantizedVectors): Promise<number> {
  const pause = createPauses();
  let longest = 0;
  for (let row = 0; row < size; row++) {
    let squares = 0;
    for (let i = row * dimensions; i < (row + 1) * dimensions; i++) squares += values[i]! ** 2;
    longest = Math.max(longest, Math.sqrt(squares) * scales[row]!);
    if (row % 64 === 63) await pause(64);
  }
  return longest;
}
