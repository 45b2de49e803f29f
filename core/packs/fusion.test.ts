import assert from 'node:assert/strict';
import { test } from 'node:test';
import { similarity, toUnit, vectorNorm } from '../faces/embedding.ts';
import type { Embedding } from '../faces/face.ts';
import type { FaceCluster } from '../faces/observation.ts';
import { fuse, fusedClusters } from './fusion.ts';

const fusion = { adds: [{ embedder: 'second', dimensions: 2, share: 0.4 }] };
const unit = (...values: number[]): Embedding => toUnit(Float32Array.from(values))!;
const near = (a: number, b: number): void => assert.ok(Math.abs(a - b) < 1e-6, `${a} is not ${b}`);

test('two fused embeddings are as similar as their parts, by share', () => {
  const [one, other] = [unit(1, 2, 2), unit(2, 1, -2)];
  const [a, b] = [unit(3, 4), unit(4, 3)];
  const fused = fuse(one, { second: a }, fusion);
  near(vectorNorm(fused), 1);
  near(
    similarity(fused, fuse(other, { second: b }, fusion)),
    0.6 * similarity(one, other) + 0.4 * similarity(a, b),
  );
  near(similarity(fused, fused), 1);
});

test('without its second part an embedding is a unit vector too, and less similar to whole ones', () => {
  const [own, second] = [unit(1, 2, 2), unit(3, 4)];
  const bare = fuse(own, {}, fusion);
  near(vectorNorm(bare), 1);
  assert.equal(bare.length, 5);
  near(similarity(bare, fuse(own, { second }, fusion)), Math.sqrt(0.6));
  near(similarity(bare, fuse(own, { other: second }, fusion)), 1);
});

test('the crops of a cluster stand for all its faces: the template and every exemplar', () => {
  const cluster: FaceCluster = {
    key: 3,
    template: unit(1, 0, 0),
    exemplars: [unit(0, 1, 0)],
    faces: [],
    quality: 1,
    apartFrom: [],
  };
  const crops = [
    { personKey: 3, added: { second: unit(1, 0) } },
    { personKey: 3, added: { second: unit(0, 1) } },
    { personKey: 3 },
    { personKey: 4, added: { second: unit(-1, 0) } },
  ];
  const added = { second: unit(1, 1) };
  assert.deepEqual(fusedClusters([cluster], crops, fusion), [
    {
      ...cluster,
      template: fuse(cluster.template, added, fusion),
      exemplars: [fuse(cluster.exemplars[0]!, added, fusion)],
    },
  ]);
  assert.deepEqual(fusedClusters([cluster], [], fusion)[0]?.template, fuse(cluster.template, {}, fusion));
});
