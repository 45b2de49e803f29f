/** Stereoscopic films: both eyes' pictures in one frame, side by side or one over the other. */
import type { Box, RgbImage } from '../faces/face.ts';
import { lumaAt } from '../faces/luma.ts';

export type StereoLayout = 'side-by-side' | 'over-under';

/** Columns and rows that a half is reduced to before halves are compared. */
const SIDE = 64;
/** Largest horizontal shift between the eyes that is tried, columns: near things are shifted by up to a tenth of the width. */
const MAX_SHIFT = 6;
/** Standard deviation of luma below which a picture tells nothing: black, fog. */
const MIN_DEVIATION = 6;
/** Correlation of the halves from which a frame is taken for two pictures of one thing: where nothing else says so, and where the name or the file does. */
const ALIKE = 0.92;
const ALIKE_WHEN_NAMED = 0.75;

/** The layout that a file name of a 3D or VR film tells: `_180_LR`, `SBS`, `half-OU`, `3dh`, …; null: none. */
export function namedLayout(path: string): StereoLayout | null {
  const name = path.replace(/^.*[\\/]/, '').toLowerCase();
  const has = (words: string): boolean => new RegExp(`(^|[^a-z0-9])(${words})([^a-z0-9]|$)`).test(name);
  if (has('[hf]?sbs|(half|full)[-_. ]?sbs|3dh|lr|rl|180x180|vr180|mkx200|mkx220|rf52|vrca220'))
    return 'side-by-side';
  if (has('h?ou|half[-_. ]?ou|h?tab|tb|bt|3dv')) return 'over-under';
  return null;
}

/**
The layout of a film, from some of its frames; null: each frame is one picture.
@param hint what the file or its name says; it never decides alone, since plain films have such names too
*/
export function stereoLayout(frames: readonly RgbImage[], hint: StereoLayout | null): StereoLayout | null {
  const large = frames.filter((image) => image.width >= 4 && image.height >= 4);
  for (const layout of hint === null ? LAYOUTS : [hint, ...LAYOUTS.filter((other) => other !== hint)]) {
    const values = large.flatMap((image) => likenessOfHalves(image, layout) ?? []);
    if (values.length === 0) return null;
    const median = values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) / 2)]!;
    if (median >= (layout === hint ? ALIKE_WHEN_NAMED : ALIKE)) return layout;
  }
  return null;
}
const LAYOUTS: readonly StereoLayout[] = ['side-by-side', 'over-under'];

/** Highest correlation of the luma of both halves over the shifts, -1…1; null for a frame that tells nothing. */
function likenessOfHalves(image: RgbImage, layout: StereoLayout): number | null {
  const first = cellsOf(image, layout, 0);
  const second = cellsOf(image, layout, 1);
  if (deviation(first) < MIN_DEVIATION && deviation(second) < MIN_DEVIATION) return null;
  let highest = -1;
  for (let shift = -MAX_SHIFT; shift <= MAX_SHIFT; shift++)
    highest = Math.max(highest, correlation(first, second, shift));
  return highest;
}

/** Luma of the cells of one half, each the mean of four pixels, `SIDE` x `SIDE`, row by row. */
function cellsOf(image: RgbImage, layout: StereoLayout, half: 0 | 1): Float64Array {
  const { width, height, x, y } = halfBox(image, layout, half);
  const cells = new Float64Array(SIDE * SIDE);
  const perCell = 2;
  for (let row = 0; row < SIDE; row++)
    for (let column = 0; column < SIDE; column++) {
      let sum = 0;
      for (let v = 0; v < perCell; v++)
        for (let u = 0; u < perCell; u++) {
          const px = x + Math.floor(((column + (u + 0.5) / perCell) * width) / SIDE);
          const py = y + Math.floor(((row + (v + 0.5) / perCell) * height) / SIDE);
          sum += lumaAt(image.data, 3 * (py * image.width + px));
        }
      cells[row * SIDE + column] = sum / perCell ** 2;
    }
  return cells;
}

