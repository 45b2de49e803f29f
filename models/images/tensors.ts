import type { RgbImage } from '../../core/faces/face.ts';
import { lumaAt } from '../../core/faces/luma.ts';

/** `[1, 3, height, width]`, blue or red first, (v - mean) / scale. */
export function toPlanar(
  { width, height, data }: RgbImage,
  channels: 'bgr' | 'rgb',
  mean: number,
  scale: number,
): Float32Array {
  const plane = width * height;
  const planar = new Float32Array(plane * 3);
  const [red, blue] = channels === 'rgb' ? [0, 2 * plane] : [2 * plane, 0];
  for (let i = 0, from = 0; i < plane; i++, from += 3) {
    planar[red + i] = (data[from]! - mean) / scale;
    planar[plane + i] = (data[from + 1]! - mean) / scale;
    planar[blue + i] = (data[from + 2]! - mean) / scale;
  }
  return planar;
}

/** `[1, 1, height, width]`, 0…1 (Rec. 601). */
export function toGrey({ width, height, data }: RgbImage): Float32Array {
  const grey = new Float32Array(width * height);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3) grey[i] = lumaAt(data, from) / 256;
  return grey;
}
