import assert from 'node:assert/strict';
import { test } from 'node:test';
import { aPerson, anObservation, aVector } from '../../test/fakes/context.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';
import type { FaceCluster, ObservationWithCrops, ObservedFace } from '../faces/observation.ts';
import { keepPointedAt, withPointedAt } from './pointed-at.ts';

const { clustering } = CALIBRATION;
const [FACE] = aPerson(0).faces as [ObservedFace];
const at = (timeMs: number, x = 0.1): ObservedFace => ({
  ...FACE,
  timeMs,
  box: { ...FACE.box, x },
  pointedAt: true,
});

/** With a crop of each person. */
function seen(...persons: FaceCluster[]): ObservationWithCrops {
  const landmarks = [0, 1, 2, 3, 4].map((x) => ({ x, y: 0 })) as never;
  const crops = persons.map(({ key }) => ({
    jpeg: Uint8Array.of(key),
    width: 1,
    height: 1,
    landmarks,
    personKey: key,
    rank: 0,
    timeMs: 1,
  }));
  return { observation: anObservation(1, { persons }), crops };
}

const facesOf = ({ observation }: ObservationWithCrops): unknown =>
  observation.persons.map(({ key, faces, apartFrom }) => [key, faces.map(({ timeMs }) => timeMs), apartFrom]);

test('a face of a known person joins them, and any other is somebody new, apart from who is in the same frame', () => {
  const known = seen(aPerson(0), aPerson(1));
  const found = seen(
    aPerson(0, { template: aVector(1), exemplars: [aVector(1)], faces: [at(9000)] }),
    aPerson(1, { template: aVector(4), exemplars: [aVector(4)], faces: [at(9000, 0.6)] }),
  );
  const both = withPointedAt(known, found, clustering, 3);
  assert.deepEqual(both.keys, [1, 2]);
  assert.deepEqual(facesOf(both), [
    [0, [1000], []],
    [1, [2000, 9000], [2]],
    [2, [9000], [1]],
  ]);
  assert.deepEqual(
    both.crops.map(({ personKey, rank }) => [personKey, rank]),
    [
      [0, 0],
      [1, 0],
      [1, 1],
      [2, 0],
    ],
  );
});

test('who is in the same frame already is somebody else, however alike; the same face is not counted twice', () => {
  const known = seen(aPerson(0));
  const twin = seen(aPerson(0, { faces: [at(1000, 0.7)] }));
  assert.deepEqual(withPointedAt(known, twin, clustering, 3).keys, [1]);
  const same = withPointedAt(known, seen(aPerson(0, { faces: [at(1000)] })), clustering, 3);
  assert.deepEqual(
    [same.keys, same.observation.persons, same.crops.length],
    [[0], known.observation.persons, 1],
  );
});

test('of a new look that did not find them those stay whom somebody pointed at, and of the others nothing', () => {
  const before = withPointedAt(
    seen(aPerson(0), aPerson(1)),
    seen(aPerson(0, { template: aVector(4), exemplars: [aVector(4)], faces: [at(9000)] })),
    clustering,
    3,
  );
  assert.deepEqual(facesOf(keepPointedAt(before, seen(aPerson(0)), clustering, 3)), [
    [0, [1000], []],
    [1, [9000], []],
  ]);
  const found = seen(aPerson(0, { template: aVector(4), exemplars: [aVector(4)] }));
  assert.deepEqual(facesOf(keepPointedAt(before, found, clustering, 3)), [[0, [1000, 9000], []]]);
});
