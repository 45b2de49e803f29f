import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from '../faces/face.ts';
import { firstEye, namedLayout, stereoLayout } from './stereo.ts';

const WIDTH = 320;
const HEIGHT = 160;

/** A picture of which `luma` gives the brightness at a place, both 0…1. */
function picture(luma: (x: number, y: number) => number, width = WIDTH, height = HEIGHT): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      data.fill(Math.round(255 * luma(x / width, y / height)), 3 * (y * width + x), 3 * (y * width + x) + 3);
  return { width, height, data };
}

/** Something with structure everywhere that does not repeat. */
function scene(x: number, y: number): number {
  return (
    0.5 + 0.2 * Math.sin(9 * x + 4 * y * y) + 0.2 * Math.cos(13 * y - 5 * x * x) + 0.1 * Math.sin(31 * x * y)
  );
}
const sideBySide = picture((x, y) => scene((x * 2) % 1, y));
/** The right eye sees everything a little further left. */
const withParallax = picture((x, y) => (x < 0.5 ? scene(2 * x, y) : scene(2 * x - 1 + 0.05, y)));
const overUnder = picture((x, y) => scene(x, (y * 2) % 1));
const plain = picture(scene);
const symmetric = picture((x, y) => scene(Math.abs(x - 0.5), y));
/** Two people in front of one wall. */
const twins = picture((x, y) => {
  const head = (cx: number, tone: number): number => (Math.hypot((x - cx) * 2, y - 0.45) < 0.22 ? tone : 0);
  return 0.3 + 0.2 * y + head(0.25, 0.4 * y) + head(0.72, 0.5 - 0.6 * y);
});
const black = picture(() => 0.01);

test('frames that hold a picture twice are told, with and without parallax, and others are not', () => {
  for (const [images, layout, remark] of [
    [[sideBySide], 'side-by-side', 'side by side'],
    [[withParallax, withParallax], 'side-by-side', 'each eye from its own place'],
    [[overUnder], 'over-under', 'over under'],
    [[black, sideBySide, black], 'side-by-side', 'black frames tell nothing'],
    [[black], null, 'black alone'],
    [[plain], null, 'one picture'],
    [[symmetric], null, 'a symmetric room'],
    [[twins], null, 'twins'],
    [[sideBySide, plain, plain], null, 'a split screen for a moment'],
  ] as const)
    assert.equal(stereoLayout(images, null), layout, remark);
});

test('a name never decides alone', () => {
  assert.equal(stereoLayout([plain], 'side-by-side'), null);
  assert.equal(stereoLayout([overUnder], 'side-by-side'), 'over-under');
});

test('names of 3D and VR films are known, and ordinary ones are none', () => {
  for (const [name, layout] of [
    ['/v/Scene_180_LR.mp4', 'side-by-side'],
    ['a film.3D.HSBS.mkv', 'side-by-side'],
    ['a-half-sbs.mp4', 'side-by-side'],
    ['studio_180x180_3dh.mp4', 'side-by-side'],
    ['a film 3D H-OU.mkv', 'over-under'],
    ['x_360_TB.mp4', 'over-under'],
    ['Album cover.mp4', null],
    ['clair obscur.mp4', null],
    ['/LR/a film.mp4', null],
  ] as const)
    assert.equal(namedLayout(name), layout, name);
});

test('one eye is half of the frame, and a squeezed one gets its own shape back', () => {
  const eye = firstEye(sideBySide, 'side-by-side', false);
  assert.deepEqual([eye.width, eye.height], [160, 160]);
  assert.equal(eye.data[3 * 37], sideBySide.data[3 * 37]);
  const stretched = firstEye(sideBySide, 'side-by-side', true);
  assert.deepEqual([stretched.width, stretched.height], [320, 160]);
  assert.ok(Math.abs(stretched.data[3 * 161]! - sideBySide.data[3 * 80]!) < 3);
  const tall = firstEye(overUnder, 'over-under', true);
  assert.deepEqual([tall.width, tall.height], [320, 160]);
});
