/**
The perceptual hash that a film would have of which a file is a re-cut, composed from pictures of the file: laid over the length of the
film, its 25 frames are looked for in the file. Each frame adds to the lowest frequencies of the montage by itself, so that
what it adds at each of the 25 places is computed once, and a hash is a sum.
*/
import { lumaAt } from '../faces/luma.ts';
import type { RgbImage } from '../faces/face.ts';
import { COLUMNS, FRAMES, frameTimes, KEPT, medianOf } from './phash.ts';

/** Pixels of a side of a picture as it is laid into the montage, whose sides of 80 pixels the hash reduces to 64. */
const SIDE = 16;
const MONTAGE = COLUMNS * SIDE;
const FREQUENCIES = KEPT * KEPT;

/** Pictures of a file, each from the middle of its step. `pictures`: null where none could be read. */
export type Filmstrip = {
  readonly stepSeconds: number;
  readonly pictures: readonly (RgbImage | null)[];
  readonly seconds: number;
};

/** A hash that was given of a film. `seconds`: length of the file that it was made of. */
export type FilmHash = { readonly hash: string; readonly seconds: number };

/** Where a moment of the film is in the file: `speed` × seconds of the film + `shift`. From frame `from` of the 25 on. */
export type Piece = { readonly from: number; readonly shift: number };
export type Placement = { readonly speed: number; readonly pieces: readonly Piece[] };

/** Hashes of one file by where a film is thought to lie in it. */
export type Composer = {
  /** Its pictures differ so much from each other that its hash tells it from other films. */
  readonly isVaried: boolean;
  /** Bits in which the hash composed so differs from that of the film; null: the file has too few of its frames. */
  apart(film: FilmHash, placement: Placement): number | null;
};

/** So many of the 25 frames may lie outside of the file: for these a mean of the file is taken. */
const MOST_MISSING = 5;

/**
Of the luma of a pixel over the time of the file, 0 to 255. Where a picture hardly changes, in 25 frames that are nearly the same, the
hash tells of the edges of the montage only: of 8 drawn films of one still picture each, of 56 pairs 2 were as near as 6 bits.
*/
const LEAST_DEVIATION = 4;

/** The cosine of each frequency at each pixel of the montage. */
const WAVES = Float64Array.from({ length: KEPT * MONTAGE }, (_, n) => {
  const [frequency, at] = [Math.floor(n / MONTAGE), n % MONTAGE];
  return Math.cos(((at + 0.5) * frequency * Math.PI) / MONTAGE);
});

export function createComposer({ pictures, stepSeconds, seconds }: Filmstrip): Composer {
  const greys = pictures.map((picture) => (picture === null ? null : toGrey(picture)));
  const read = greys.flatMap((grey) => grey ?? []);
  const meanGrey = meanOf(read);
  const mean = addedBy(meanGrey);
  const added: (Float32Array | undefined)[] = [];

  /** Null: the file has no picture of that time. */
  function addedAt(time: number): Float32Array | null {
    if (time < 0 || time >= seconds) return null;
    const place = Math.floor(time / stepSeconds);
    const n = [place, place - 1, place + 1].find((one) => greys[one] != null);
    const grey = n === undefined ? undefined : greys[n];
    if (n === undefined || grey == null) return null;
    return (added[n] ??= addedBy(grey));
  }

  return {
    isVaried: deviationFrom(meanGrey, read) >= LEAST_DEVIATION,

    apart(film, { speed, pieces }) {
      const sums = new Float64Array(FREQUENCIES);
      let [missing, piece] = [0, 0];
      for (const [frame, time] of timesOf(film.seconds).entries()) {
        while (pieces[piece + 1] !== undefined && pieces[piece + 1]!.from <= frame) piece++;
        const own = addedAt(time * speed + pieces[piece]!.shift);
        if (own === null && ++missing > MOST_MISSING) return null;
        const from = frame * FREQUENCIES;
        const values = own ?? mean;
        for (let n = 0; n < FREQUENCIES; n++) sums[n]! += values[from + n]!;
      }
      const median = medianOf(sums);
      const [high, low] = wordsOf(film.hash);
      return ones(high ^ bitsAbove(sums, 0, median)) + ones(low ^ bitsAbove(sums, 32, median));
    },
  };
}

