import assert from 'node:assert/strict';
import { test } from 'node:test';
import { NEW_RUN } from '../../test/fakes/slice.ts';
import { createProgress } from './progress.ts';

test('what is counted is the items of the list the run is about, over all slices; the others are the way there', () => {
  const progress = createProgress({ ...NEW_RUN, done: 5, failed: 1 }, 'scan');
  progress.remains('people', 2);
  progress.remains('scan', 4);
  progress.count('people', 'done', 500);
  const { done, total } = progress.snapshot();
  assert.deepEqual({ done, total }, { done: 5, total: 6 + 4 });
});

test('how far it is goes by the time it takes: performers are soon learnt, films are not', () => {
  const progress = createProgress(NEW_RUN, 'scan', { people: 100, scan: 1000 });
  progress.remains('people', 10);
  progress.remains('scan', 9);
  for (let n = 0; n < 10; n++) progress.count('people', 'done', 100);
  assert.equal(progress.fraction(), 0.1);
});

test('the time left is told from the beginning, and better once each list has one item through', () => {
  const progress = createProgress(NEW_RUN, 'scan');
  assert.equal(progress.snapshot().secondsLeft, null);
  progress.remains('people', 10);
  progress.remains('scan', 100);
  progress.count('people', 'done', 100);
  assert.equal(progress.snapshot().itemsPerHour, null);
  assert.equal(progress.snapshot().secondsLeft, Math.round((9 * 100 + 100 * 2000) / 1000));
  progress.count('scan', 'done', 4000);
  assert.equal(progress.snapshot().itemsPerHour, 900);
  assert.equal(progress.snapshot().secondsLeft, Math.round((9 * 100 + 99 * 4000) / 1000));
});

test('a run begins with the pace of the one before, of every list', () => {
  const before = createProgress(NEW_RUN, 'scan');
  before.count('people', 'done', 300);
  before.count('scan', 'done', 1500);
  const progress = createProgress(NEW_RUN, 'scan', before.itemDurations());
  progress.remains('people', 2);
  progress.remains('scan', 4);
  assert.equal(progress.snapshot().secondsLeft, Math.round((2 * 300 + 4 * 1500) / 1000));
});

test('a slice begins with the pace of the one before and comes to trust its own', () => {
  const progress = createProgress({ ...NEW_RUN, done: 50, itemsPerHour: 3600 }, 'scan');
  progress.remains('scan', 60);
  assert.equal(progress.snapshot().secondsLeft, 60);
  for (let n = 0; n < 20; n++) progress.count('scan', 'done', 3000);
  assert.equal(progress.snapshot().itemsPerHour, 1800);
});

test('nothing that waits is all done', () => {
  assert.equal(createProgress(NEW_RUN, 'scan').fraction(), 1);
});
