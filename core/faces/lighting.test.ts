import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from './face.ts';
import { measureLight } from './lighting.ts';

function picture(width: number, height: number, luma: (x: number, y: number) => number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++) data.fill(luma(x, y), (y * width + x) * 3, (y * width + x) * 3 + 3);
  return { width, height, data };
}

test('light is mean, deviation and the brightest twentieth', () => {
  const light = measureLight(
    picture(60, 60, (x) => (x % 2 === 0 ? 50 : 150)),
    { x: 0, y: 0, width: 60, height: 60 },
  );
  assert.deepEqual(light, { mean: 100, deviation: 50, bright: 150 });
});

test('bars around a picture say nothing of its light', () => {
  const inBars = picture(100, 100, (x, y) => (y < 40 ? 0 : x % 2 === 0 ? 100 : 120));
  assert.deepEqual(measureLight(inBars), { mean: 110, deviation: 10, bright: 120 });
});

test('a part may reach outside; nothing at all has no light', () => {
  const grey = picture(20, 20, () => 80);
  assert.equal(measureLight(grey, { x: -5, y: 15, width: 50, height: 50 })?.mean, 80);
  assert.equal(measureLight(grey, { x: 30, y: 30, width: 5, height: 5 }), null);
  assert.equal(measureLight(grey), null);
});
