import type { Box, RgbImage } from './face.ts';
import { wholeLumaAt } from './luma.ts';

/** How bright a picture or a part of it is: 8-bit luma. */
export type Light = { readonly mean: number; readonly deviation: number; readonly bright: number };

const SAMPLES = 4000;

/**
Mean, deviation and the brightest twentieth, of some 4 000 pixels. Padding around a picture (bars) says nothing about its
light: of a whole picture the most frequent value is left out when it fills more than a fifth of it.
@returns null where no pixel is left: a picture all of one colour, a box outside of the picture
*/
export function lightOf(image: RgbImage, box?: Box): Light | null {
  const part = box ? inside(box, image) : { x: 0, y: 0, width: image.width, height: image.height };
  const step = Math.max(1, Math.floor(Math.sqrt((part.width * part.height) / SAMPLES)));
  const histogram = new Uint32Array(256);
  let count = 0;
  for (let y = part.y; y < part.y + part.height; y += step)
    for (let x = part.x; x < part.x + part.width; x += step) {
      histogram[wholeLumaAt(image.data, (y * image.width + x) * 3)]!++;
      count++;
    }
  const most = histogram.indexOf(Math.max(...histogram));
  if (!box && histogram[most]! > count / 5) {
    count -= histogram[most]!;
    histogram[most] = 0;
  }
  if (count === 0) return null;
  return describe(histogram, count);
}

function describe(histogram: Uint32Array, count: number): Light {
  let sum = 0;
  let squares = 0;
  histogram.forEach((n, luma) => {
    sum += n * luma;
    squares += n * luma * luma;
  });
  const mean = sum / count;
  let bright = 255;
  for (let above = 0; bright > 0 && above + histogram[bright]! <= count / 20; bright--)
    above += histogram[bright]!;
  return { mean, deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)), bright };
}

function inside(box: Box, { width, height }: RgbImage): Box {
  const x = Math.max(0, Math.floor(box.x));
  const y = Math.max(0, Math.floor(box.y));
  return {
    x,
    y,
    width: Math.max(0, Math.min(width, Math.ceil(box.x + box.width)) - x),
    height: Math.max(0, Math.min(height, Math.ceil(box.y + box.height)) - y),
  };
}
