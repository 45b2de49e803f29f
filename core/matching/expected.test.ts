import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CALIBRATION } from '../../test/fixtures/calibration.ts';
import type { Expected } from './expected.ts';
import { expectedIn, isOtherwiseExpected, NOBODY_EXPECTED, sizeBesideExpected } from './expected.ts';
import { identifyClusters, type ClusterCandidates } from './identify.ts';
import { withoutCandidates } from './tie.ts';

const calibration = { ...CALIBRATION.matching, expectedLogPrior: 3 };
/** Of one candidate the log likelihood ratio from which a gallery of so many people gives a name. */
const enoughAmong = (people: number): number =>
  Math.log((people * calibration.matchConfidence) / (1 - calibration.matchConfidence)) + 1e-6;

/** A cluster with these performers as candidates, by their log likelihood ratios; the similarities rise with them. */
function cluster(ratios: Record<string, number>): ClusterCandidates {
  return {
    person: {
      key: 0,
      template: Float32Array.of(1, 0) as never,
      exemplars: [],
      faces: [],
      quality: 0.9,
      apartFrom: [],
    },
    candidates: Object.entries(ratios)
      .toSorted(([, one], [, other]) => other - one)
      .map(([id, logLikelihoodRatio]) => ({
        personId: `stash:${id}`,
        performerId: id,
        name: id,
        similarity: logLikelihoodRatio / 20,
        referenceId: id,
        logLikelihoodRatio,
      })),
  };
}

function decide(ratios: Record<string, number>, expected: Expected, gallerySize = 1000) {
  return identifyClusters([cluster(ratios)], { calibration, gallerySize, expected })[0]!;
}

const onScene = (...ids: string[]): Expected => expectedIn(new Set(ids), new Map());

test('who is on the scene, and who is in others of its studio, is expected; the scene itself is none of the others', () => {
  const expected = expectedIn(
    new Set(['1', '2', '4']),
    new Map([
      ['1', 1],
      ['2', 13],
      ['3', 12],
      ['4', 1],
    ]),
  );
  assert.equal(expected.size, 4);
  assert.deepEqual(expected.of('1'), { onScene: true, among: 4 });
  assert.deepEqual(expected.of('2'), { onScene: true, studioScenes: 12, among: 4 });
  assert.deepEqual(expected.of('3'), { studioScenes: 12, among: 4 });
  assert.equal(expected.of('5'), undefined);
  assert.equal(expectedIn(new Set(), new Map()), NOBODY_EXPECTED);
  assert.deepEqual(onScene('1', '2', '3').of('1'), { onScene: true, among: 4 });
});

test('a face that is nearly enough names somebody who is expected, and nobody else', () => {
  const ratio = enoughAmong(400);
  assert.equal(decide({ ann: ratio }, NOBODY_EXPECTED).decision, 'ambiguous');
  const named = decide({ ann: ratio }, onScene('ann'));
  assert.equal(named.decision, 'match');
  assert.deepEqual(named.candidates[0]?.expected, { onScene: true, among: 1 });
  assert.equal(decide({ ann: ratio }, onScene('bob')).decision, 'ambiguous');
});

test('to be expected never names anybody whose face would not be enough among ten people', () => {
  for (const gallerySize of [10, 1000, 100_000]) {
    const little = decide({ ann: enoughAmong(9.99) - 0.01 }, onScene('ann'), gallerySize);
    assert.notEqual(little.decision, 'match', `${gallerySize}`);
    assert.equal(decide({ ann: -2 }, onScene('ann'), gallerySize).decision, 'unknown', `${gallerySize}`);
  }
});

test('where as many are expected as are known, that says nothing', () => {
  const everybody = onScene(...Array.from({ length: 1000 }, (_, n) => `${n}`), 'ann');
  const ratio = enoughAmong(400);
  const [plain, expected] = [decide({ ann: ratio }, NOBODY_EXPECTED), decide({ ann: ratio }, everybody)];
  assert.equal(expected.confidence, plain.confidence);
  const many = onScene(...Array.from({ length: 500 }, (_, n) => `${n}`), 'ann');
  assert.equal(sizeBesideExpected(1000, many.of('ann')!, calibration), 512);
});

test('of two who look alike the one who is expected is not named for that, whichever is the likelier', () => {
  for (const [ann, bob] of [
    [12, 12],
    [12, 12.5],
    [12.5, 12],
  ] as const) {
    const found = decide({ ann, bob }, onScene('ann'));
    assert.notEqual(found.decision, 'match', `${ann} ${bob}`);
    assert.deepEqual(found.candidates.map(({ name }) => name).toSorted(), ['ann', 'bob']);
    const together = found.candidates.reduce((sum, { confidence }) => sum + confidence, 0);
    assert.ok(together <= 1 + 1e-9);
  }
});

test('who resembles the face more than somebody expected stays the one, and as sure as the face says', () => {
  const plain = decide({ ann: 8, bob: 16 }, NOBODY_EXPECTED);
  const beside = decide({ ann: 8, bob: 16 }, onScene('ann'));
  assert.deepEqual([plain.decision, beside.decision], ['match', 'match']);
  assert.equal(beside.candidates[0]?.name, 'bob');
  assert.ok(Math.abs(beside.confidence - plain.confidence) < 1e-9);
});

test('once the one who is not expected is ruled out, the other is as sure as if alone', () => {
  const both = decide({ ann: 9, bob: 9.5 }, onScene('ann'));
  const left = withoutCandidates(both, ({ name }) => name === 'bob', { calibration });
  const alone = decide({ ann: 9 }, onScene('ann'));
  assert.ok(Math.abs(left.candidates[0]!.confidence - alone.confidence) < 1e-9);
});

test('candidates are decided anew where somebody among them is expected now and was not, or among many more', () => {
  const then = [{ performerId: '1', expected: onScene('1').of('1') }, { performerId: '2' }];
  assert.equal(isOtherwiseExpected(then, onScene('1')), false);
  assert.equal(isOtherwiseExpected(then, NOBODY_EXPECTED), true);
  assert.equal(isOtherwiseExpected(then, onScene('1', '2')), true);
  assert.equal(isOtherwiseExpected(then, onScene('1', '3', '4', '5', '6')), true);
  assert.equal(isOtherwiseExpected([{ performerId: null }], onScene('1')), false);
});
