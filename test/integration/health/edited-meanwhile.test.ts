/** Scenes that are edited while all of them are read: the page that would have shown it may have been read before. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readCredits } from '../../../tasks/observe/read-credits.ts';
import { earlierOf } from '../../../tasks/observe/seconds-before.ts';
import { aSlice } from '../../fakes/slice.ts';
import { anItem, type MemoryStash } from '../../fakes/memory-stash.ts';
import { check, idsOf, opened } from './checking.ts';

function inHours(hours: number): string {
  return `${new Date(Date.now() + hours * 3_600_000).toISOString().slice(0, 19)}Z`;
}

function edit(stash: MemoryStash, n: number, hours: number, performerIds: readonly string[]): void {
  stash.items.set(`scene:${n}`, anItem(n, { performerIds, updatedAt: inHours(hours) }));
}

/** Before this page of all scenes the first one is edited, and hours later the last one, which the page shows. */
function editBefore(stash: MemoryStash, page: number): void {
  let pages = 0;
  stash.before = (call) => {
    if (call !== 'entitiesAfter' || ++pages !== page) return;
    edit(stash, 1, 3, []);
    edit(stash, 700, 8, []);
  };
}

test('a scene that is edited behind a pass that takes hours is looked at by the next one', async (t) => {
  const { context, stash } = await opened(t);
  for (let n = 1; n <= 700; n++) edit(stash, n, -100, ['1']);
  // Two pages are those of the files that are gone.
  editBefore(stash, 4);
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), ['700']);
  stash.before = () => undefined;
  await check(context);
  assert.deepEqual(await idsOf(context, 'scenes-without-performers'), ['1', '700']);
});

test('whom Stash has on a scene that is edited while all are read is read the next time', async (t) => {
  const { context, stash } = await opened(t);
  for (let n = 1; n <= 700; n++) edit(stash, n, -100, ['1']);
  editBefore(stash, 2);
  for (const id of ['1', '2']) {
    assert.equal(await readCredits(context, aSlice({ run: { id } })), 'read');
    stash.before = () => undefined;
  }
  const expected = await context.store.credits.expectedIn(['1', '2', '700']);
  assert.deepEqual([...expected.keys()], ['2']);
});

test('the earlier of two times stays in the zone of Stash', () => {
  const noon = Date.UTC(2026, 0, 2, 12);
  assert.equal(earlierOf('2026-01-02T14:00:05+01:00', noon), '2026-01-02T13:00:00+01:00');
  assert.equal(earlierOf('2026-01-02T12:59:59+01:00', noon), '2026-01-02T12:59:59+01:00');
  assert.equal(earlierOf('2026-01-02T12:00:01Z', noon + 500), '2026-01-02T12:00:00Z');
  assert.equal(earlierOf('', noon), '');
});
