import assert from 'node:assert/strict';
import { test } from 'node:test';
import { plain } from '../../core/messages/message.ts';
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
  assert.equal(progress.snapshot().fraction, 0.1);
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

test('before anything is listed nothing is known to be done; with nothing left all but the end of the run is', () => {
  const progress = createProgress(NEW_RUN, 'scan');
  assert.equal(progress.snapshot().fraction, 0);
  progress.remains('scan', 0);
  assert.equal(progress.snapshot().fraction, 0);
  progress.remains('scan', 1);
  progress.count('scan', 'done', 10);
  assert.equal(progress.snapshot().fraction, 0.99);
});

test('the bar never goes back: not when more work is found, not when it takes longer, not in the next slice', () => {
  const shown: number[] = [];
  const look = (progress: ReturnType<typeof createProgress>): void =>
    void shown.push(progress.snapshot().fraction);
  const first = createProgress(NEW_RUN, 'scan', { people: 100, scan: 1000 });
  first.remains('people', 10);
  first.remains('scan', 10);
  for (let n = 0; n < 10; n++) {
    first.count('people', 'done', 100);
    look(first);
  }
  for (let n = 0; n < 5; n++) {
    first.count('scan', 'done', 1000);
    look(first);
  }
  // Found later, and slower than the others.
  first.remains('scan', 500);
  look(first);
  for (let n = 0; n < 50; n++) {
    first.count('scan', 'done', 9000);
    look(first);
  }
  const second = createProgress({ ...NEW_RUN, ...first.snapshot() }, 'scan', first.itemDurations());
  look(second);
  second.remains('scan', 2000);
  for (let n = 0; n < 2000; n++) {
    second.count('scan', 'done', 500);
    look(second);
  }
  assert.deepEqual(
    shown,
    shown.toSorted((a, b) => a - b),
  );
  assert.ok(shown.every((fraction) => fraction >= 0 && fraction <= 0.99));
  assert.equal(shown.at(-1), 0.99);
  // It moves on, and does not wait at one place for the work that was found to be done.
  assert.ok(new Set(shown.slice(-1900).map((fraction) => fraction.toFixed(2))).size > 20);
});

test('what is set by hand never goes back either, and the part of the work is kept', () => {
  const progress = createProgress(NEW_RUN, 'set-up');
  progress.step(plain('Fetching'));
  const shown = [0, 0.5, 0.2, 0.6, 1].map((fraction) => {
    progress.at(fraction);
    return Number(progress.snapshot().fraction.toFixed(3));
  });
  assert.deepEqual(shown, [0, 0.5, 0.5, 0.75, 0.99]);
  assert.deepEqual(progress.snapshot().step, plain('Fetching'));
});
