/**
Stash's perceptual hash of a video, equal to the bit. It rests on the arithmetic of what Stash is made of: bilinear resizing with
8-bit weights (github.com/nfnt/resize), Lee's cosine transform and the selected median of github.com/corona10/goimagehash v1.1.0.
A resize or a median in floating point gives other bits.
*/
import type { RgbImage } from '../faces/face.ts';
import { lumaAt } from '../faces/luma.ts';
import { cosine } from './go-cosine.ts';

/** A montage of 5 × 5 frames is hashed. */
export const COLUMNS = 5;
export const FRAMES = COLUMNS * COLUMNS;
const SIDE = 64;
/** Of the transform the lowest frequencies in both directions. */
export const KEPT = 8;
const CHANNELS = 3;

/** @param seconds length of the file as Stash has it. @returns when its frames are taken, in seconds: without the first and the last twentieth */
export function frameTimes(seconds: number): number[] {
  const offset = 0.05 * seconds;
  const step = (0.9 * seconds) / FRAMES;
  return Array.from({ length: FRAMES }, (_, n) => offset + n * step);
}

/** @param frames in order of time, mostly 160 pixels wide. @returns 16 hexadecimal digits, the first frequency in the highest bit */
export function phashOf(frames: readonly RgbImage[]): string {
  const grey = toGrey(resized(montageOf(frames)));
  transform(grey);
  const lowest = Array.from(
    { length: KEPT * KEPT },
    (_, n) => grey[Math.floor(n / KEPT) * SIDE + (n % KEPT)]!,
  );
  const median = medianOf(lowest);
  const bits = lowest.map((value) => (value > median ? '1' : '0')).join('');
  return BigInt(`0b${bits}`).toString(16).padStart(16, '0');
}

/** Row by row. The first frame gives the size of all cells: a larger one is cut, around a smaller one it is black. */
function montageOf(frames: readonly RgbImage[]): RgbImage {
  const [{ width: cellWidth, height: cellHeight } = { width: 0, height: 0 }] = frames;
  const [width, height] = [cellWidth * COLUMNS, cellHeight * COLUMNS];
  const data = new Uint8Array(width * height * CHANNELS);
  for (const [n, frame] of frames.entries()) {
    const [left, top] = [(n % COLUMNS) * cellWidth, Math.floor(n / COLUMNS) * cellHeight];
    const bytes = Math.min(frame.width, width - left) * CHANNELS;
    for (let y = 0; y < Math.min(frame.height, height - top); y++) {
      const from = y * frame.width * CHANNELS;
      data.set(frame.data.subarray(from, from + bytes), ((top + y) * width + left) * CHANNELS);
    }
  }
  return { width, height, data };
}

function resized(image: RgbImage): RgbImage {
  return narrowed(narrowed(image));
}

/** To a width of `SIDE`, and transposed. */
function narrowed({ width, height, data }: RgbImage): RgbImage {
  const { weights, starts, length } = weightsFor(width / SIDE);
  const result = new Uint8Array(SIDE * height * CHANNELS);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < SIDE; x++)
      for (let channel = 0; channel < CHANNELS; channel++) {
        let [value, sum] = [0, 0];
        for (let n = 0; n < length; n++) {
          const weight = weights[x * length + n]!;
          const at = Math.min(Math.max(starts[x]! + n, 0), width - 1);
          value += weight * data[(y * width + at) * CHANNELS + channel]!;
          sum += weight;
        }
        result[(x * height + y) * CHANNELS + channel] = Math.floor(value / sum);
      }
  return { width: height, height: SIDE, data: result };
}

/** `weights`: 0 to 256, `length` for each of the `SIDE` results, the first of them for the pixel `starts`. */
function weightsFor(scale: number): { weights: Int16Array; starts: number[]; length: number } {
  const length = 2 * Math.max(Math.ceil(scale), 1);
  const factor = Math.min(1 / scale, 1);
  const weights = new Int16Array(SIDE * length);
  const starts = Array.from({ length: SIDE }, (_, place) => {
    const middle = scale * (place + 0.5) - 0.5;
    const start = Math.trunc(middle) - length / 2 + 1;
    for (let n = 0; n < length; n++) {
      const distance = Math.abs((middle - start - n) * factor);
      weights[place * length + n] = distance <= 1 ? Math.trunc((1 - distance) * 256) : 0;
    }
    return start;
  });
  return { weights, starts, length };
}

function toGrey({ data }: RgbImage): Float64Array {
  return Float64Array.from({ length: SIDE * SIDE }, (_, n) => lumaAt(data, n * CHANNELS));
}

/** In place: rows, then columns. */
function transform(values: Float64Array): void {
  const column = new Float64Array(SIDE);
  for (let row = 0; row < SIDE; row++) cosineTransform(values.subarray(row * SIDE, (row + 1) * SIDE));
  for (let x = 0; x < SIDE; x++) {
    for (let y = 0; y < SIDE; y++) column[y] = values[y * SIDE + x]!;
    cosineTransform(column);
    for (let y = 0; y < SIDE; y++) values[y * SIDE + x] = column[y]!;
  }
}

/** DCT-II without scaling, in place (Byeong Gi Lee, 1984). The length is a power of 2. */
function cosineTransform(values: Float64Array): void {
  const { length } = values;
  if (length === 1) return;
  const half = length / 2;
  const divisors = divisorsOf(length);
  const [sums, differences] = [new Float64Array(half), new Float64Array(half)];
  for (let n = 0; n < half; n++) {
    const [one, other] = [values[n]!, values[length - 1 - n]!];
    sums[n] = one + other;
    differences[n] = (one - other) / divisors[n]!;
  }
  cosineTransform(sums);
  cosineTransform(differences);
  for (let n = 0; n < half; n++) {
    values[2 * n] = sums[n]!;
    values[2 * n + 1] = n === half - 1 ? differences[n]! : differences[n]! + differences[n + 1]!;
  }
}

const knownDivisors = new Map<number, Float64Array>();

function divisorsOf(length: number): Float64Array {
  const known = knownDivisors.get(length);
  if (known !== undefined) return known;
  const made = Float64Array.from(
    { length: length / 2 },
    (_, n) => cosine(((n + 0.5) * Math.PI) / length) * 2,
  );
  knownDivisors.set(length, made);
  return made;
}

/** As goimagehash selects it: of values that it has sorted in part, so that it need not be the true one. */
export function medianOf(values: Iterable<number>): number {
  const some = [...values];
  const swap = (a: number, b: number): void => void ([some[a], some[b]] = [some[b]!, some[a]!]);
  const wanted = some.length / 2;
  let [low, high] = [0, some.length - 1];
  while (low < high) {
    const pivot = Math.floor(low / 2) + Math.floor(high / 2);
    const pivotValue = some[pivot]!;
    let place = low;
    swap(pivot, high);
    for (let n = low; n < high; n++) if (some[n]! < pivotValue) swap(place++, n);
    swap(high, place);
    if (wanted <= place) high = place;
    else low = place + 1;
  }
  return some[wanted - 1]! / 2 + some[wanted]! / 2;
}
