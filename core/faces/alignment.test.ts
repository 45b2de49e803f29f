import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ALIGNED_LANDMARKS, alignFace } from './alignment.ts';
import { applyAffine, mapLandmarks } from './geometry.ts';

test('a face as the template has it, turned and scaled, is aligned without residual', () => {
  const turned = mapLandmarks(ALIGNED_LANDMARKS, ({ x, y }) => ({ x: 300 - 2 * y, y: 40 + 2 * x }));
  const alignment = alignFace(turned);
  assert.ok(alignment);
  assert.ok(alignment.residual < 1e-6);
  assert.ok(Math.abs(alignment.scale - 2) < 1e-6);
  ALIGNED_LANDMARKS.forEach((point, i) => {
    const back = applyAffine(alignment.toPicture, point);
    assert.ok(Math.hypot(back.x - turned[i]!.x, back.y - turned[i]!.y) < 1e-6);
  });
});

test('points that are no face leave a residual that grows with how little they are one', () => {
  const nudged = mapLandmarks(ALIGNED_LANDMARKS, ({ x, y }) => ({ x: x + (y > 70 ? 6 : 0), y }));
  const [eye, otherEye, , mouth, otherMouth] = ALIGNED_LANDMARKS;
  const scrambled = alignFace([mouth, otherEye, eye, otherMouth, ALIGNED_LANDMARKS[2]]);
  const little = alignFace(nudged);
  assert.ok(little && scrambled);
  assert.ok(little.residual > 0.5 && little.residual < 5);
  assert.ok(scrambled.residual > 14);
});

test('points that coincide cannot be aligned', () => {
  assert.equal(alignFace(mapLandmarks(ALIGNED_LANDMARKS, () => ({ x: 5, y: 5 }))), null);
});
