import assert from 'node:assert/strict';
import { test } from 'node:test';
import { say } from '../stash/intl.tsx';
import { pollDelayMs } from './poll-delay.ts';
import { ago, bytes, clock, duration, likelihood, percent } from './words.ts';
import { toldApart } from '../../core/sampling/thin-times.ts';

test('a confidence is said in words and never as 0 or 100 percent', () => {
  const said = [0, 0.3, 0.5, 0.76, 0.91, 0.98, 1].map((it) => `${likelihood(it)} ${percent(it)}`);
  assert.deepEqual(said, [
    'unlikely 1 %',
    'possible 30 %',
    'possible 50 %',
    'likely 76 %',
    'very likely 91 %',
    'almost certain 98 %',
    'almost certain 99 %',
  ]);
});

test('the words of a confidence are those of the number beside it', () => {
  const said = [0.494, 0.496, 0.746, 0.896, 0.976].map((it) => `${likelihood(it)} ${percent(it)}`);
  assert.deepEqual(said, [
    'possible 49 %',
    'possible 50 %',
    'likely 75 %',
    'very likely 90 %',
    'almost certain 98 %',
  ]);
});

test('a moment of a video is written as the player writes it', () => {
  assert.deepEqual([-5, 0, 7999, 63_500, 3_723_000].map(clock), ['0:00', '0:00', '0:07', '1:03', '1:02:03']);
});

test('of several moments of one second one is shown', () => {
  assert.deepEqual(toldApart([0, 400, 999, 4999, 5000, 9999, 61_000]), [0, 5000, 61_000]);
});

test('times past and to come are said roughly', () => {
  const now = 1_000_000_000_000;
  const minutes = [0, 5, 44, 60, 20 * 60, 3 * 24 * 60].map((it) => it * 60_000);
  assert.deepEqual(
    minutes.map((it) => ago(now - it, now)),
    ['just now', '5 minutes ago', '44 minutes ago', '1 hour ago', '20 hours ago', '3 days ago'],
  );
  assert.equal(ago(now + 7_200_000, now), 'in 2 hours');
});

test('what is left is said in the unit that fits', () => {
  assert.deepEqual([0, 40, 720, 12_000].map(duration), ['1 s', '40 s', '12 min', '3 h 20 min']);
  assert.deepEqual([820_000, 12_400_000, 3_210_000_000].map(bytes), ['820 KB', '12.4 MB', '3.2 GB']);
  assert.deepEqual(
    [1, 1234].map((count) => say('faces.faces', { count })),
    ['1 face', '1,234 faces'],
  );
});

test('questions are asked after 2 s, then ever more slowly, at last every 10 s', () => {
  const delays = [0, 1, 2, 3, 4, 5, 6, 7, 8, 100].map(pollDelayMs);
  assert.deepEqual(delays.slice(0, 3), [2000, 2500, 3125]);
  assert.deepEqual(
    delays,
    delays.toSorted((a, b) => a - b),
  );
  assert.deepEqual(delays.slice(-2), [10_000, 10_000]);
});
