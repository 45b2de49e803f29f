import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toUnit } from '../faces/embedding.ts';
import { identifyClusters, type ClusterCandidates } from './identify.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const calibration = CALIBRATION.matching;

const NOWHERE = toUnit(Float32Array.of(1, 0))!;

/** A person and whom they resemble: `{ ann: 0.8, bob: 0.3 }`. */
function person(
  key: number,
  likenesses: Record<string, number>,
  apartFrom: readonly number[] = [],
): ClusterCandidates {
  return {
    person: { key, template: NOWHERE, exemplars: [], faces: [], quality: 0.9, apartFrom },
    candidates: Object.entries(likenesses)
      .toSorted(([, one], [, other]) => other - one)
      .map(([name, similarity]) => ({
        personId: `dir:${name}`,
        performerId: null,
        name,
        similarity,
        referenceId: `${name}/0`,
      })),
  };
}

function decide(
  likenesses: readonly ClusterCandidates[],
  options: { gallerySize?: number; matchConfidence?: number } = {},
) {
  return identifyClusters(likenesses, { calibration, gallerySize: 10, ...options }).map(
    ({ decision, candidates }) => (decision === 'match' ? candidates[0]?.name : decision),
  );
}

test('who is much like one performer and nobody else is that performer', () => {
  for (const [likenesses, expected, remark] of [
    [{ ann: 0.75, bob: 0.1 }, 'ann', 'clear'],
    [{ ann: 0.15, bob: 0.1 }, 'unknown', 'a stranger'],
    [{}, 'unknown', 'nobody is known'],
    [{ ann: 0.75, bob: 0.73 }, 'ambiguous', 'two who look the same: the user is asked'],
    [{ ann: 0.75 }, 'ann', 'the only one known'],
  ] as const)
    assert.deepEqual(decide([person(0, likenesses)]), [expected], remark);
});

test('the more people are known, the more alike one must be', () => {
  const likeness = { ann: 0.46, bob: 0.2 };
  assert.deepEqual(decide([person(0, likeness)], { gallerySize: 10 }), ['ann']);
  assert.notDeepEqual(decide([person(0, likeness)], { gallerySize: 100_000 }), ['ann']);
});

test('two people of one frame are not the same performer, and nobody becomes the runner-up because the first is taken', () => {
  const first = person(1, { ann: 0.9, bob: 0.1 }, [0]);
  for (const [likenesses, expected, remark] of [
    [{ ann: 0.7, bob: 0.65 }, 'ambiguous', 'most like the one who is taken: the user is asked'],
    [{ ann: 0.6, bob: 0.7 }, 'bob', 'most like another one'],
    [{ ann: 0.7, bob: 0.1 }, 'unknown', 'like nobody else'],
  ] as const)
    assert.deepEqual(decide([person(0, likenesses, [1]), first]), [expected, 'ann'], remark);
});

test('two persons that were never seen together may be one performer', () => {
  assert.deepEqual(decide([person(0, { ann: 0.7 }), person(1, { ann: 0.9 })]), ['ann', 'ann']);
});

test('the user may move the threshold', () => {
  const likely = person(0, { ann: 0.44, bob: 0.2 });
  const confidence = identifyClusters([likely], { calibration, gallerySize: 10 })[0]?.confidence ?? 0;
  assert.deepEqual(decide([likely], { matchConfidence: confidence - 0.01 }), ['ann']);
  assert.deepEqual(decide([likely], { matchConfidence: Math.min(1, confidence + 0.01) }), ['ambiguous']);
});

test('answers come in the order of the persons, with margin, and at most five candidates, best first', () => {
  const many = person(3, { a: 0.9, b: 0.3, c: 0.2, d: 0.15, e: 0.1, f: 0.05 });
  const [first, second] = identifyClusters([person(7, { ann: 0.2 }), many], { calibration, gallerySize: 6 });
  assert.deepEqual([first?.personKey, second?.personKey], [7, 3]);
  assert.equal(first?.margin, 1);
  assert.ok(Math.abs((second?.margin ?? 0) - 0.6) < 1e-9);
  assert.deepEqual(
    second?.candidates.map((it) => it.name),
    ['a', 'b', 'c', 'd', 'e'],
  );
  assert.ok(second?.candidates.every((it, i, all) => i === 0 || it.confidence <= all[i - 1]!.confidence));
});
