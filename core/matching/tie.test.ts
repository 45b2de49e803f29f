import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Candidate } from '../people/person.ts';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';
import { posteriorProbabilities } from './calibration.ts';
import { logLikelihoodRatio } from './likelihood.ts';
import { asOnCover, decisionOf, namedCandidates, tiedCandidates, withoutCandidates } from './tie.ts';

const calibration = CALIBRATION.matching;
const GALLERY_SIZE = 40;
const GOOD = { probeQuality: 1, faces: 1, referenceQuality: 1, references: 1 };

/** As they are found in a gallery: `{ ann: 0.8, bob: 0.3 }`, best first. */
function candidates(likenesses: Record<string, number>): Candidate[] {
  const similarities = Object.values(likenesses);
  const confidences = posteriorProbabilities(
    similarities.map((similarity) => logLikelihoodRatio({ ...GOOD, similarity }, calibration.likelihood)),
    GALLERY_SIZE,
  );
  return Object.keys(likenesses).map((name, i) => ({
    personId: `dir:${name}`,
    performerId: name,
    name,
    similarity: similarities[i]!,
    confidence: confidences[i]!,
    referenceId: name,
  }));
}

function decided(likenesses: Record<string, number>, matchConfidence?: number) {
  const all = candidates(likenesses);
  const options = { calibration, ...(matchConfidence !== undefined && { matchConfidence }) };
  return { options, identification: { candidates: all, ...decisionOf(all, options) } };
}

const LONG = 'one person is four performers';
for (const [what, likenesses, tied] of [
  ['one performer', { ann: 0.7, bob: 0.2 }, []],
  ['one person is two performers', { ann: 0.7, bob: 0.7, eve: 0.2 }, ['ann', 'bob']],
  [LONG, { ann: 0.7, bob: 0.7, cid: 0.7, dan: 0.7 }, ['ann', 'bob', 'cid', 'dan']],
  ['two people who look alike', { ann: 0.66, bob: 0.63 }, ['ann', 'bob']],
  ['two of whom one is much likelier', { ann: 0.7, bob: 0.6 }, []],
  ['two who are both not much alike', { ann: 0.36, bob: 0.35 }, []],
  ['nobody', {}, []],
] as const)
  test(`tied: ${what}`, () => {
    const { options, identification } = decided(likenesses);
    assert.deepEqual(
      tiedCandidates(identification.candidates, options).map(({ name }) => name),
      tied,
    );
    if (tied.length > 0) assert.equal(identification.decision, 'ambiguous');
  });

test('who is ruled out leaves the others as they would be without them', () => {
  for (const [likenesses, out, without, decision] of [
    [{ ann: 0.7, bob: 0.7 }, ['ann'], { bob: 0.7 }, 'match'],
    [{ ann: 0.7, bob: 0.5, eve: 0.1 }, ['ann'], { bob: 0.5, eve: 0.1 }, 'match'],
    [{ ann: 0.9, bob: 0.2 }, ['ann'], { bob: 0.2 }, 'unknown'],
    [{ ann: 0.7, bob: 0.7, cid: 0.7 }, ['bob'], { ann: 0.7, cid: 0.7 }, 'ambiguous'],
    [{ ann: 0.7, bob: 0.7 }, ['ann', 'bob'], {}, 'unknown'],
  ] as const) {
    const { options, identification } = decided(likenesses);
    const left = withoutCandidates(
      identification,
      ({ name }) => (out as readonly string[]).includes(name),
      options,
    );
    const expected = candidates(without);
    assert.equal(left.decision, decision);
    assert.equal(left.candidates.length, expected.length);
    for (const [n, candidate] of left.candidates.entries()) {
      assert.equal(candidate.name, expected[n]?.name);
      assert.ok(Math.abs(candidate.confidence - (expected[n]?.confidence ?? 0)) < 1e-6);
    }
    assert.equal(left.confidence, left.candidates[0]?.confidence ?? 0);
  }
});

test('where nobody is ruled out nothing changes', () => {
  const { options, identification } = decided({ ann: 0.7, bob: 0.7 });
  assert.equal(
    withoutCandidates(identification, () => false, options),
    identification,
  );
});

test('a lower threshold of the user makes a tie of what is less sure', () => {
  const { identification, options } = decided({ ann: 0.43, bob: 0.43 }, 0.5);
  assert.equal(tiedCandidates(identification.candidates, options).length, 2);
  assert.equal(decided({ ann: 0.3, bob: 0.3 }, 0.5).identification.decision, 'unknown');
});

for (const [what, likenesses, out, named] of [
  ['one performer', { ann: 0.7, bob: 0.2 }, [], ['ann']],
  ['two who are one person', { ann: 0.7, bob: 0.7 }, [], ['ann', 'bob']],
  ['two who are one person, of whom one is ruled out', { ann: 0.7, bob: 0.7 }, ['ann'], ['bob']],
  [
    'one of two who are one person, with both ruled out',
    { ann: 0.7, bob: 0.7, eve: 0.1 },
    ['ann', 'bob'],
    [],
  ],
  ['somebody who is not much like anybody', { ann: 0.36 }, [], []],
  ['a stranger', { ann: 0.1 }, [], []],
] as const)
  test(`on the cover alone: ${what}`, () => {
    const { options, identification } = decided(likenesses);
    const onCover = { ...options, isCoverOnly: true };
    const left = withoutCandidates(
      asOnCover({ ...identification }, options),
      ({ name }) => (out as readonly string[]).includes(name),
      onCover,
    );
    assert.deepEqual(
      namedCandidates(left, onCover).map(({ name }) => name),
      named,
    );
    assert.notEqual(left.decision, 'match');
    assert.ok(left.confidence <= 0.5);
  });