function deviation(cells: Float64Array): number {
  const mean = cells.reduce((sum, value) => sum + value, 0) / cells.length;
  return Math.sqrt(cells.reduce((sum, value) => sum + (value - mean) ** 2, 0) / cells.length);
}

/** Pearson's correlation where both overlap after shifting the second one by columns; -1 where either is flat there. */
function correlation(first: Float64Array, second: Float64Array, shift: number): number {
  let n = 0;
  let [a, b, aa, bb, ab] = [0, 0, 0, 0, 0];
  for (let row = 0; row < SIDE; row++)
    for (let column = Math.max(0, -shift); column < Math.min(SIDE, SIDE - shift); column++) {
      const p = first[row * SIDE + column]!;
      const q = second[row * SIDE + column + shift]!;
      n++;
      a += p;
      b += q;
      aa += p * p;
      bb += q * q;
      ab += p * q;
    }
  const [varianceA, varianceB] = [(aa - (a * a) / n) / n, (bb - (b * b) / n) / n];
  if (Math.min(varianceA, varianceB) < MIN_DEVIATION ** 2) return -1;
  return (ab - (a * b) / n) / n / Math.sqrt(varianceA * varianceB);
}

function halfBox({ width, height }: RgbImage, layout: StereoLayout, half: 0 | 1): Box {
  if (layout === 'side-by-side') {
    const halfWidth = Math.floor(width / 2);
    return { x: half * halfWidth, y: 0, width: halfWidth, height };
  }
  const halfHeight = Math.floor(height / 2);
  return { x: 0, y: half * halfHeight, width, height: halfHeight };
}

/**
The picture of the first eye.
@param isSqueezed it has half its width (side by side) or height (over under) and is stretched to its own shape
*/
export function firstEye(image: RgbImage, layout: StereoLayout, isSqueezed: boolean): RgbImage {
  const { width, height } = halfBox(image, layout, 0);
  if (!isSqueezed) return cutOut(image, { width, height });
  const columns = stepsOf(width, layout === 'side-by-side' ? 2 : 1, 3);
  const rows = stepsOf(height, layout === 'over-under' ? 2 : 1, 3 * image.width);
  const data = new Uint8Array(3 * columns.count * rows.count);
  for (let y = 0, to = 0; y < rows.count; y++) {
    const top = rows.before[y]!;
    const bottom = rows.after[y]!;
    const down = rows.share[y]!;
    for (let x = 0; x < columns.count; x++) {
      const left = columns.before[x]!;
      const right = columns.after[x]!;
      const across = columns.share[x]!;
      for (let channel = 0; channel < 3; channel++, to++) {
        const above =
          image.data[top + left + channel]! * (1 - across) + image.data[top + right + channel]! * across;
        const below =
          image.data[bottom + left + channel]! * (1 - across) +
          image.data[bottom + right + channel]! * across;
        data[to] = above * (1 - down) + below * down + 0.5;
      }
    }
  }
  return { width: columns.count, height: rows.count, data };
}

/** The upper left part. */
function cutOut(image: RgbImage, { width, height }: Pick<RgbImage, 'width' | 'height'>): RgbImage {
  const data = new Uint8Array(3 * width * height);
  for (let y = 0; y < height; y++) {
    const from = 3 * y * image.width;
    data.set(image.data.subarray(from, from + 3 * width), 3 * y * width);
  }
  return { width, height, data };
}

/** For each step along a side that is stretched `per` times: where the pixels before and after it begin, and the share of the one after. */
function stepsOf(size: number, per: 1 | 2, stride: number) {
  const count = size * per;
  const [before, after, share] = [new Int32Array(count), new Int32Array(count), new Float64Array(count)];
  for (let step = 0; step < count; step++) {
    const from = (step + 0.5) / per - 0.5;
    const first = Math.max(0, Math.floor(from));
    before[step] = first * stride;
    after[step] = Math.min(size - 1, first + 1) * stride;
    share[step] = Math.max(0, from - first);
  }
  return { count, before, after, share };
}
