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
  const columns = cubicTaps(a, tx, toWidth, width, 3);
  const rows = cubicTaps(d, ty, toHeight, height, 1);
  // A ring of the four rows in use, resampled along the row.
  const lines = Array.from({ length: 4 }, () => ({ y: -1, values: new Float64Array(toWidth * 3) }));
  // Of the row only what the columns use: of a large picture that is little of it.
  const first = columns.places[columns.inside.from * 4] ?? 0;
  const end = (columns.places[columns.inside.to * 4 - 1] ?? 0) + 3;
  const pixels = new Float64Array(Math.max(0, end - first));
  const lineAt = (y: number): Float64Array => {
    const line = lines[y % 4]!;
    if (line.y !== y) {
      pixels.set(data.subarray(y * width * 3 + first, y * width * 3 + end));
      sampleLine(pixels, first, columns, line.values);
    }
    line.y = y;
    return line.values;
  };
  const firstValue = columns.inside.from * 3;
  const lastValue = columns.inside.to * 3;
  for (let row = rows.inside.from; row < rows.inside.to; row++) {
    const tap = row * 4;
    const before = lineAt(rows.places[tap]!);
    const at = lineAt(rows.places[tap + 1]!);
    const after = lineAt(rows.places[tap + 2]!);
    const last = lineAt(rows.places[tap + 3]!);
    const w0 = rows.weights[tap]!;
    const w1 = rows.weights[tap + 1]!;
    const w2 = rows.weights[tap + 2]!;
    const w3 = rows.weights[tap + 3]!;
    const to = row * toWidth * 3;
    for (let i = firstValue; i < lastValue; i++)
      out[to + i] = before[i]! * w0 + at[i]! * w1 + after[i]! * w2 + last[i]! * w3;
  }
}

function clamped({ data }: RgbImage): Uint8ClampedArray {
  return new Uint8ClampedArray(data.buffer, data.byteOffset, data.length);
}

/** All numbers are of one type: converting bytes and single floats for each product takes as long as the products. */
function sampleLine(
  pixels: Float64Array,
  first: number,
  { places, weights, inside }: Taps,
  values: Float64Array,
): void {
  for (let column = inside.from; column < inside.to; column++) {
    const tap = column * 4;
    const p0 = places[tap]! - first;
    const p1 = places[tap + 1]! - first;
    const p2 = places[tap + 2]! - first;
    const p3 = places[tap + 3]! - first;
    const w0 = weights[tap]!;
    const w1 = weights[tap + 1]!;
    const w2 = weights[tap + 2]!;
    const w3 = weights[tap + 3]!;
    const to = column * 3;
    values[to] = pixels[p0]! * w0 + pixels[p1]! * w1 + pixels[p2]! * w2 + pixels[p3]! * w3;
    values[to + 1] =
      pixels[p0 + 1]! * w0 + pixels[p1 + 1]! * w1 + pixels[p2 + 1]! * w2 + pixels[p3 + 1]! * w3;
    values[to + 2] =
      pixels[p0 + 2]! * w0 + pixels[p1 + 2]! * w1 + pixels[p2 + 2]! * w2 + pixels[p3 + 2]! * w3;
  }
}

/** For each position along one side of a raster the four places along the same side of the picture, and their weights. */
type Taps = {
  readonly places: Int32Array;
  /** Rounded to single floats. */
  readonly weights: Float64Array;
  /** Positions from `from` to before `to` are within the picture. */
  readonly inside: { readonly from: number; readonly to: number };
};

/** `perStep`, in pixels, is positive: nothing is mirrored. `values`: of a pixel, by which places are counted. */
function cubicTaps(perStep: number, offset: number, steps: number, size: number, values: number): Taps {
  const places = new Int32Array(steps * 4);
  const weights = new Float64Array(steps * 4);
  const four = new Float32Array(4);
  let from = 0;
  let to = 0;
  for (let step = 0, at = perStep * 0.5 + offset - 0.5; step < steps; step++, at += perStep) {
    if (at <= -1) from = step + 1;
    if (at < size) to = step + 1;
    const before = Math.floor(at);
    mitchell(at - before, four);
    for (let k = 0; k < 4; k++) {
      places[step * 4 + k] = Math.min(Math.max(before + k - 1, 0), size - 1) * values;
      weights[step * 4 + k] = four[k]!;
    }
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
