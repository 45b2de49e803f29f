import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextDue } from './next-run.ts';

const at = (text: string): Date => new Date(text);

for (const [expression, after, expected, remark] of [
  ['0 3 * * *', '2026-01-10T02:59:59', '2026-01-10T03:00:00', 'later the same day'],
  ['0 3 * * *', '2026-01-10T03:00:00', '2026-01-11T03:00:00', 'the very time itself is over'],
  ['0 */6 * * *', '2026-01-10T13:05:00', '2026-01-10T18:00:00', 'every six hours'],
  ['30 4 1 * *', '2026-01-31T23:00:00', '2026-02-01T04:30:00', 'the first of the month'],
  ['0 0 29 2 *', '2026-01-01T00:00:00', '2028-02-29T00:00:00', 'leap days'],
  ['0 22 * * 1-5', '2026-01-09T22:30:00', '2026-01-12T22:00:00', 'a weekend lies between (a Friday night)'],
  ['15 10 3 * * *', '2026-01-10T00:00:00', '2026-01-10T03:10:15', 'six fields: seconds first'],
  ['0 5 L * *', '2026-02-10T00:00:00', '2026-02-28T05:00:00', 'the last day of the month'],
  ['@daily', '2026-01-10T10:00:00', '2026-01-11T00:00:00', 'nicknames'],
] as const)
  test(`${expression} after ${after}: ${remark}`, () => {
    assert.equal(nextDue(expression, at(after))?.getTime(), at(expected).getTime());
  });

test('a schedule that is none says what was expected', () => {
  assert.throws(() => nextDue('every night', at('2026-01-01T00:00:00')), {
    code: 'bad-input',
    message: /five fields such as 0 3 \* \* \*/,
  });
  assert.throws(() => nextDue('99 3 * * *', at('2026-01-01T00:00:00')), { code: 'bad-input' });
  assert.throws(() => nextDue('0 0 30 2 *', at('2026-01-01T00:00:00')), { code: 'bad-input' });
});

test('a schedule leaves no timer behind', () => {
  nextDue('0 3 * * *', at('2026-01-10T02:59:59'));
  assert.deepEqual(
    process.getActiveResourcesInfo().filter((it) => it === 'Timeout'),
    [],
  );
});
