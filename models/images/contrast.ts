import type { RgbImage } from '../../core/faces/face.ts';
import { wholeLumaAt } from '../../core/faces/luma.ts';

/** Grey in three channels, scaled so that the darkest pixel is 10 and the 99.9th percentile 245, by a factor of at most 6. */
export function stretchContrast({ width, height, data }: RgbImage): RgbImage {
  const grey = new Uint8Array(width * height);
  const histogram = new Uint32Array(256);
  for (let i = 0, from = 0; i < grey.length; i++, from += 3)
    histogram[(grey[i] = wholeLumaAt(data, from))]!++;
  let darkest = 0;
  while (darkest < 255 && histogram[darkest] === 0) darkest++;
  let brightest = 255;
  // A thousandth of the pixels is ignored: lamps, logos.
  for (let above = histogram[255]!; brightest > 0 && above <= grey.length / 1000;)
    above += histogram[--brightest]!;
  const gain = Math.min(6, 235 / Math.max(1, brightest - darkest));
  const table = Uint8ClampedArray.from({ length: 256 }, (_, v) => 10 + (v - darkest) * gain);
  const stretched = new Uint8Array(data.length);
  for (let i = 0, to = 0; i < grey.length; i++, to += 3)
    stretched[to] = stretched[to + 1] = stretched[to + 2] = table[grey[i]!]!;
  return { width, height, data: stretched };
}

/** Brightens a picture with a mean luma below `mean` (0…255) to it by a gamma curve; returns others unchanged. */
export function applyGamma(image: RgbImage, mean: number): RgbImage {
  const { width, height, data } = image;
  let sum = 0;
  for (let from = 0; from < data.length; from += 3) sum += wholeLumaAt(data, from);
  const now = Math.max(1, sum / (width * height));
  if (now >= mean) return image;
  const gamma = Math.max(0.3, Math.log(mean / 255) / Math.log(now / 255));
  const table = Uint8Array.from({ length: 256 }, (_, v) => Math.round(255 * (v / 255) ** gamma));
  // A callback for each value would take several times as long.
  const bright = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i++) bright[i] = table[data[i]!]!;
  return { width, height, data: bright };
}

/** Binomial 3 x 3 filter; the border pixels are unchanged. */
export function blur3x3({ width, height, data }: RgbImage): RgbImage {
  const soft = data.slice();
  const stride = width * 3;
  for (let y = 1; y < height - 1; y++)
    for (let i = y * stride + 3; i < (y + 1) * stride - 3; i++)
      soft[i] =
        (4 * data[i]! +
          2 * (data[i - 3]! + data[i + 3]! + data[i - stride]! + data[i + stride]!) +
          data[i - stride - 3]! +
          data[i - stride + 3]! +
          data[i + stride - 3]! +
          data[i + stride + 3]!) >>
        4;
  return { width, height, data: soft };
}
