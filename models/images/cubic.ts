/** Scaling up with Mitchell's cubic. */
import type { RgbImage } from '../../core/faces/face.ts';
import type { Affine } from '../../core/faces/geometry.ts';

/** Part of `warp`. Outside the picture: `fill`. */
export function sampleCubic(source: RgbImage, toPicture: Affine, raster: RgbImage, fill: number): void {
  const isUpright = toPicture.b === 0 && toPicture.c === 0 && toPicture.a > 0 && toPicture.d > 0;
  (isUpright ? sampleCubicUpright : sampleCubicTurned)(source, toPicture, raster, fill);
}

/** As `sampleCubicTurned` without a rotation: along the rows first, since neighbouring rows of the raster share rows of the picture. */
function sampleCubicUpright(
  { width, height, data }: RgbImage,
  { a, tx, d, ty }: Affine,
  raster: RgbImage,
  fill: number,
): void {
  const { width: toWidth, height: toHeight } = raster;
  const out = clamped(raster).fill(fill);
  const columns = cubicTaps(a, tx, toWidth, width);
  const rows = cubicTaps(d, ty, toHeight, height);
  // A ring of the four rows in use, resampled along the row.
  const lines = Array.from({ length: 4 }, () => ({ y: -1, values: new Float64Array(toWidth * 3) }));
  const lineAt = (y: number): Float64Array => {
    const line = lines[y % 4]!;
    if (line.y !== y) sampleLine(data.subarray(y * width * 3, (y + 1) * width * 3), columns, line.values);
    line.y = y;
    return line.values;
  };
  const firstValue = columns.inside.from * 3;
  const lastValue = columns.inside.to * 3;
  for (let row = rows.inside.from; row < rows.inside.to; row++) {
    const [before, at, after, last] = [0, 1, 2, 3].map((k) => lineAt(rows.places[row * 4 + k]!));
    const [w0, w1, w2, w3] = rows.weights.subarray(row * 4, row * 4 + 4);
    const to = row * toWidth * 3;
    for (let i = firstValue; i < lastValue; i++)
      out[to + i] = before![i]! * w0! + at![i]! * w1! + after![i]! * w2! + last![i]! * w3!;
  }
}

function clamped({ data }: RgbImage): Uint8ClampedArray {
  return new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
}

function sampleLine(data: Uint8Array, { places, weights, inside }: Taps, values: Float64Array): void {
  for (let column = inside.from; column < inside.to; column++) {
    const tap = column * 4;
    const p0 = places[tap]! * 3;
    const p1 = places[tap + 1]! * 3;
    const p2 = places[tap + 2]! * 3;
    const p3 = places[tap + 3]! * 3;
    const w0 = weights[tap]!;
    const w1 = weights[tap + 1]!;
    const w2 = weights[tap + 2]!;
    const w3 = weights[tap + 3]!;
    const to = column * 3;
    values[to] = data[p0]! * w0 + data[p1]! * w1 + data[p2]! * w2 + data[p3]! * w3;
    values[to + 1] = data[p0 + 1]! * w0 + data[p1 + 1]! * w1 + data[p2 + 1]! * w2 + data[p3 + 1]! * w3;
    values[to + 2] = data[p0 + 2]! * w0 + data[p1 + 2]! * w1 + data[p2 + 2]! * w2 + data[p3 + 2]! * w3;
  }
}

/** For each position along one side of a raster the four places along the same side of the picture, and their weights. */
type Taps = {
  readonly places: Int32Array;
  readonly weights: Float32Array;
  /** Positions from `from` to before `to` are within the picture. */
  readonly inside: { readonly from: number; readonly to: number };
};

/** `perStep`, in pixels, is positive: nothing is mirrored. */
function cubicTaps(perStep: number, offset: number, steps: number, size: number): Taps {
  const places = new Int32Array(steps * 4);
  const weights = new Float32Array(steps * 4);
  let from = 0;
  let to = 0;
  for (let step = 0, at = perStep * 0.5 + offset - 0.5; step < steps; step++, at += perStep) {
    if (at <= -1) from = step + 1;
    if (at < size) to = step + 1;
    const before = Math.floor(at);
    mitchell(at - before, weights.subarray(step * 4, step * 4 + 4));
    for (let k = 0; k < 4; k++) places[step * 4 + k] = Math.min(Math.max(before + k - 1, 0), size - 1);
  }
  return { places, weights, inside: { from, to } };
}

function sampleCubicTurned(
  { width, height, data }: RgbImage,
  { a, b, tx, c, d, ty }: Affine,
  raster: RgbImage,
  fill: number,
): void {
  const { width: toWidth, height: toHeight } = raster;
  const out = clamped(raster);
  const across = new Float32Array(4);
  const down = new Float32Array(4);
  for (let row = 0, to = 0; row < toHeight; row++) {
    let x = a * 0.5 + b * (row + 0.5) + tx - 0.5;
    let y = c * 0.5 + d * (row + 0.5) + ty - 0.5;
    for (let column = 0; column < toWidth; column++, to += 3, x += a, y += c) {
      if (x <= -1 || y <= -1 || x >= width || y >= height) {
        out[to] = out[to + 1] = out[to + 2] = fill;
        continue;
      }
      const left = Math.floor(x);
      const top = Math.floor(y);
      mitchell(x - left, across);
      mitchell(y - top, down);
      let red = 0;
      let green = 0;
      let blue = 0;
      for (let j = 0; j < 4; j++) {
        const line = Math.min(Math.max(top + j - 1, 0), height - 1) * width;
        for (let i = 0; i < 4; i++) {
          const from = (line + Math.min(Math.max(left + i - 1, 0), width - 1)) * 3;
          const weight = across[i]! * down[j]!;
          red += data[from]! * weight;
          green += data[from + 1]! * weight;
          blue += data[from + 2]! * weight;
        }
      }
      out[to] = red;
      out[to + 1] = green;
      out[to + 2] = blue;
    }
  }
}

/** Mitchell's cubic (B = C = 1/3): weights of four neighbouring pixels for a position `t` (0…1) after the second one. */
function mitchell(t: number, weights: Float32Array): void {
  const t2 = t * t;
  const t3 = t2 * t;
  weights[0] = (-7 * t3 + 15 * t2 - 9 * t + 1) / 18;
  weights[1] = (21 * t3 - 36 * t2 + 16) / 18;
  weights[2] = (-21 * t3 + 27 * t2 + 9 * t + 1) / 18;
  weights[3] = (7 * t3 - 6 * t2) / 18;
}
