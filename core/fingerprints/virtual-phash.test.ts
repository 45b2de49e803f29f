import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from '../faces/face.ts';
import { bitsApart } from './bits-apart.ts';
import { chanceOf } from './chance.ts';
import { findPlacement, type Placed } from './find-placement.ts';
import { frameTimes, phashOf } from './phash.ts';
import { createComposer } from './virtual-phash.ts';

const SIDE = 32;

/** Shots of a few seconds, in each of which a light wanders; another seed is another film. */
function pictureOf(seed: number, second: number): RgbImage {
  const shot = Math.floor(second / 7);
  const [light, tilt, fleck] = [1, 2, 3].map((n) => noise(seed * 1000 + shot * 10 + n));
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let y = 0; y < SIDE; y++)
    for (let x = 0; x < SIDE; x++) {
      const wanders = 60 * Math.sin(x / 5 + second / 3 + fleck! * 9);
      const grey = 40 + 150 * light! + (x - SIDE / 2) * 3 * (tilt! - 0.5) + wanders * fleck!;
      data.fill(Math.max(0, Math.min(255, Math.round(grey))), (y * SIDE + x) * 3, (y * SIDE + x) * 3 + 3);
    }
  return { width: SIDE, height: SIDE, data };
}

function noise(n: number): number {
  const value = Math.sin(n * 12.9898) * 43758.5453;
  return value - Math.floor(value);
}

/** The film that plays at these seconds of the original, one picture a second. */
function stripOf(seed: number, seconds: readonly number[]) {
  return {
    pictures: seconds.map((second) => pictureOf(seed, second + 0.5)),
    stepSeconds: 1,
    seconds: seconds.length,
  };
}

const from = (start: number, end: number): number[] =>
  Array.from({ length: end - start }, (_, n) => start + n);
const filmOf = (seed: number, seconds: number) => ({
  hash: phashOf(frameTimes(seconds).map((time) => pictureOf(seed, Math.floor(time) + 0.5))),
  seconds,
});
const bestOf = (...search: Parameters<typeof findPlacement>): Placed | null =>
  Object.values(findPlacement(...search))
    .flatMap(({ best }) => best ?? [])
    .toSorted((a, b) => a.apart - b.apart)[0] ?? null;
const whole = { speed: 1, pieces: [{ from: 0, shift: 0 }] };

test('a hash that is composed is that of the montage', () => {
  for (const seed of [1, 2, 3]) {
    const film = filmOf(seed, 200);
    const apart = createComposer(stripOf(seed, from(0, 200))).apart(film, whole);
    assert.ok(apart !== null && apart <= 6, `${apart} bits`);
  }
  const times = frameTimes(100);
  const mixed = phashOf(times.map((time) => pictureOf(7, Math.floor(time) + 0.5)));
  const other = createComposer(stripOf(8, from(0, 100))).apart({ hash: mixed, seconds: 100 }, whole);
  const directly = bitsApart(mixed, filmOf(8, 100).hash);
  assert.ok(Math.abs(other! - directly) <= 4, `${other} and ${directly} bits`);
});

const CASES: readonly (readonly [
  kind: string,
  seconds: readonly number[],
  offset: number,
  behind: number | null,
])[] = [
  ['8 s are cut at its beginning', from(8, 200), -8, null],
  ['12 s are cut at its end', from(0, 188), 0, null],
  ['an intro of 15 s is before it', [...from(900, 915), ...from(0, 200)], 15, null],
  ['10 s are cut in the middle', [...from(0, 96), ...from(106, 200)], 0, -10],
  ['a trailer of 20 s is in its middle', [...from(0, 110), ...from(700, 720), ...from(110, 200)], 0, 20],
];

for (const [kind, seconds, offset, behind] of CASES)
  test(`a file is found of which ${kind}, with the place where that is`, () => {
    const composer = createComposer(stripOf(5, seconds));
    const best = bestOf(composer, seconds.length, filmOf(5, 200));
    assert.ok(best !== null && best.apart <= 6, `${best?.apart} bits`);
    const [first, second] = best.pieces;
    assert.ok(Math.abs(first!.shift - offset) <= 1, `at ${first!.shift} s`);
    if (behind !== null) assert.ok(Math.abs(second!.shift - behind) <= 1, `then ${second?.shift} s`);
  });

test('a film that runs at 25 pictures a second in place of 24 is found', () => {
  const seconds = from(0, 192).map((second) => (second * 25) / 24);
  const best = bestOf(createComposer(stripOf(5, seconds)), 192, filmOf(5, 200));
  assert.ok(best !== null && best.apart <= 6, `${best?.apart} bits`);
});

test('another film is nowhere as near, and a file that holds too little of it is not compared', () => {
  for (const seed of [11, 12, 13]) {
    const best = bestOf(createComposer(stripOf(seed, from(0, 192))), 192, filmOf(5, 200));
    assert.ok(best !== null && chanceOf(best.apart, 100) > 1e-4, `${best?.apart} bits`);
  }
  assert.equal(createComposer(stripOf(5, from(0, 90))).apart(filmOf(5, 200), whole), null);
});

test('the more is compared, the likelier another film agrees by chance', () => {
  assert.ok(chanceOf(4, 100) < chanceOf(4, 10_000));
  assert.ok(chanceOf(4, 100) < chanceOf(8, 100));
  assert.equal(chanceOf(30, 1), 1);
});
