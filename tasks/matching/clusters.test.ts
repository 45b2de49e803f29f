import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isContentId, type ContentId } from '../../core/content-id.ts';
import type { Embedding } from '../../core/faces/face.ts';
import type { Observation, FaceCluster } from '../../core/faces/observation.ts';
import { listPersons, mergeClusters } from './clusters.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const [A, B, C] = ['a', 'b', 'c'].map((it) => `md5:${it.repeat(32)}`).filter(isContentId) as [
  ContentId,
  ContentId,
  ContentId,
];

test('with one file the numbers are those of what was seen in it', async () => {
  const seen = listPersons([A], new Map([[A, observed(A, [0, 1])]]));
  assert.deepEqual(
    (await mergeClusters(seen, CALIBRATION.clustering)).map(({ person, members }) => [
      person.key,
      members.length,
    ]),
    [
      [0, 1],
      [1, 1],
    ],
  );
});

test('numbers go on from file to file, and a file nobody has looked at takes none', async () => {
  const seen = listPersons(
    [A, B, C],
    new Map([
      [A, observed(A, [0, 1])],
      [C, observed(C, [2])],
    ]),
  );
  assert.deepEqual(
    seen.map(({ key, contentId }) => [key, contentId]),
    [
      [0, A],
      [1, A],
      [2, C],
    ],
  );
});

test('who is in several pictures is one person, with the best look first; two of one picture are two', async () => {
  const seen = listPersons(
    [A, B, C],
    new Map([
      [A, observed(A, [0, 0])],
      [B, observed(B, [0], 0.9)],
      [C, observed(C, [1])],
    ]),
  );
  const merged = await mergeClusters(seen, CALIBRATION.clustering);
  assert.deepEqual(
    merged.map(({ members }) => members.map(({ key }) => key)).toSorted((a, b) => a.length - b.length),
    [[1], [3], [2, 0]].toSorted((a, b) => a.length - b.length),
  );
  const both = merged.find(({ members }) => members.length === 2);
  assert.equal(both?.person.key, 2);
  assert.equal(both?.person.quality, 0.9);
  // The other one of picture A.
  assert.deepEqual(both?.person.apartFrom, [1]);
});

function observed(contentId: ContentId, axes: readonly number[], quality = 0.5): Observation {
  return {
    contentId,
    media: 'picture',
    sizeBytes: 1,
    durationMs: null,
    packId: 'test',
    samplingVersion: 1,
    frameCount: 1,
    observedAt: 1,
    persons: axes.map((axis, key): FaceCluster => ({
      key,
      template: vector(axis),
      exemplars: [vector(axis)],
      faces: [],
      quality,
      apartFrom: [],
    })),
  };
}

function vector(axis: number): Embedding {
  const values = new Float32Array(4);
  values[axis] = 1;
  return values as Embedding;
}
