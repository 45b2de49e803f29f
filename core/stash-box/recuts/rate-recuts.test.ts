import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from '../../faces/face.ts';
import { frameTimes, phashOf } from '../../fingerprints/phash.ts';
import { createComposer } from '../../fingerprints/virtual-phash.ts';
import type { BoxScene } from '../../ports/boxes/box-scenes.ts';
import { rateRecuts } from './rate-recuts.ts';

const [SECONDS, SIDE] = [100, 16];

/** Of one shot: a light wanders through a picture that stays. @param strength of the light, 0 to 255 */
function pictureAt(second: number, strength: number): RgbImage {
  const data = new Uint8Array(SIDE * SIDE * 3);
  for (let n = 0; n < SIDE * SIDE; n++) {
    const [x, y] = [n % SIDE, Math.floor(n / SIDE)];
    const wanders = strength * Math.sin(x / 3 + second * 1.7) * Math.cos(y / 4 + second * 0.9);
    data.fill(Math.round(110 + 4 * (x - 8) + wanders), n * 3, n * 3 + 3);
  }
  return { width: SIDE, height: SIDE, data };
}

async function rated(strength: number) {
  const hash = phashOf(frameTimes(SECONDS).map((time) => pictureAt(Math.floor(time), strength)));
  const theirs = {
    id: '1',
    fingerprints: [{ algorithm: 'PHASH', hash, seconds: SECONDS, submissions: 1, reports: 0 }],
  } as unknown as BoxScene;
  const pictures = Array.from({ length: SECONDS }, (_, second) => pictureAt(second, strength));
  const composer = createComposer({ pictures, stepSeconds: 1, seconds: SECONDS });
  return await rateRecuts([{ seconds: SECONDS, composer }], [theirs]);
}

test('a film in which the picture hardly changes is shown to choose, however near its hash is, and is never sure', async () => {
  const [moving] = await rated(60);
  assert.ok(moving?.isStrong, `${moving?.recut.apart} bits`);
  const [still] = await rated(5);
  assert.deepEqual([still?.isStrong, still!.recut.apart <= 8], [false, true]);
});
