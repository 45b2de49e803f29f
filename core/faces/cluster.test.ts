import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clusterFaces as clusterCalibrated, type ClusterWithFaces, type SeenFace } from './cluster.ts';
import { similarity, toUnit } from './embedding.ts';
import type { Embedding } from './face.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const clusterFaces = (faces: readonly SeenFace[]): Promise<ClusterWithFaces[]> =>
  clusterCalibrated(faces, CALIBRATION.clustering);

/** A direction of its own for each name, shaken a little. */
function look(name: string, shake = 0): Embedding {
  const random = seeded(1000 * name.charCodeAt(0));
  const shaken = seeded(Math.round(shake * 1e6) + 13);
  const values = Float32Array.from({ length: 64 }, () => random() - 0.5);
  return toUnit(values.map((it) => it + shake * (shaken() - 0.5)))!;
}

type Change = Partial<Omit<SeenFace, 'face'>> & { quality?: number; x?: number; shake?: number };

function seen(name: string, frame: number, { quality = 0.8, x = 10, shake, ...rest }: Change = {}): SeenFace {
  return {
    frame,
    timeMs: frame * 1000,
    width: 200,
    height: 100,
    face: {
      box: { x, y: 20, width: 40, height: 50 },
      score: 0.9,
      landmarks: [0, 1, 2, 3, 4].map(() => ({ x: 0, y: 0 })) as unknown as SeenFace['face']['landmarks'],
      embedding: look(name, shake ?? frame / 10),
      quality: { overall: quality, sizePx: 40, sharpness: 0.5, yaw: 0, roll: 0, detector: 0.9 },
    },
    ...rest,
  };
}

test('faces of one person are one person, whatever order they come in', async () => {
  const faces = [seen('a', 0), seen('b', 0, { x: 120 }), seen('a', 1), seen('b', 2), seen('a', 3)];
  const clusters = await clusterFaces(faces);
  assert.deepEqual(
    clusters.map(({ person }) => person.faces.map((it) => it.timeMs)),
    [
      [0, 1000, 3000],
      [0, 2000],
    ],
  );
  assert.deepEqual(await clusterFaces(faces.toReversed()), clusters);
  assert.deepEqual(await clusterFaces([faces[3]!, faces[0]!, faces[4]!, faces[2]!, faces[1]!]), clusters);
});

test('two faces of one frame are two people, and say so', async () => {
  const clusters = await clusterFaces([seen('a', 0), seen('b', 0, { x: 120 }), seen('a', 1), seen('c', 5)]);
  assert.deepEqual(
    clusters.map(({ person }) => [person.key, person.faces.length, person.apartFrom]),
    [
      [0, 2, [1]],
      [1, 1, [0]],
      [2, 1, []],
    ],
  );
});

test('a face that is several times in a frame is one person: a mirror, a collage, two eyes of a stereoscopic film', async () => {
  const inMirrors = [0, 1, 2].flatMap((frame) => [
    seen('a', frame),
    seen('a', frame, { x: 120, shake: 0.2 }),
    seen('b', frame, { x: 240 }),
    seen('b', frame, { x: 360, shake: 0.2 }),
  ]);
  for (const faces of [inMirrors, inMirrors.toReversed()])
    assert.deepEqual(
      (await clusterFaces(faces)).map(({ person }) => [person.faces.length, person.apartFrom.length]),
      [
        [6, 1],
        [6, 1],
      ],
    );
});

test('a template leans to the better faces, and exemplars show different views, best first', async () => {
  const good = seen('a', 0, { quality: 1, shake: 0 });
  const bad = seen('a', 1, { quality: 0.1, shake: 1.1 });
  const same = seen('a', 2, { quality: 0.9, shake: 0.001 });
  const [cluster] = await clusterFaces([bad, same, good]);
  assert.ok(cluster);
  assert.equal(cluster.person.faces.length, 3);
  const { template, exemplars, quality } = cluster.person;
  assert.ok(similarity(template, good.face.embedding) > similarity(template, bad.face.embedding) + 0.1);
  assert.deepEqual(exemplars, [good.face.embedding, bad.face.embedding]);
  assert.equal(quality, 1);
  assert.ok(Math.abs(similarity(template, template) - 1) < 1e-6);
});

test('one glimpse of something that is hardly a face is no person', async () => {
  assert.deepEqual(await clusterFaces([seen('a', 0, { quality: 0.1 })]), []);
  assert.equal(
    (await clusterFaces([seen('a', 0, { quality: 0.1 }), seen('a', 1, { quality: 0.1 })])).length,
    1,
  );
  assert.deepEqual(await clusterFaces([]), []);
});

test('who stays in place is followed through a view that looks like nobody', async () => {
  assert.equal(await pair(12), 1);
  assert.equal(await pair(120), 2);
});

test('boxes are kept as fractions of their frame', async () => {
  const [cluster] = await clusterFaces([seen('a', 0)]);
  assert.deepEqual(cluster?.person.faces[0]?.box, { x: 0.05, y: 0.2, width: 0.2, height: 0.5 });
});

/** How many persons two faces are that are 0.28 alike: too little for two moments far apart. */
async function pair(x: number): Promise<number> {
  const [one, other] = [seen('a', 0), seen('a', 1, { x })];
  const clusters = await clusterFaces([
    { ...one, face: { ...one.face, embedding: direction(0) } },
    { ...other, face: { ...other.face, embedding: direction(Math.acos(0.28)) } },
  ]);
  return clusters.length;
}

function direction(angle: number): Embedding {
  const values = new Float32Array(64);
  values[0] = Math.cos(angle);
  values[1] = Math.sin(angle);
  return toUnit(values)!;
}

function seeded(seed: number): () => number {
  let state = (Math.abs(seed) % 2_147_483_646) + 1;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}
