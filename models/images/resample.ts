/** Resampling in plain JavaScript, so that embeddings do not depend on the image library in use. */
import type { RgbImage } from '../../core/faces/face.ts';
import type { Affine } from '../../core/faces/geometry.ts';
import { sampleCubic } from './cubic.ts';

/** Mipmaps: a picture scaled to 1/2, 1/4, …, computed on first use, so that scaling down a region costs only its own size. */
export type Pyramid = { readonly image: RgbImage; level(n: number): RgbImage };

export function createPyramid(image: RgbImage): Pyramid {
  const levels = [image];
  return {
    image,
    level(n) {
      for (let last = levels.at(-1)!; levels.length <= n && Math.min(last.width, last.height) >= 2;) {
        last = halve(last);
        levels.push(last);
      }
      return levels[Math.min(n, levels.length - 1)]!;
    },
  };
}

const pyramids = new WeakMap<RgbImage, Pyramid>();

/** The same one for an image each time: its faces are searched in it and cut out of it. */
export function pyramidOf(image: RgbImage): Pyramid {
  const known = pyramids.get(image) ?? createPyramid(image);
  pyramids.set(image, known);
  return known;
}

/** Mean of each 2 x 2 block; an odd last row or column is dropped. */
export function halve({ width, height, data }: RgbImage): RgbImage {
  const halfWidth = width >> 1;
  const halfHeight = height >> 1;
  const half = new Uint8Array(halfWidth * halfHeight * 3);
  const stride = width * 3;
  for (let y = 0, to = 0; y < halfHeight; y++) {
    let from = y * 2 * stride;
    for (let x = 0; x < halfWidth; x++, from += 6, to += 3) {
      half[to] = (data[from]! + data[from + 3]! + data[from + stride]! + data[from + stride + 3]! + 2) >> 2;
      half[to + 1] =
        (data[from + 1]! + data[from + 4]! + data[from + stride + 1]! + data[from + stride + 4]! + 2) >> 2;
      half[to + 2] =
        (data[from + 2]! + data[from + 5]! + data[from + stride + 2]! + data[from + stride + 5]! + 2) >> 2;
    }
  }
  return { width: halfWidth, height: halfHeight, data: half };
}

/**
Resamples the picture to a raster of `width` x `height`; `toPicture` maps raster to picture (pixel centres at .5 in both).
Scales down from the next larger mipmap, up with Mitchell's cubic. Outside the picture: `fill`. `out`: what is filled with it.
*/
export function warp(
  pyramid: Pyramid,
  toPicture: Affine,
  width: number,
  height: number,
  fill = 0,
  out = new Uint8Array(width * height * 3),
): RgbImage {
  const perPixel = Math.sqrt(Math.abs(toPicture.a * toPicture.d - toPicture.b * toPicture.c));
  const level = perPixel > 1 ? Math.floor(Math.log2(perPixel)) : 0;
  const source = pyramid.level(level);
  const scaleX = source.width / pyramid.image.width;
  const scaleY = source.height / pyramid.image.height;
  const scaled: Affine = {
    a: toPicture.a * scaleX,
    b: toPicture.b * scaleX,
    tx: toPicture.tx * scaleX,
    c: toPicture.c * scaleY,
    d: toPicture.d * scaleY,
    ty: toPicture.ty * scaleY,
  };
  const raster = { width, height, data: out };
  if (perPixel < 0.95) sampleCubic(source, scaled, raster, fill);
  else if (scaled.b === 0 && scaled.c === 0) sampleLinearUpright(source, scaled, raster, fill);
  else sampleLinear(source, scaled, raster, fill);
  return raster;
}

