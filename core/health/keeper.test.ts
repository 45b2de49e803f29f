import assert from 'node:assert/strict';
import { test } from 'node:test';
import { filesOfOneFilm, keeperOf } from './keeper.ts';

const ONE_FILM: readonly (readonly [remark: string, seconds: readonly (number | null)[], isOne: boolean])[] =
  [
    ['the same length', [600, 600], true],
    ['what encoders cut off', [600, 600.9], true],
    ['a hundredth of a long film', [7200, 7150], true],
    ['another cut', [7200, 6900], false],
    ['a short clip, by less than a second', [5, 4.6], true],
    ['short clips of different lengths', [5, 3], false],
    ['a length that is not known', [600, null], false],
    ['no length at all', [0, 0], false],
  ];

for (const [remark, seconds, isOne] of ONE_FILM)
  test(`files are ${isOne ? '' : 'not '}taken for one film: ${remark}`, () => {
    const files = seconds.map((one) => ({ durationMs: one === null ? null : one * 1000 }));
    assert.equal(filesOfOneFilm(files), isOne);
  });

test('the file to keep has the most pixels, then the most bytes, then is the oldest, then the first', () => {
  assert.equal(keeperOf([file('1', { sizeBytes: 900 }), file('2', { width: 1920, height: 1080 })]).id, '2');
  assert.equal(keeperOf([file('1'), file('2', { sizeBytes: 101 })]).id, '2');
  assert.equal(keeperOf([file('1'), file('2', { modTime: '2026-01-01T00:00:00Z' })]).id, '2');
  assert.equal(keeperOf([file('10'), file('9')]).id, '9');
});

function file(id: string, over = {}) {
  return {
    id,
    width: 1280,
    height: 720,
    durationMs: 1000,
    sizeBytes: 100,
    modTime: '2026-01-02T00:00:00Z',
    ...over,
  };
}
