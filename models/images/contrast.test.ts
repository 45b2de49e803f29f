import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RgbImage } from '../../core/faces/face.ts';
import { applyGamma, blur3x3, stretchContrast } from './contrast.ts';

const image = (value: (i: number) => number): RgbImage => ({
  width: 32,
  height: 32,
  data: Uint8Array.from({ length: 32 * 32 * 3 }, (_, i) => value(i)),
});
/** Mean square distance from 120. */
const spread = ({ data }: RgbImage): number => data.reduce((sum, v) => sum + (v - 120) ** 2, 0) / data.length;
const mean = ({ data }: RgbImage): number => data.reduce((sum, it) => sum + it, 0) / data.length;

test('a dark picture is brought up to the mean asked for, and a bright one is left alone', () => {
  const dark = image((i) => 10 + (i % 20));
  assert.ok(Math.abs(mean(applyGamma(dark, 80)) - 80) < 12);
  const bright = image((i) => 150 + (i % 20));
  assert.equal(applyGamma(bright, 80), bright);
});

test('a black picture does not become noise', () => {
  assert.ok(
    mean(
      applyGamma(
        image(() => 0),
        80,
      ),
    ) < 1,
  );
  assert.ok(stretchContrast(image(() => 0)).data.every((it) => it === 10));
});

test('stretched grey has no colour and uses the whole range', () => {
  const { data } = stretchContrast(image((i) => 40 + (Math.floor(i / 3) % 40)));
  for (let i = 0; i < data.length; i += 3) assert.ok(data[i] === data[i + 1] && data[i] === data[i + 2]);
  assert.ok(Math.min(...data) < 20 && Math.max(...data) > 220);
});

test('softening takes grain off and keeps the light', () => {
  const grainy = image((i) => (i % 2 ? 180 : 60));
  const soft = blur3x3(blur3x3(grainy));
  assert.ok(spread(soft) < spread(grainy) / 3);
  assert.ok(Math.abs(mean(soft) - mean(grainy)) < 3);
});
