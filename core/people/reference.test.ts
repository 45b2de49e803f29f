import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toUnit } from '../faces/embedding.ts';
import type { Embedding, Face } from '../faces/face.ts';
import { findOutliers, selectReferenceFace, type ReferenceToCheck } from './reference.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

function face(sizePx: number, overall = 0.9): Face {
  return {
    box: { x: 0, y: 0, width: sizePx, height: sizePx },
    score: 0.9,
    landmarks: [0, 1, 2, 3, 4].map(() => ({ x: 0, y: 0 })) as unknown as Face['landmarks'],
    embedding: toUnit(Float32Array.of(1, 0))!,
    quality: { overall, sizePx, sharpness: 0.5, yaw: 0, roll: 0, detector: 0.9 },
  };
}

const GREY = { width: 300, height: 300, data: new Uint8Array(300 * 300 * 3).fill(128) };

test('a drawn face is told as such and not used', () => {
  const stripes = GREY.data.map((_, i) => (Math.floor(i / 3) % 10 < 2 ? 0 : 255));
  assert.deepEqual(selectReferenceFace([face(200)], { ...GREY, data: stripes }, CALIBRATION.references), {
    state: 'drawing',
    face: null,
  });
});

test('a picture is used when it shows one face well, or one much larger than the others', () => {
  const large = face(200);
  for (const [faces, expected, remark] of [
    [[large], 'used', 'one face'],
    [[large, face(60)], 'used', 'somebody in the background'],
    [[large, face(150)], 'several-faces', 'a couple'],
    [[], 'no-face', 'nobody'],
    [[face(200, 0.05)], 'no-face', 'too blurred to say who'],
    [[face(200, 0.05), face(150)], 'several-faces', 'one of two blurred'],
  ] as const) {
    const check = selectReferenceFace(faces, GREY, CALIBRATION.references);
    assert.equal(check.state, expected, remark);
    assert.equal(check.face, expected === 'used' ? large : null, remark);
  }
});

/** Unit vectors in a plane: 60 degrees apart is 0.5 alike, 80 degrees 0.17. */
function at(degrees: number): Embedding {
  return toUnit(Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)))!;
}
function reference(
  id: string,
  degrees: number,
  source: ReferenceToCheck['source'] = 'image',
): ReferenceToCheck {
  return { id, embedding: at(degrees), quality: 0.9, source };
}
const outliers = (...references: ReferenceToCheck[]): string[] =>
  [...findOutliers(references, CALIBRATION.references)].toSorted();

test('pictures unlike the profile picture are put aside, however many agree with one another', () => {
  assert.deepEqual(
    outliers(reference('p', 0, 'profile'), reference('a', 20), reference('x', 90), reference('y', 95)),
    ['x', 'y'],
  );
});

test('a picture that is like others of the performer counts, though the profile picture looks different', () => {
  assert.deepEqual(outliers(reference('p', 0, 'profile'), reference('a', 60), reference('b', 85)), []);
});

test('what the user confirmed is never put aside and speaks for others', () => {
  assert.deepEqual(
    outliers(reference('p', 0, 'profile'), reference('c', 100, 'confirmed'), reference('a', 110)),
    [],
  );
});

test('without a profile picture the largest group that agrees is the performer', () => {
  assert.deepEqual(outliers(reference('a', 0), reference('b', 10), reference('c', 20), reference('x', 120)), [
    'x',
  ]);
  assert.deepEqual(outliers(reference('a', 0), reference('x', 120)), [], 'of two nobody can be blamed');
  assert.deepEqual(outliers(), []);
});
