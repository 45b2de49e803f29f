import assert from 'node:assert/strict';
import { test } from 'node:test';
import { measureTwinDistances, portraits } from '../bench/twin-distance.ts';

/** Of the pixels both engines are given; what is left is the order of additions. */
const SAME_PIXELS = 0.0001;
/** sharp and ffmpeg shrink pictures differently. A match needs a similarity of 0.4 and more, so this moves none. */
const OWN_READER = 0.02;

test('vectors of the portable twins lie beside those of the compiled packages', async () => {
  // The two that lie farthest apart are among them; `npm run bench:twins` measures all.
  const pictures = portraits().filter((name, i) => i % 3 === 0 || /guru2|snl/.test(name));
  const distances = await measureTwinDistances(pictures);
  assert.ok(distances.length >= 10, `only ${distances.length} faces were compared`);
  for (const { picture, engine, whole } of distances) {
    assert.ok(engine < SAME_PIXELS, `${picture}: the engines are ${engine} apart`);
    assert.ok(whole < OWN_READER, `${picture}: with its own reader of pictures it is ${whole} apart`);
  }
});
