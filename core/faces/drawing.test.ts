import assert from 'node:assert/strict';
import { test } from 'node:test';
import { looksDrawn } from './drawing.ts';
import type { RgbImage } from './face.ts';

const SIDE = 200;
const WHOLE = { x: 0, y: 0, width: SIDE, height: SIDE };

test('areas of one colour with hard lines between are a drawing', () => {
  assert.equal(looksDrawn(paint(cartoon), WHOLE), true);
});

test('a drawing is one at any size, also where its box reaches over the edge', () => {
  const large = paint((x, y) => cartoon(x / 4, y / 4), 4 * SIDE);
  assert.equal(looksDrawn(large, { x: -20, y: -20, width: 4 * SIDE, height: 4 * SIDE }), true);
});

for (const [what, colour] of [
  ['shades without lines', (x: number, y: number) => 120 + 60 * Math.sin(x / 40) + y / 5],
  ['lines on grain, as a camera makes them', (x: number, y: number) => cartoon(x, y) + grain(x, y)],
  ['one colour without lines: a face out of focus', () => 140],
] as const)
  test(`${what} are none`, () => {
    assert.equal(looksDrawn(paint(colour), WHOLE), false);
  });

test('a box outside of the picture is none', () => {
  assert.equal(looksDrawn(paint(cartoon), { x: 500, y: 500, width: 50, height: 50 }), false);
});

/** Skin, and every few pixels a black line. */
function cartoon(x: number, y: number): number {
  return Math.floor(x) % 20 < 2 || Math.floor(y) % 20 < 2 ? 20 : 200;
}

/** Within eight steps, the same for the same place. */
function grain(x: number, y: number): number {
  return ((x * 7919 + y * 104_729) % 17) - 8;
}

function paint(colour: (x: number, y: number) => number, side = SIDE): RgbImage {
  const data = new Uint8ClampedArray(side * side * 3);
  for (let y = 0; y < side; y++)
    for (let x = 0; x < side; x++) data.fill(colour(x, y), (y * side + x) * 3, (y * side + x) * 3 + 3);
  return { width: side, height: side, data: new Uint8Array(data.buffer) };
}
