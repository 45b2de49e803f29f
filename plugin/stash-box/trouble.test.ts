import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isPassing, retryAfterMs } from './trouble.ts';

const NOW = Date.parse('2026-11-29T21:00:00Z');

for (const [header, ms, why] of [
  [undefined, null, 'none'],
  ['0', 0, 'seconds'],
  [' 120 ', 120_000, 'seconds with space'],
  ['1.5', null, 'no whole seconds, and no date'],
  ['Sun, 29 Nov 2026 21:00:30 GMT', 30_000, 'a date'],
  ['Sun, 29 Nov 2026 20:00:00 GMT', 0, 'a date that has passed'],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 86_400_000, 'a date for ever away'],
  ['99999999', 86_400_000, 'years'],
  ['soon', null, 'a word'],
  ['-5', null, 'less than nothing'],
] as const)
  test(`Retry-After ${String(header)} is ${String(ms)} ms: ${why}`, () => {
    assert.equal(retryAfterMs(header, NOW), ms);
  });

for (const [text, passes] of [
  [
    'failed to connect to `user=stashbox database=stashbox`: dial tcp 127.0.0.1:55432: connect: connection refused',
    true,
  ],
  ['FATAL: the database system is shutting down (SQLSTATE 57P03)', true],
  ['FATAL: sorry, too many clients already (SQLSTATE 53300)', true],
  ['ERROR: deadlock detected (SQLSTATE 40P01)', true],
  ['context deadline exceeded', true],
  ['ERROR: invalid input syntax for type uuid: "x" (SQLSTATE 22P02)', false],
  ['uuid: incorrect UUID length 3 in string "zzz"', false],
  ['not authorized', false],
] as const)
  test(`"${text}" ${passes ? 'may pass' : 'stays as it is'}`, () => {
    assert.equal(isPassing({ message: text }), passes);
  });
