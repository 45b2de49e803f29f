import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from '../../core/faces/face.ts';
import { boxToRaster } from '../../core/faces/geometry.ts';
import { createPyramid, halve, mirror, pyramidOf, turnUpright, warp } from './resample.ts';

/** Red grows to the right, green downwards. */
const gradient = (width: number, height: number): RgbImage => ({
  width,
  height,
  data: Uint8Array.from({ length: width * height * 3 }, (_, i) => {
    const x = Math.floor(i / 3) % width;
    const y = Math.floor(i / 3 / width);
    return [Math.round((x / (width - 1)) * 255), Math.round((y / (height - 1)) * 255), 100][i % 3]!;
  }),
});
/** The same numbers at each run. */
const noise = (length: number): Uint8Array => {
  let seed = 1;
  return Uint8Array.from({ length }, () => (seed = (seed * 16_807) % 2_147_483_647) % 256);
};
const at = ({ width, data }: RgbImage, x: number, y: number): number[] => [
  ...data.subarray((y * width + x) * 3, (y * width + x) * 3 + 3),
];
const whole = ({ width, height }: RgbImage) => ({ x: 0, y: 0, width, height });

test('a picture warped onto itself is itself', () => {
  const image = gradient(37, 23);
  const same = warp(createPyramid(image), boxToRaster(whole(image), 37, 23), 37, 23);
  assert.deepEqual(same, image);
});

test('shrunk and blown-up copies keep every colour in its place', () => {
  const image = gradient(256, 192);
  for (const [width, height] of [
    [64, 48],
    [100, 30],
    [20, 15],
    [512, 384],
    [700, 250],
  ] as const) {
    const copy = warp(createPyramid(image), boxToRaster(whole(image), width, height), width, height);
    for (const [x, y] of [
      [0.1, 0.1],
      [0.5, 0.5],
      [0.9, 0.3],
    ] as const) {
      const [red, green, blue] = at(copy, Math.floor(x * width), Math.floor(y * height));
      assert.ok(Math.abs(red! - x * 255) < 10, `red ${red} at ${x} of ${width}`);
      assert.ok(Math.abs(green! - y * 255) < 10, `green ${green} at ${y} of ${height}`);
      assert.ok(Math.abs(blue! - 100) <= 1);
    }
  }
});

test('what lies outside the picture has the colour asked for, also when nothing of the picture is left', () => {
  const image = gradient(20, 20);
  const around = warp(
    createPyramid(image),
    boxToRaster({ x: -20, y: -20, width: 60, height: 60 }, 60, 60),
    60,
    60,
    127,
  );
  assert.deepEqual(at(around, 2, 2), [127, 127, 127]);
  assert.deepEqual(at(around, 30, 30), at(image, 10, 10));
  const away = warp(
    createPyramid(image),
    boxToRaster({ x: 500, y: 500, width: 9, height: 9 }, 3, 3),
    3,
    3,
    8,
  );
  assert.ok(away.data.every((it) => it === 8));
});

test('a turn by 90 degrees brings the right side up', () => {
  const image = gradient(40, 40);
  const turned = warp(createPyramid(image), boxToRaster(whole(image), 40, 40, 90), 40, 40);
  // The top of the turned view shows the picture's right edge: red is full there.
  assert.ok(at(turned, 20, 0)[0]! > 245);
  assert.ok(at(turned, 20, 39)[0]! < 10);
});

test('one pixel can be shrunk, blown up and halved without falling off an edge', () => {
  const pixel: RgbImage = { width: 1, height: 1, data: Uint8Array.of(10, 20, 30) };
  const blown = warp(createPyramid(pixel), boxToRaster(whole(pixel), 5, 5), 5, 5);
  assert.deepEqual(at(blown, 2, 2), [10, 20, 30]);
  assert.equal(createPyramid(pixel).level(9), pixel);
  assert.deepEqual(halve({ width: 3, height: 2, data: new Uint8Array(18).fill(9) }), {
    width: 1,
    height: 1,
    data: Uint8Array.of(9, 9, 9),
  });
});

test('mirroring twice gives the picture back', () => {
  const image = gradient(13, 7);
  assert.notDeepEqual(mirror(image), image);
  assert.deepEqual(mirror(mirror(image)), image);
});

/** A picture of one letter a pixel, rows ended by a slash: `abc/def/`. */
const lettered = (rows: string): RgbImage => ({
  width: rows.indexOf('/'),
  height: rows.split('/').length - 1,
  data: Uint8Array.from({ length: rows.replaceAll('/', '').length * 3 }, (_, i) =>
    rows.replaceAll('/', '').charCodeAt(Math.floor(i / 3)),
  ),
});

test('each orientation of EXIF is undone', () => {
  const rows: [number, string][] = [
    [1, 'abc/def/'],
    [2, 'cba/fed/'],
    [3, 'fed/cba/'],
    [4, 'def/abc/'],
    [5, 'ad/be/cf/'],
    [6, 'da/eb/fc/'],
    [7, 'fc/eb/da/'],
    [8, 'cf/be/ad/'],
    [0, 'abc/def/'],
    [9, 'abc/def/'],
  ];
  for (const [orientation, upright] of rows)
    assert.deepEqual(turnUpright(lettered('abc/def/'), orientation), lettered(upright));
});

test('a picture that is blown up without a rotation is the same as with one of almost nothing', () => {
  for (const [width, height, toWidth, toHeight] of [
    [250, 250, 320, 240],
    [97, 131, 320, 240],
    [3, 2, 20, 15],
    [1, 1, 8, 8],
  ] as const) {
    const image = { width, height, data: noise(width * height * 3) };
    for (const box of [
      whole(image),
      { x: -0.3 * width, y: 0.4 * height, width: 0.9 * width, height: 0.8 * height },
      { x: 2 * width, y: 0, width, height },
    ]) {
      const upright = boxToRaster(box, toWidth, toHeight);
      const turned = { ...upright, b: 1e-13, c: 1e-13 };
      const pyramid = createPyramid(image);
      assert.deepEqual(
        warp(pyramid, upright, toWidth, toHeight, 127),
        warp(pyramid, turned, toWidth, toHeight, 127),
      );
    }
  }
});

test('a picture is scaled down once for all that is cut out of it', () => {
  const image = gradient(64, 48);
  const half = pyramidOf(image).level(1);
  assert.equal(pyramidOf(image).level(1), half);
  assert.deepEqual(half, halve(image));
  assert.notEqual(pyramidOf({ ...image }).level(1), half);
});
