import assert from 'node:assert/strict';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import type { WorkItem, WorkTable } from '../../core/ports/work-queue.ts';
import { fresh, idsOf, LEASE_MS, offered, type CreateStore } from './store-samples.ts';
import { plain } from '../../core/messages/message.ts';
import { inEnglish } from '../../core/messages/english.ts';

/** The node:sqlite of Node 22.19 and of early 24 reads text up to its first NUL only. */
const NUL =
  new DatabaseSync(':memory:').prepare(`SELECT 'a' || char(0) AS it`).get()?.['it'] === 'a'
    ? 'no NUL'
    : 'a \0';

export function testWork(name: string, create: CreateStore): void {
  test(`${name}: higher priority is claimed first, then the highest id by number`, async () => {
    const { work } = (await fresh(create)).store;
    await work.enqueue('scan', [offered(9), offered(10), offered(2, 5), offered(100, -1)]);
    assert.deepEqual(idsOf(await claimAll(work)), ['2', '10', '9', '100']);
  });

  test(`${name}: a claim answers with the whole item and counts an attempt`, async () => {
    const { store, clock } = await fresh(create);
    const title = `It's "ünïcode" 🎬 with ${NUL} and a\nnew line`;
    await store.work.enqueue('scan', [{ ...offered(7, 1.5), title }]);
    assert.deepEqual(await store.work.claim('scan', 'a', LEASE_MS), {
      list: 'scan',
      kind: 'scene',
      id: '7',
      title,
      revision: 'a',
      state: 'pending',
      priority: 1.5,
      attempts: 1,
      lastError: null,
      updatedAt: clock.at,
    } satisfies WorkItem);
  });

  test(`${name}: how a finished item ended can be said anew; one that is still to be done stays so`, async () => {
    const { store, clock } = await fresh(create);
    const { work } = store;
    await work.enqueue('people', [offered(1), offered(2)]);
    const item = (await work.claim('people', 'a', LEASE_MS))!;
    const other = { list: 'people', kind: 'scene', id: item.id === '1' ? '2' : '1' } as const;
    await work.finish(item, 'a', 'done');
    clock.at += 5;
    await work.note(item, plain('No picture is used.'));
    await work.note(other, plain('No picture is used.'));
    const { items, total } = await work.failures('people', 9, 0);
    assert.deepEqual(
      { total, ids: idsOf(items), reason: items[0]?.lastError, at: items[0]?.updatedAt },
      { total: 1, ids: [item.id], reason: plain('No picture is used.'), at: clock.at },
    );
    assert.equal((await work.get('people', 'scene', other.id))?.state, 'pending');
    await work.note(item, null);
    assert.equal((await work.failures('people', 9, 0)).total, 0);
    assert.equal((await work.get('people', 'scene', item.id))?.state, 'done');
  });

  test(`${name}: two owners never hold the same item, and two tasks do not see each other's`, async () => {
    const { store, reopen } = await fresh(create);
    const other = (await reopen()).work;
    await store.work.enqueue('scan', [offered(1), offered(2)]);
    await store.work.enqueue('identify', [offered(1)]);
    assert.equal((await store.work.claim('scan', 'a', LEASE_MS))?.id, '2');
    assert.equal((await other.claim('scan', 'b', LEASE_MS))?.id, '1');
    assert.equal(await other.claim('scan', 'b', LEASE_MS), null);
    assert.equal((await other.claim('identify', 'b', LEASE_MS))?.id, '1');
  });

  test(`${name}: what a silent or dead owner held is claimed by another, behind what was not tried yet`, async () => {
    const { store, clock, dead } = await fresh(create);
    await store.work.enqueue('scan', [offered(1), offered(2), offered(3)]);
    await store.work.claim('scan', 'silent', LEASE_MS);
    clock.at += LEASE_MS - 1;
    await store.work.claim('scan', 'dies', LEASE_MS);
    dead.add('dies');
    clock.at += 1;
    const claimed = await claimAll(store.work);
    assert.deepEqual(idsOf(claimed), ['1', '3', '2']);
    assert.deepEqual(
      claimed.map((item) => item.attempts),
      [1, 2, 2],
    );
  });

  test(`${name}: who lost an item meanwhile can neither finish nor fail it`, async () => {
    const { store, clock } = await fresh(create);
    await store.work.enqueue('scan', [offered(1)]);
    const item = await store.work.claim('scan', 'a', LEASE_MS);
    assert(item);
    clock.at += LEASE_MS;
    await store.work.claim('scan', 'b', LEASE_MS);
    await store.work.finish(item, 'a', 'done');
    await store.work.fail(item, 'a', plain('late'), true);
    assert.deepEqual(await store.work.get('scan', 'scene', '1'), {
      ...item,
      attempts: 2,
      updatedAt: clock.at,
    });
    await store.work.finish(item, 'b', 'done');
    assert.equal((await store.work.get('scan', 'scene', '1'))?.state, 'done');
  });

  test(`${name}: a failed item waits behind the others and is given up after three attempts`, async () => {
    const { work } = (await fresh(create)).store;
    await work.enqueue('scan', [offered(1), offered(2)]);
    const order: string[] = [];
    for (
      let item = await work.claim('scan', 'a', LEASE_MS);
      item;
      item = await work.claim('scan', 'a', LEASE_MS)
    ) {
      order.push(item.id);
      await work.fail(item, 'a', plain(`no ${item.attempts}`), false);
    }
    assert.deepEqual(order, ['2', '1', '2', '1', '2', '1']);
    const item = await work.get('scan', 'scene', '2');
    assert.deepEqual([item?.state, item?.attempts, item?.lastError], ['failed', 3, plain('no 3')]);
  });

  test(`${name}: a final failure is not tried again until it is asked for`, async () => {
    const { work } = (await fresh(create)).store;
    await work.enqueue('scan', [offered(1)]);
    const item = await work.claim('scan', 'a', LEASE_MS);
    assert(item);
    await work.fail(item, 'a', plain('broken file'), true);
    assert.equal(await work.claim('scan', 'a', LEASE_MS), null);
    assert.equal(await work.retryFailed('scan'), 1);
    assert.equal((await work.claim('scan', 'a', LEASE_MS))?.attempts, 1);
  });

  test(`${name}: an item that ends its process every time is given up in the end, and said why`, async () => {
    const { store, dead } = await fresh(create);
    await store.work.enqueue('scan', [offered(1)]);
    let claims = 0;
    while (await store.work.claim('scan', `owner ${claims}`, LEASE_MS)) dead.add(`owner ${claims++}`);
    assert.equal(claims, 5);
    const { items } = await store.work.failures('scan', 10, 0);
    assert.match(
      inEnglish(items[0]?.lastError ?? plain('')),
      /^Tried 5 times, and each time the process ended before it was done: see Stash's log/,
    );
  });

  test(`${name}: what is given back was never tried`, async () => {
    const { work } = (await fresh(create)).store;
    await work.enqueue('scan', [offered(1), offered(2)]);
    await work.claim('scan', 'a', LEASE_MS);
    await work.claim('scan', 'a', LEASE_MS);
    await work.release('scan', 'a');
    assert.deepEqual(
      (await claimAll(work)).map((item) => [item.id, item.attempts]),
      [
        ['2', 1],
        ['1', 1],
      ],
    );
  });

  test(`${name}: enqueueing opens a finished item only when its revision differs`, async () => {
    const { store, clock } = await fresh(create);
    const { work } = store;
    await work.enqueue('scan', [offered(1), offered(2)]);
    for (const item of await claimAll(work)) await work.finish(item, 'a', 'skipped', plain('audio only'));
    clock.at += 5;
    await work.enqueue('scan', [
      { ...offered(1, 3), title: 'Renamed' },
      { ...offered(2, 4), revision: 'b' },
    ]);
    const kept = await work.get('scan', 'scene', '1');
    assert.deepEqual(
      [kept?.state, kept?.title, kept?.priority, kept?.lastError, kept?.updatedAt],
      ['skipped', 'Renamed', 3, plain('audio only'), clock.at - 5],
    );
    const opened = await work.get('scan', 'scene', '2');
    assert.deepEqual(
      [opened?.state, opened?.revision, opened?.attempts, opened?.lastError, opened?.updatedAt],
      ['pending', 'b', 0, null, clock.at],
    );
  });

  test(`${name}: an item that changed while it was looked at is looked at again`, async () => {
    const { work } = (await fresh(create)).store;
    await work.enqueue('scan', [offered(1)]);
    const item = await work.claim('scan', 'a', LEASE_MS);
    assert(item);
    await work.enqueue('scan', [offered(1, 0, 'b')]);
    await work.finish(item, 'a', 'done');
    assert.equal((await work.claim('scan', 'a', LEASE_MS))?.revision, 'b');
  });

  test(`${name}: counts are by state, failures are failed items and skipped ones with a reason, newest first`, async () => {
    const { store, clock } = await fresh(create);
    const { work } = store;
    await work.enqueue(
      'scan',
      [1, 2, 3, 4, 5].map((id) => offered(id, -id)),
    );
    for (const [index, item] of (await claimAll(work, 4)).entries()) {
      clock.at += 10;
      if (index === 0) await work.finish(item, 'a', 'done');
      if (index === 1) await work.fail(item, 'a', plain('broken'), true);
      if (index === 2) await work.finish(item, 'a', 'skipped', plain('audio only'));
      if (index === 3) await work.finish(item, 'a', 'skipped');
    }
    assert.deepEqual(await work.counts('scan'), { pending: 1, done: 1, skipped: 2, failed: 1 });
    assert.deepEqual(await work.counts('people'), { pending: 0, done: 0, skipped: 0, failed: 0 });
    const { total, items } = await work.failures('scan', 10, 0);
    assert.deepEqual([total, idsOf(items)], [2, ['3', '2']]);
    assert.deepEqual(idsOf((await work.failures('scan', 1, 1)).items), ['2']);
  });

  test(`${name}: items that Stash has no more are dropped, of this task and kind only`, async () => {
    const { work } = (await fresh(create)).store;
    await work.enqueue('scan', [offered(1), offered(2), { ...offered(3), kind: 'image' }]);
    await work.enqueue('identify', [offered(1)]);
    assert.equal(await work.dropMissing('scan', 'scene', new Set(['2'])), 1);
    await work.enqueue(
      'scan',
      [7, 8, 10, 12].map((n) => offered(n)),
    );
    const range = { after: '7', upTo: '10' };
    assert.equal(await work.dropMissing('scan', 'scene', new Set(['8']), range), 1);
    assert.equal(await work.dropMissing('scan', 'scene', new Set(), { after: '10', upTo: null }), 1);
    for (const [id, stays] of [
      ['2', true],
      ['7', true],
      ['8', true],
      ['10', false],
      ['12', false],
    ] as const)
      assert.equal((await work.get('scan', 'scene', id)) !== null, stays, id);
    assert.equal(await work.get('scan', 'scene', '1'), null);
    assert.deepEqual(await work.counts('scan'), { pending: 4, done: 0, skipped: 0, failed: 0 });
    assert.equal((await work.counts('identify')).pending, 1);
  });
}

async function claimAll(work: WorkTable, atMost = 100): Promise<WorkItem[]> {
  const items: WorkItem[] = [];
  while (items.length < atMost) {
    const item = await work.claim('scan', 'a', LEASE_MS);
    if (!item) break;
    items.push(item);
  }
  return items;
}
