import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALIGNED_LANDMARKS } from './alignment.ts';
import { faceQuality, headPose, measureSharpness } from './quality.ts';
import { mapLandmarks } from './geometry.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const good = { sizePx: 120, sharpness: 0.75, yaw: 0, roll: 0, detector: 1 };

test('a face like the template looks at the camera and stands upright', () => {
  const { yaw, roll } = headPose(ALIGNED_LANDMARKS);
  assert.ok(Math.abs(yaw) < 5);
  assert.ok(Math.abs(roll) < 1);
});

test('a tilt of the head is its roll and leaves the yaw as it is', () => {
  for (const degrees of [-80, -30, 45, 120]) {
    const turn = (degrees * Math.PI) / 180;
    const tilted = mapLandmarks(ALIGNED_LANDMARKS, ({ x, y }) => ({
      x: x * Math.cos(turn) - y * Math.sin(turn),
      y: x * Math.sin(turn) + y * Math.cos(turn),
    }));
    const { yaw, roll } = headPose(tilted);
    assert.ok(Math.abs(roll - degrees) < 1, `${roll} is not ${degrees}`);
    assert.ok(Math.abs(yaw - headPose(ALIGNED_LANDMARKS).yaw) < 0.1);
  }
});

test('a nose beside the middle is a turned head, to the side it lies on', () => {
  const [eye, otherEye, nose, mouth, otherMouth] = ALIGNED_LANDMARKS;
  const withNose = (offset: number) =>
    headPose([eye, otherEye, { x: nose.x + offset, y: nose.y }, mouth, otherMouth]).yaw;
  assert.ok(withNose(-12) < -15);
  assert.ok(withNose(12) > 15);
  assert.ok(withNose(20) > withNose(12));
  assert.ok(withNose(500) <= 90);
});

test('points that coincide are a head turned away and no crash', () => {
  assert.deepEqual(headPose(mapLandmarks(ALIGNED_LANDMARKS, () => ({ x: 1, y: 1 }))), { yaw: 90, roll: 0 });
});

/** Grey stripes. */
const stripes = (value: (x: number) => number) => ({
  width: 64,
  height: 64,
  data: Uint8Array.from({ length: 64 * 64 * 3 }, (_, i) => value(Math.floor(i / 3) % 64)),
});

test('edges are sharp, a ramp is not, and one colour has no sharpness at all', () => {
  assert.ok(measureSharpness(stripes((x) => (x % 8 < 4 ? 40 : 200))) > 0.9);
  assert.ok(measureSharpness(stripes((x) => x * 4)) < 0.1);
  assert.equal(measureSharpness(stripes(() => 90)), 0);
});

test('contrast alone does not make a face sharper', () => {
  const [faint, strong] = [
    [80, 170],
    [20, 230],
  ].map(([low, high]) =>
    measureSharpness(stripes((x) => low! + (high! - low!) * (0.5 + 0.5 * Math.sin(x / 2)))),
  );
  assert.ok(Math.abs(faint! - strong!) < 0.05);
});

const overall = (change: Partial<typeof good>, embeddingNorm: number): number =>
  faceQuality({ ...good, ...change }, embeddingNorm, CALIBRATION.quality).overall;

test('quality falls with the embedding norm, with blur and with a head turned away, from 1 to 0', () => {
  assert.equal(overall({}, 4), 1);
  assert.ok(overall({}, 3.2) < overall({}, 3.6));
  assert.ok(overall({ sharpness: 0.2 }, 3.6) < overall({}, 3.6));
  assert.ok(overall({ yaw: -70 }, 4) < 0.6);
  assert.equal(overall({ sharpness: 0.1 }, 2.2), 0);
});
