import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toUnit } from '../faces/embedding.ts';
import { identifyClusters, type ClusterCandidates } from './identify.ts';
import { logLikelihoodRatio } from './likelihood.ts';
import { withoutCandidates } from './tie.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';

const calibration = CALIBRATION.matching;

const GOOD = { probeQuality: 1, faces: 1, referenceQuality: 1, references: 1 };
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
        personId: name.startsWith('pack:') ? name : `dir:${name}`,
        performerId: null,
        name,
        similarity,
        referenceId: `${name}/0`,
        logLikelihoodRatio: logLikelihoodRatio({ ...GOOD, similarity }, calibration.likelihood),
      })),
  };
}

const ON_COVER = {
  timeMs: null,
  fromCover: true,
  box: { x: 0, y: 0, width: 1, height: 1 },
  quality: { overall: 0.9, sizePx: 100, sharpness: 1, yaw: 0, roll: 0, detector: 1 },
} as const;
const IN_FILM = { ...ON_COVER, timeMs: 1000, fromCover: undefined };

/** The same person, with these faces. */
function showing(
  { person: shown, candidates }: ClusterCandidates,
  ...faces: readonly (typeof ON_COVER | typeof IN_FILM)[]
): ClusterCandidates {
  const observed = faces.map(({ fromCover, ...face }) => ({ ...face, ...(fromCover && { fromCover }) }));
  return { candidates, person: { ...shown, faces: observed } };
}

function decide(
  likenesses: readonly ClusterCandidates[],
  options: { gallerySize?: number; ownSize?: number; matchConfidence?: number } = {},
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

for (const [likenesses, expected, remark] of [
  [{ ann: 0.46, bob: 0.2 }, 'ann', 'packs ask no more of an own person'],
  [{ 'pack:a/ann': 0.46, bob: 0.2 }, 'unknown', 'of people of packs as much as all of them do'],
  [{ 'pack:a/ann': 0.75, bob: 0.2 }, 'pack:a/ann', 'who are found where they are alike enough'],
  [{ 'pack:a/ann': 0.75, bob: 0.5 }, 'pack:a/ann', 'also beside an own person who would be enough alone'],
  [{ bob: 0.75, 'pack:a/ann': 0.74 }, 'ambiguous', 'an own person is no more right for being an own one'],
  [{ bob: 0.5, 'pack:a/ann': 0.46, cid: 0.4 }, 'ambiguous', 'nor for another own one who is far less alike'],
  [
    { bob: 0.5, 'pack:a/ann': 0.46, cid: 0.38, dan: 0.38, eve: 0.38, fay: 0.38 },
    'ambiguous',
    'nor for many of these',
  ],
  [{ 'pack:a/ann': 0.75, bob: 0.74 }, 'ambiguous', 'nor somebody of a pack for being a little more alike'],
] as const)
  test(`beside 100 000 people of packs: ${remark}`, () => {
    assert.deepEqual(decide([person(0, likenesses)], { gallerySize: 100_000, ownSize: 10 }), [expected]);
  });

test('beside people of packs the likeliest comes first, and who is ruled out leaves the others as they would be without', () => {
  const all = { 'pack:a/bob': 0.525, ann: 0.52, cid: 0.47, 'pack:a/eve': 0.44, dan: 0.3 };
  const options = { calibration, gallerySize: 5000, ownSize: 20 };
  const [whole] = identifyClusters([person(0, all)], options);
  const confidences = whole!.candidates.map(({ confidence }) => confidence);
  assert.equal(whole!.candidates[0]?.name, 'ann');
  assert.deepEqual(
    confidences,
    confidences.toSorted((a, b) => b - a),
  );
  const names = Object.keys(all);
  for (const out of [...names.map((name) => [name]), names.slice(0, 2), names.slice(1, 4)]) {
    const left = withoutCandidates(whole!, ({ name }) => out.includes(name), options);
    const rest = Object.fromEntries(Object.entries(all).filter(([name]) => !out.includes(name)));
    const [expected] = identifyClusters([person(0, rest)], options);
    assert.equal(left.decision, expected!.decision, out.join(' '));
    for (const [n, { name, confidence }] of expected!.candidates.entries()) {
      assert.equal(left.candidates[n]!.name, name, out.join(' '));
      assert.ok(Math.abs(left.candidates[n]!.confidence - confidence) < 1e-6, `${out.join(' ')}: ${name}`);
    }
  }
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

test('somebody whom only the cover shows is asked about, however sure it is who it is', () => {
  const ann = person(0, { ann: 0.9, bob: 0.1 });
  assert.deepEqual(decide([showing(ann, ON_COVER)]), ['ambiguous']);
  assert.deepEqual(decide([showing(ann, ON_COVER, ON_COVER)], { matchConfidence: 0.1 }), ['ambiguous']);
  assert.deepEqual(decide([showing(ann, ON_COVER, IN_FILM)]), ['ann'], 'the film shows them too');
  assert.deepEqual(decide([showing(person(0, { ann: 0.1 }), ON_COVER)]), ['unknown']);
});

test('the confidence says how likely somebody of the cover is in the film', () => {
  const ann = person(0, { ann: 0.9, bob: 0.1 });
  const options = { calibration, gallerySize: 10 };
  const [filmed] = identifyClusters([showing(ann, IN_FILM)], options);
  const [onCover] = identifyClusters([showing(ann, ON_COVER)], options);
  assert.ok(filmed!.confidence > 0.99);
  assert.ok(onCover!.confidence > 0.45 && onCover!.confidence <= 0.5, String(onCover!.confidence));
  assert.equal(onCover!.candidates[0]?.confidence, onCover!.confidence);
});

test('a cover supports what the film shows of the same performer, and of nobody else', () => {
  const onCover = showing(person(0, { ann: 0.9, bob: 0.1 }), ON_COVER);
  for (const [likenesses, expected, remark] of [
    [{ ann: 0.8 }, ['ann', 'ann'], 'the film is sure'],
    [{ ann: 0.44, bob: 0.43 }, ['ann', 'ambiguous'], 'the film leaves it open'],
    [{ bob: 0.8 }, ['ambiguous', 'bob'], 'the film shows another one'],
    [{ ann: 0.1 }, ['ambiguous', 'unknown'], 'the film shows a stranger'],
  ] as const)
    assert.deepEqual(decide([onCover, showing(person(1, likenesses), IN_FILM)]), expected, remark);
});
