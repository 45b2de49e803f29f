import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Embedding } from '../../../core/faces/face.ts';
import {
  crossFoldedPoint,
  detCurve,
  extrapolatedTail,
  operatingPoint,
  percentile,
  thresholdAtFpir,
  type Trial,
} from './open-set.ts';
import { findDoubles, rateFrom } from './pairs.ts';
import { type Entry, mergeKnown } from './people.ts';
import { castPeople } from './split.ts';
import { parseVectors, stringifyVectors } from './look-cache.ts';

const known = (score: number, isRight = true): Trial => ({ isKnown: true, score, isRight });
const stranger = (score: number, repeats = 1): Trial => ({ isKnown: false, score, isRight: false, repeats });

test('of known people those count who are named rightly, of strangers those who are named at all', () => {
  const trials = [known(0.9), known(0.8), known(0.7, false), known(0.2), stranger(0.75), stranger(0.1)];
  const { tpir, fpir, wrong } = operatingPoint(trials, 0.7);
  assert.deepEqual([tpir.share, fpir.share, wrong.share], [0.5, 0.5, 0.25]);
  assert.deepEqual([tpir.n, fpir.n, wrong.n], [4, 2, 4]);
  assert.ok(tpir.low > 0.1 && tpir.high < 0.9);
});

test('the threshold of a false positive rate is the lowest at which no more strangers are named', () => {
  const strangers = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((score) => stranger(score));
  for (const [rate, named] of [
    [0, 0],
    [0.1, 1],
    [0.25, 2],
    [1, 10],
  ] as const) {
    const threshold = thresholdAtFpir(strangers, rate);
    assert.equal(strangers.filter(({ score }) => score >= threshold).length, named, String(rate));
  }
  const tied = [stranger(0.5), stranger(0.5), stranger(0.4)];
  assert.equal(operatingPoint(tied, thresholdAtFpir(tied, 0.34)).fpir.share, 0);
});

test('a stranger who is looked for in three galleries counts once', () => {
  const trials = [stranger(0.9, 3), stranger(0.2, 3), stranger(0.1, 3), stranger(0.3)];
  const { fpir } = operatingPoint(trials, 0.5);
  assert.ok(Math.abs(fpir.share - 1 / 6) < 1e-9);
  assert.equal(fpir.n, 2);
});

test('DET falls where more strangers are allowed', () => {
  const trials = [known(0.95), known(0.5), known(0.05), stranger(0.6), stranger(0.1)];
  assert.deepEqual(
    detCurve(trials, [0, 0.5, 1]).map(({ fpir, fnir }) => [fpir, Math.round(fnir * 100)]),
    [
      [0, 67],
      [0.5, 33],
      [1, 0],
    ],
  );
});

test('nobody is judged by a threshold that was chosen on them', () => {
  const trials = [
    { ...stranger(0.9), fold: 0 },
    { ...stranger(0.1), fold: 1 },
    { ...known(0.5), fold: 0 },
    { ...known(0.5), fold: 1 },
  ];
  // On the first fold the threshold of the second, just above 0.1; on the second that of the first, just above 0.9.
  const { tpir, fpir } = crossFoldedPoint(trials, 0);
  assert.deepEqual([tpir.share, fpir.share], [0.5, 0.5]);
});

test('percentiles and rates are those of the sorted values', () => {
  const values = Float32Array.from({ length: 1000 }, (_, n) => n / 1000);
  assert.equal(percentile(values, 1), values[999]);
  assert.equal(percentile(values, 0.5), values[499]);
  assert.equal(rateFrom(values, 0.99).hits, 10);
  assert.equal(rateFrom(values, 2).hits, 0);
});

test('a tail that falls exponentially is found where it was not observed', () => {
  const n = 1_000_000;
  const sorted = Float32Array.from({ length: n }, (_, rank) => -Math.log((n - rank - 0.5) / n) / 50);
  assert.ok(Math.abs(extrapolatedTail(sorted, 1e-8) - Math.log(1e8) / 50) < 0.01);
});

const entry = (id: string, pictures: number, sex: Entry['sex'] = 'unknown'): Entry => ({
  id,
  name: id,
  set: 'made',
  sex,
  pictures: Array.from({ length: pictures }, (_, n) => `${id}/${n}.jpg`),
});

test('entries that are known to be one person are merged along chains', () => {
  const people = mergeKnown(
    [entry('a', 1), entry('b', 1, 'female'), entry('c', 1), entry('d', 2)],
    [
      ['a', 'b'],
      ['c', 'b'],
    ],
  );
  assert.deepEqual(
    people.map(({ sex, entries }) => [sex, entries.map(({ id }) => id).join('')]),
    [
      ['female', 'abc'],
      ['unknown', 'd'],
    ],
  );
});

test('a third of the people with one picture are strangers, and a picture has one role', () => {
  const people = mergeKnown(
    Array.from({ length: 3000 }, (_, n) => entry(`p${n}`, 1 + (n % 10 === 0 ? 2 : 0))),
    [],
  );
  const cast = castPeople(people);
  const strangers = cast.filter(({ references }) => references.length === 0).length;
  assert.ok(Math.abs(strangers / 2700 - 1 / 3) < 0.03, String(strangers));
  for (const { references, probe, person } of cast)
    assert.deepEqual(
      [...references, ...(probe ? [probe] : [])].toSorted(),
      person.entries.flatMap(({ pictures }) => pictures),
    );
  assert.deepEqual(new Set(cast.map(({ fold }) => fold)), new Set([0, 1, 2, 3, 4]));
});

function at(degrees: number): Embedding {
  const angle = (degrees * Math.PI) / 180;
  return Float32Array.of(Math.cos(angle), Math.sin(angle)) as Embedding;
}

test('pairs of one person are found, others of the same similarity are wrong', () => {
  const faces = [
    { entry: entry('a', 1), personId: 'a', embedding: at(0) },
    { entry: entry('b', 1), personId: 'a', embedding: at(20) },
    { entry: entry('c', 1), personId: 'c', embedding: at(50) },
  ];
  assert.deepEqual(findDoubles(faces, [0.9, 0.8, 0.99]), [
    { threshold: 0.9, right: 1, wrong: 0, missed: 0 },
    { threshold: 0.8, right: 1, wrong: 1, missed: 0 },
    { threshold: 0.99, right: 0, wrong: 0, missed: 1 },
  ]);
});

test('vectors survive the cache to the bit', () => {
  const look = { reference: { embedding: Float32Array.of(0.1, -2, 3e-8), quality: 0.5 }, probe: null };
  assert.deepEqual(parseVectors(stringifyVectors(look)), look);
});
