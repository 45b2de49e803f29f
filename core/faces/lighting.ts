import type { Box, RgbImage } from './face.ts';
import { wholeLumaAt } from './luma.ts';

/** Brightness of a picture or of a box in it, 8-bit luma; `bright` is the 95th percentile. */
export type Light = { readonly mean: number; readonly deviation: number; readonly bright: number };

const SAMPLES = 4000;

/**
Mean, standard deviation and 95th percentile of about 4 000 sampled pixels. Black bars around a picture do not belong to
its light: for a whole picture the most frequent value is left out when more than a fifth of the samples have it.
@returns null when no pixel is left: a picture of one colour, a box outside the picture
*/
export function measureLight(image: RgbImage, box?: Box): Light | null {
  const part = box ? clipToImage(box, image) : { x: 0, y: 0, width: image.width, height: image.height };
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
  return statisticsOf(histogram, count);
}

function statisticsOf(histogram: Uint32Array, count: number): Light {
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

function clipToImage(box: Box, { width, height }: RgbImage): Box {
  const x = Math.max(0, Math.floor(box.x));
  const y = Math.max(0, Math.floor(box.y));
  return {
    x,
    y,
    width: Math.max(0, Math.min(width, Math.ceil(box.x + box.width)) - x),
    height: Math.max(0, Math.min(height, Math.ceil(box.y + box.height)) - y),
  };
}
