import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from '../faces/face.ts';
import { bitsApart, isTelling } from './bits-apart.ts';
import { cosine } from './go-cosine.ts';
import { frameTimes, FRAMES, phashOf } from './phash.ts';

type Kind = 'waves' | 'noise' | 'slope' | 'grey' | 'black';

function makeFrame(kind: Kind, n: number, width: number, height: number): RgbImage {
  const data = new Uint8Array(width * height * 3);
  let seed = n * 7919 + 1;
  let at = 0;
  for (let y = 0; y < height; y++)
    for (let x = 0; x < width; x++)
      for (let channel = 0; channel < 3; channel++) {
        if (kind === 'noise') seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
        data[at++] = {
          waves: Math.floor((x * x) / 7) + y * 3 * (n + 1) + channel * 40 + n * n,
          noise: seed >>> 24,
          slope: Math.floor((x + y * 2 + n * 9 + channel * 5) / 4),
          grey: n * 10,
          black: 0,
        }[kind];
      }
  return { width, height, data };
}

/** What goimagehash v1.1.0, nfnt/resize and disintegration/imaging v1.6.2 made of such frames. `isMixed`: they are not of one height. */
const VECTORS: readonly (readonly [Kind, number, number, boolean, string])[] = [
  ['waves', 160, 90, false, 'a116edcbfff90200'],
  ['waves', 160, 284, false, 'a1a2410cf97f536b'],
  ['waves', 160, 2, false, 'b0003d0affee047f'],
  ['noise', 160, 90, false, 'db49227573b0a8f1'],
  ['noise', 160, 120, false, 'db412a67771bac21'],
  ['slope', 160, 68, false, 'a04e9b35aa5f6435'],
  ['grey', 160, 90, false, 'af10c7788389d6a7'],
  ['black', 160, 90, false, '0000000000000000'],
  ['waves', 160, 90, true, 'f2d8f209a3f2a389'],
  ['waves', 12, 12, false, 'bb0b041c6b736b5c'],
  ['noise', 3, 5, false, 'e6d479c35c44592d'],
];

for (const [kind, width, height, isMixed, expected] of VECTORS)
  test(`the hash of ${kind}, ${width} x ${height}${isMixed ? ' and others' : ''}, is that of Go's libraries`, () => {
    const frames = Array.from({ length: FRAMES }, (_, n) =>
      makeFrame(kind, n, width, height + (isMixed ? [0, -20, 30][n % 3]! : 0)),
    );
    assert.equal(phashOf(frames), expected);
  });

test('the cosine is that of Go, to the last bit', () => {
  const cosines = [0.5, 1.5, 20.5, 31.5].map((n) => cosine((n * Math.PI) / 64) * 2);
  assert.deepEqual(
    cosines,
    [1.9993976373924083, 1.9945809133573804, 1.0699952397741948, 0.049082457045824535],
  );
  assert.equal(cosine(Math.PI / 4) * 2, Math.SQRT2);
});

test('frames are taken from the first twentieth to the last', () => {
  assert.deepEqual(frameTimes(100).slice(0, 2), [5, 5 + 3.6]);
  assert.equal(frameTimes(100).length, 25);
  assert.deepEqual(new Set(frameTimes(0)), new Set([0]));
});

test('hashes are compared by their bits, and one of a picture without a pattern tells nothing', () => {
  assert.equal(bitsApart('ffffffffffffffff', 'fffffffffffffffe'), 1);
  assert.equal(bitsApart('a116edcbfff90200', 'a116edcbfff90200'), 0);
  assert.equal(bitsApart('8000000000000000', '7fffffffffffffff'), 64);
  assert.deepEqual(['0000000000000000', '8000000000000000', 'af10c7788389d6a7'].map(isTelling), [
    false,
    false,
    true,
  ]);
});