/** The same as `sampleLinear` to the last bit, without a rotation: each column has the same places and weights in all rows. */
function sampleLinearUpright(
  { width, height, data }: RgbImage,
  { a, tx, d, ty }: Affine,
  { width: toWidth, height: toHeight, data: out }: RgbImage,
  fill: number,
): void {
  const stride = width * 3;
  const places = new Int32Array(toWidth * 2);
  const rights = new Float64Array(toWidth);
  let from = toWidth;
  let upTo = 0;
  for (let column = 0, x = a * 0.5 + tx - 0.5; column < toWidth; column++, x += a) {
    if (x <= -1 || x >= width) continue;
    from = Math.min(from, column);
    upTo = column + 1;
    const left = Math.floor(x);
    places[column * 2] = Math.max(left, 0) * 3;
    places[column * 2 + 1] = Math.min(left + 1, width - 1) * 3;
    rights[column] = x - left;
  }
  for (let row = 0; row < toHeight; row++) {
    const y = d * (row + 0.5) + ty - 0.5;
    const begin = row * toWidth * 3;
    if (y <= -1 || y >= height) {
      out.fill(fill, begin, begin + toWidth * 3);
      continue;
    }
    out.fill(fill, begin, begin + from * 3);
    out.fill(fill, begin + upTo * 3, begin + toWidth * 3);
    const top = Math.floor(y);
    const down = y - top;
    const up = 1 - down;
    const y0 = Math.max(top, 0) * stride;
    const y1 = Math.min(top + 1, height - 1) * stride;
    for (let column = from, to = begin + from * 3; column < upTo; column++, to += 3) {
      const x0 = places[column * 2]!;
      const x1 = places[column * 2 + 1]!;
      const right = rights[column]!;
      const w00 = (1 - right) * up;
      const w10 = right * up;
      const w01 = (1 - right) * down;
      const w11 = right * down;
      const p00 = y0 + x0;
      const p10 = y0 + x1;
      const p01 = y1 + x0;
      const p11 = y1 + x1;
      out[to] = data[p00]! * w00 + data[p10]! * w10 + data[p01]! * w01 + data[p11]! * w11 + 0.5;
      out[to + 1] =
        data[p00 + 1]! * w00 + data[p10 + 1]! * w10 + data[p01 + 1]! * w01 + data[p11 + 1]! * w11 + 0.5;
      out[to + 2] =
        data[p00 + 2]! * w00 + data[p10 + 2]! * w10 + data[p01 + 2]! * w01 + data[p11 + 2]! * w11 + 0.5;
    }
  }
}

function sampleLinear(
  { width, height, data }: RgbImage,
  { a, b, tx, c, d, ty }: Affine,
  { width: toWidth, height: toHeight, data: out }: RgbImage,
  fill: number,
): void {
  const stride = width * 3;
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
      const right = x - left;
      const down = y - top;
      const x0 = (left < 0 ? 0 : left) * 3;
      const x1 = (left + 1 >= width ? width - 1 : left + 1) * 3;
      const y0 = (top < 0 ? 0 : top) * stride;
      const y1 = (top + 1 >= height ? height - 1 : top + 1) * stride;
      const w00 = (1 - right) * (1 - down);
      const w10 = right * (1 - down);
      const w01 = (1 - right) * down;
      const w11 = right * down;
      out[to] =
        data[y0 + x0]! * w00 + data[y0 + x1]! * w10 + data[y1 + x0]! * w01 + data[y1 + x1]! * w11 + 0.5;
      out[to + 1] =
        data[y0 + x0 + 1]! * w00 +
        data[y0 + x1 + 1]! * w10 +
        data[y1 + x0 + 1]! * w01 +
        data[y1 + x1 + 1]! * w11 +
        0.5;
      out[to + 2] =
        data[y0 + x0 + 2]! * w00 +
        data[y0 + x1 + 2]! * w10 +
        data[y1 + x0 + 2]! * w01 +
        data[y1 + x1 + 2]! * w11 +
        0.5;
    }
  }
}

export function mirror({ width, height, data }: RgbImage): RgbImage {
  const mirrored = new Uint8Array(data.length);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) {
      const from = (y * width + x) * 3;
      const to = (y * width + width - 1 - x) * 3;
      mirrored[to] = data[from]!;
      mirrored[to + 1] = data[from + 1]!;
      mirrored[to + 2] = data[from + 2]!;
    }
  return { width, height, data: mirrored };
}

/** Applies an EXIF orientation, 1 (none) … 8, so that the picture is upright. */
export function turnUpright(image: RgbImage, orientation: number): RgbImage {
  if (orientation <= 1 || orientation > 8) return image;
  const { width, height, data } = image;
  const swaps = orientation >= 5;
  const [toWidth, toHeight] = swaps ? [height, width] : [width, height];
  // The order in which source pixels are read while the upright picture is filled row by row.
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const out = new Uint8Array(data.length);
  for (let y = 0, to = 0; y < toHeight; y++)
    for (let x = 0; x < toWidth; x++, to += 3) {
      const [across, down] = swaps ? [y, x] : [x, y];
      const sourceX = fromRight ? width - 1 - across : across;
      const sourceY = fromBottom ? height - 1 - down : down;
      const from = (sourceY * width + sourceX) * 3;
      out[to] = data[from]!;
      out[to + 1] = data[from + 1]!;
      out[to + 2] = data[from + 2]!;
    }
  return { width: toWidth, height: toHeight, data: out };
}
