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
  const perX = isSqueezed && layout === 'side-by-side' ? 2 : 1;
  const perY = isSqueezed && layout === 'over-under' ? 2 : 1;
  const [outWidth, outHeight] = [width * perX, height * perY];
  const data = new Uint8Array(outWidth * outHeight * 3);
  for (let y = 0; y < outHeight; y++) {
    const fromY = (y + 0.5) / perY - 0.5;
    const y0 = Math.max(0, Math.floor(fromY));
    const y1 = Math.min(height - 1, y0 + 1);
    const fy = Math.max(0, fromY - y0);
    for (let x = 0; x < outWidth; x++) {
      const fromX = (x + 0.5) / perX - 0.5;
      const x0 = Math.max(0, Math.floor(fromX));
      const x1 = Math.min(width - 1, x0 + 1);
      const fx = Math.max(0, fromX - x0);
      for (let c = 0; c < 3; c++) {
        const top = at(image, x0, y0, c) * (1 - fx) + at(image, x1, y0, c) * fx;
        const bottom = at(image, x0, y1, c) * (1 - fx) + at(image, x1, y1, c) * fx;
        data[3 * (y * outWidth + x) + c] = top * (1 - fy) + bottom * fy + 0.5;
      }
    }
  }
  return { width: outWidth, height: outHeight, data };
}

function at({ data, width }: RgbImage, x: number, y: number, channel: number): number {
  return data[3 * (y * width + x) + channel]!;
}
