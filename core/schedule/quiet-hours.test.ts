import assert from 'node:assert/strict';
import { test } from 'node:test';
import { quietUntil } from './quiet-hours.ts';

for (const [from, to, at, until, remark] of [
  [22 * 60, 7 * 60, '2026-01-10T23:30:00', '2026-01-11T07:00:00', 'in the evening they end on the next day'],
  [22 * 60, 7 * 60, '2026-01-11T06:59:59', '2026-01-11T07:00:00', 'in the morning on the same'],
  [22 * 60, 7 * 60, '2026-01-11T07:00:00', null, 'the end itself is not quiet'],
  [22 * 60, 7 * 60, '2026-01-10T22:00:00', '2026-01-11T07:00:00', 'the beginning is'],
  [18 * 60 + 30, 23 * 60, '2026-01-10T18:29:59', null, 'before an evening'],
  [18 * 60 + 30, 23 * 60, '2026-01-10T22:59:00', '2026-01-10T23:00:00', 'in an evening'],
  [0, 6 * 60, '2026-01-10T00:00:00', '2026-01-10T06:00:00', 'from midnight'],
  [20 * 60, 0, '2026-01-31T21:00:00', '2026-02-01T00:00:00', 'until midnight, at the end of a month'],
  [8 * 60, 8 * 60, '2026-01-10T08:00:00', null, 'the same time twice is never quiet'],
] as const)
  test(`quiet hours: ${remark}`, () => {
    assert.deepEqual(quietUntil({ from, to }, new Date(at)), until === null ? null : new Date(until));
  });

test('without quiet hours nothing is quiet', () => {
  assert.equal(quietUntil(null, new Date('2026-01-10T03:00:00')), null);
});
