/** What a stash-box has changed since a moment, over the double. */
import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { BoxWalk, StashBoxClient } from '../../core/ports/stash-box.ts';
import { openedBox } from './opened-box.ts';

const DAY_MS = 86_400_000;
const BEGAN = Date.parse('2026-01-01T00:00:00Z');

/** The double's clock stands still until it is turned. */
async function opened(t: TestContext, options: { lacks?: string[]; version?: 'v0.6.0' } = {}) {
  const clock = { at: BEGAN };
  const { client, double } = await openedBox(t, { now: () => clock.at, ...options });
  const people = (count: number) =>
    Array.from({ length: count }, (_, n) => double.data.addPerformer({ name: `Person ${n}` }));
  return { client, double, clock, people };
}

/** @param between called before each page */
async function walk(
  client: StashBoxClient,
  since: number,
  between: (page: number) => void = () => undefined,
): Promise<{ ids: Set<string>; pages: number }> {
  const ids = new Set<string>();
  let from: BoxWalk | null = null;
  for (let pages = 1; ; pages++) {
    assert.ok(pages < 100, 'it never ends');
    between(pages);
    const { performers, next } = await client.changedSince(since, from);
    for (const { id } of performers) ids.add(id);
    if (next === null) return { ids, pages };
    from = next;
  }
}

test('who was changed since is walked through, and no page further than needed', async (t) => {
  const { client, double, clock, people } = await opened(t);
  const rows = people(450);
  clock.at += DAY_MS;
  const changed = rows.filter((_, n) => n % 3 === 0);
  for (const { id } of changed) double.data.change(id, { name: 'Changed' });
  const added = double.data.addPerformer({ name: 'New' });
  const { ids, pages } = await walk(client, clock.at);
  assert.deepEqual([...ids].toSorted(), [...changed, added].map(({ id }) => id).toSorted());
  assert.equal(pages, 2);
  assert.equal((await walk(client, BEGAN)).ids.size, 451);
});

test('what was changed shortly before is walked through too', async (t) => {
  const { client, double, clock, people } = await opened(t);
  const rows = people(3);
  clock.at += DAY_MS;
  double.data.change(rows[1]!.id, { name: 'Changed' });
  assert.deepEqual([...(await walk(client, clock.at + 60_000)).ids], [rows[1]!.id]);
  assert.deepEqual([...(await walk(client, clock.at + DAY_MS)).ids], []);
});

test('a deletion while it is walked hides nobody, and a change repeats some', async (t) => {
  const { client, double, clock, people } = await opened(t);
  const rows = people(350);
  const deleted = [rows.at(-1)!, rows.at(-2)!, rows.at(-3)!];
  const { ids, pages } = await walk(client, BEGAN, (page) => {
    clock.at += 1000;
    if (page === 2) for (const { id } of deleted) double.data.destroy(id);
    if (page === 3) double.data.change(rows[0]!.id, { name: 'Changed' });
  });
  for (const { id } of rows) assert.ok(ids.has(id) || deleted.some((it) => it.id === id));
  // Four pages, and the first two once more.
  assert.equal(pages, 6);
});

test('a box that loses somebody with each request is not walked through for ever', async (t) => {
  const { client, double, people } = await opened(t);
  const rows = people(300);
  await walk(client, BEGAN, (page) => void (page > 1 && double.data.destroy(rows[page]!.id)));
});

test('merges and deletions since come with whom they concern, oldest first', async (t) => {
  const { client, double, clock, people } = await opened(t);
  const [a, b, c, d, e] = people(5).map(({ id }) => id);
  double.data.destroy(e!);
  clock.at += DAY_MS;
  double.data.merge([a!], b!);
  clock.at += 1000;
  double.data.destroy(d!);
  clock.at += 1000;
  double.data.merge([b!], c!);
  const edits = await client.performerEdits(clock.at - 60_000);
  assert.deepEqual(
    edits?.map(({ operation, targetId, sourceIds }) => [operation, targetId, sourceIds]),
    [
      ['MERGE', b, [a]],
      ['DESTROY', d, []],
      ['MERGE', c, [b]],
    ],
  );
  assert.equal((await client.performerEdits(BEGAN))?.length, 4);
  assert.deepEqual(await client.performerEdits(clock.at + DAY_MS), []);
});

test('more edits than a page holds are read, and those that were not applied are none', async (t) => {
  const { client, double, clock, people } = await opened(t);
  const rows = people(230);
  for (const { id } of rows) {
    clock.at += 1000;
    double.data.destroy(id);
  }
  const [pending] = double.data.edits.values();
  Object.assign(pending!, { applied: false, closed: null, status: 'PENDING' });
  assert.equal((await client.performerEdits(BEGAN))?.length, 229);
});

test('a box without edits says that it does not tell', async (t) => {
  const { client, people } = await opened(t, { lacks: ['queryEdits'] });
  people(3);
  assert.equal(await client.performerEdits(0), null);
  assert.equal((await walk(client, 0)).ids.size, 3);
});

test('v0.6.0 is asked alike', async (t) => {
  const { client, double, people } = await opened(t, { version: 'v0.6.0' });
  const [a, b] = people(120).map(({ id }) => id);
  double.data.merge([a!], b!);
  assert.equal((await walk(client, 0)).ids.size, 119);
  assert.equal((await client.performerEdits(0))?.length, 1);
});
