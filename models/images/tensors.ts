import type { RgbImage } from '../../core/faces/face.ts';
import { lumaAt } from '../../core/faces/luma.ts';

/** `[1, 3, height, width]`, blue or red first, (v - mean) / scale. `planar`: what is filled with it. */
export function toPlanar(
  { width, height, data }: RgbImage,
  channels: 'bgr' | 'rgb',
  mean: number,
  scale: number,
  planar = new Float32Array(width * height * 3),
): Float32Array {
  const plane = width * height;
  const table = Float32Array.from({ length: 256 }, (_, value) => (value - mean) / scale);
  const [red, blue] = channels === 'rgb' ? [0, 2 * plane] : [2 * plane, 0];
  for (let i = 0, from = 0; i < plane; i++, from += 3) {
    planar[red + i] = table[data[from]!]!;
    planar[plane + i] = table[data[from + 1]!]!;
    planar[blue + i] = table[data[from + 2]!]!;
  }
  return planar;
}

/**
Lends arrays that are filled for one run of a model, and takes them back after it. A new array for each run makes Node
collect garbage every five pictures, for 20 ms each time.
*/
export function createLender<Values>(make: () => Values) {
  const spare: Values[] = [];
  return async <T>(use: (values: Values) => Promise<T>): Promise<T> => {
    const lent = spare.pop() ?? make();
    try {
      return await use(lent);
    } finally {
      spare.push(lent);
    }
  };
}

/** `[1, 1, height, width]`, 0…1 (Rec. 601). */
export function toGrey({ width, height, data }: RgbImage): Float32Array {
  const grey = new Float32Array(width * height);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) grey[i] = lumaAt(data, from) / 256;
  return grey;
}
