import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createProgress } from './progress.ts';

const fresh = {
  done: 0,
  skipped: 0,
  failed: 0,
  total: 0,
  itemsPerHour: null,
  secondsLeft: null,
  message: '',
};

test('the total is what is through and what waits, over all lists and slices', () => {
  const progress = createProgress({ ...fresh, done: 5, failed: 1 }, 'scan');
  progress.remains('people', 2);
  progress.remains('scan', 4);
  progress.count('people', 'done', 500);
  assert.equal(progress.snapshot().total, 6 + 1 + 1 + 4);
  assert.equal(progress.snapshot().done, 6);
  assert.equal(progress.fraction(), 7 / 12);
});

test('the time left is told as soon as each list that waits has one item through', () => {
  const progress = createProgress(fresh, 'scan');
  progress.remains('people', 10);
  progress.remains('scan', 100);
  progress.count('people', 'done', 100);
  assert.equal(progress.snapshot().secondsLeft, null);
  progress.count('scan', 'done', 2000);
  assert.equal(progress.snapshot().itemsPerHour, 1800);
  assert.equal(progress.snapshot().secondsLeft, Math.round((9 * 100 + 99 * 2000) / 1000));
});

test('a slice begins with the pace of the one before and comes to trust its own', () => {
  const progress = createProgress({ ...fresh, done: 50, itemsPerHour: 3600 }, 'scan');
  progress.remains('scan', 60);
  assert.equal(progress.snapshot().secondsLeft, 60);
  for (let n = 0; n < 20; n++) progress.count('scan', 'done', 3000);
  assert.equal(progress.snapshot().itemsPerHour, 1800);
});

test('nothing that waits is all done', () => {
  assert.equal(createProgress(fresh, 'scan').fraction(), 1);
});