/** What a picture adds to each of the lowest frequencies, by the frame of the montage that it is. */
function addedBy(grey: Float64Array): Float32Array {
  const added = new Float32Array(FRAMES * FREQUENCIES);
  const rows = new Float64Array(KEPT * SIDE);
  for (let column = 0; column < COLUMNS; column++) {
    for (let u = 0; u < KEPT; u++)
      for (let y = 0; y < SIDE; y++) {
        let sum = 0;
        for (let x = 0; x < SIDE; x++) sum += grey[y * SIDE + x]! * WAVES[u * MONTAGE + column * SIDE + x]!;
        rows[u * SIDE + y] = sum;
      }
    for (let row = 0; row < COLUMNS; row++)
      for (let v = 0; v < KEPT; v++)
        for (let u = 0; u < KEPT; u++) {
          let sum = 0;
          for (let y = 0; y < SIDE; y++) sum += rows[u * SIDE + y]! * WAVES[v * MONTAGE + row * SIDE + y]!;
          added[(row * COLUMNS + column) * FREQUENCIES + v * KEPT + u] = sum;
        }
  }
  return added;
}

/** Luma, each pixel the mean of what it covers. */
function toGrey({ width, height, data }: RgbImage): Float64Array {
  const grey = new Float64Array(SIDE * SIDE);
  for (let y = 0; y < SIDE; y++) {
    const [top, bottom] = covered(y, height);
    for (let x = 0; x < SIDE; x++) {
      const [left, right] = covered(x, width);
      let sum = 0;
      for (let row = top; row < bottom; row++)
        for (let column = left; column < right; column++) sum += lumaAt(data, (row * width + column) * 3);
      grey[y * SIDE + x] = sum / ((bottom - top) * (right - left));
    }
  }
  return grey;
}

function covered(n: number, length: number): [number, number] {
  const from = Math.min(length - 1, Math.floor((n * length) / SIDE));
  return [from, Math.max(from + 1, Math.floor(((n + 1) * length) / SIDE))];
}

function meanOf(greys: readonly Float64Array[]): Float64Array {
  const mean = new Float64Array(SIDE * SIDE);
  for (const grey of greys) for (let n = 0; n < mean.length; n++) mean[n]! += grey[n]! / greys.length;
  return mean;
}

function deviationFrom(mean: Float64Array, greys: readonly Float64Array[]): number {
  let sum = 0;
  for (const grey of greys) for (let n = 0; n < mean.length; n++) sum += (grey[n]! - mean[n]!) ** 2;
  return greys.length === 0 ? 0 : Math.sqrt(sum / (greys.length * mean.length));
}

const knownTimes = new Map<number, readonly number[]>();

function timesOf(seconds: number): readonly number[] {
  const known = knownTimes.get(seconds);
  if (known !== undefined) return known;
  if (knownTimes.size > 1000) knownTimes.clear();
  const times = frameTimes(seconds);
  knownTimes.set(seconds, times);
  return times;
}

/** The first frequency in the highest bit. */
function bitsAbove(values: Float64Array, from: number, median: number): number {
  let bits = 0;
  for (let n = from; n < from + 32; n++) bits = (bits << 1) | (values[n]! > median ? 1 : 0);
  return bits;
}

function wordsOf(hash: string): readonly [number, number] {
  const digits = hash.padStart(16, '0');
  return [Number.parseInt(digits.slice(0, 8), 16) | 0, Number.parseInt(digits.slice(8), 16) | 0];
}

function ones(word: number): number {
  let value = word - ((word >>> 1) & 0x55555555);
  value = (value & 0x33333333) + ((value >>> 2) & 0x33333333);
  return (((value + (value >>> 4)) & 0x0f0f0f0f) * 0x01010101) >>> 24;
}
