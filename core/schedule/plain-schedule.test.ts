import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromClockTime, toClockTime, toExpression, toPlain, type PlainSchedule } from './plain-schedule.ts';

const CASES: readonly (readonly [string, PlainSchedule])[] = [
  ['', { kind: 'never' }],
  ['0 * * * *', { kind: 'hours', every: 1 }],
  ['0 */6 * * *', { kind: 'hours', every: 6 }],
  ['0 3 * * *', { kind: 'day', minute: 180 }],
  ['45 23 * * *', { kind: 'day', minute: 1425 }],
  ['30 4 * * 1', { kind: 'week', days: [1], minute: 270 }],
  ['0 2 * * 0,6', { kind: 'week', days: [0, 6], minute: 120 }],
  ['15 5 28 * *', { kind: 'month', day: 28, minute: 315 }],
  // None of these is said in plain words.
  ['0 5 31 * *', { kind: 'cron', expression: '0 5 31 * *' }],
  ['0 */5 * * *', { kind: 'cron', expression: '0 */5 * * *' }],
  ['0 22 * * 1-5', { kind: 'cron', expression: '0 22 * * 1-5' }],
  ['0 25 * * *', { kind: 'cron', expression: '0 25 * * *' }],
  ['15 10 3 * * *', { kind: 'cron', expression: '15 10 3 * * *' }],
  ['every now and then', { kind: 'cron', expression: 'every now and then' }],
];

for (const [expression, plain] of CASES)
  test(`"${expression}" is read as ${plain.kind}, and written as it was`, () => {
    assert.deepEqual(toPlain(expression), plain);
    assert.equal(toExpression(plain), expression);
  });

test('nicknames and blanks are read as what they mean', () => {
  assert.deepEqual(toPlain('@daily'), { kind: 'day', minute: 0 });
  assert.deepEqual(toPlain('  0   3 * * * '), { kind: 'day', minute: 180 });
});

test('days are written in order', () => {
  assert.equal(toExpression({ kind: 'week', days: [5, 1], minute: 0 }), '0 0 * * 1,5');
});

test('a time of the day goes to a field and back', () => {
  assert.equal(toClockTime(187), '03:07');
  assert.equal(fromClockTime('03:07'), 187);
  assert.equal(fromClockTime('24:00'), null);
  assert.equal(fromClockTime(''), null);
});
