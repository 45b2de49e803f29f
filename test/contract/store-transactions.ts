import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { StashSenseError } from '../../core/errors.ts';
import { message, plain } from '../../core/messages/message.ts';
import type { StateKey, StateValue } from '../../core/state-keys.ts';
import { fresh, LEASE_MS, offered, performer, proposal, type CreateStore } from './store-samples.ts';

export function testState(name: string, create: CreateStore): void {
  const comesBack = <Key extends StateKey>(key: Key, value: StateValue<Key>): void => {
    test(`${name}: the state ${JSON.stringify(value)} comes back as it was set`, async () => {
      const { store, reopen } = await fresh(create);
      await store.state.set(key, value);
      assert.deepEqual(await (await reopen()).state.get(key), value);
    });
  };
  comesBack('matched-at:cursor:scenes', 0);
  comesBack('slice-token:cursor:scenes', '');
  comesBack('slice-token:cursor:scenes', ':colon');
  comesBack('restart-requested:cursor:scenes', false);
  comesBack('progress:scene:1', {
    fraction: 0,
    message: message('joined', { first: plain('ü'), second: 1 }),
  });
  comesBack('schedule', { expression: '', nextAt: null });
  comesBack('undo-begun', ['x']);

  test(`${name}: state is gone when deleted, when its time is over, and when there never was any`, async () => {
    const { store, clock } = await fresh(create);
    const { state } = store;
    assert.equal(await state.get('matched-at:none'), null);
    await state.set('matched-at:short', 1, 3_600_000);
    await state.set('matched-at:long', 2);
    clock.at += 3_500_000;
    assert.equal(await state.get('matched-at:short'), 1);
    clock.at += 100_000;
    assert.equal(await state.get('matched-at:short'), null);
    await state.set('matched-at:short', 3);
    clock.at += 1e12;
    assert.deepEqual([await state.get('matched-at:short'), await state.get('matched-at:long')], [3, 2]);
    await state.delete('matched-at:long');
    await state.delete('matched-at:none');
    assert.equal(await state.get('matched-at:long'), null);
  });
}

export function testTransactions(name: string, create: CreateStore): void {
  test(`${name}: a transaction is seen whole or not at all`, async () => {
    const { store, reopen } = await fresh(create);
    const other = await reopen();
    const result = await store.transaction(async () => {
      await store.state.set('matched-at:a', 1);
      await sleep(5);
      assert.equal(await store.state.get('matched-at:a'), 1, 'seen from within');
      assert.equal(await other.state.get('matched-at:a'), null, 'not seen by others');
      await store.people.putPerformer(performer(1));
      return 'done';
    });
    assert.equal(result, 'done');
    assert.deepEqual(
      [await other.state.get('matched-at:a'), await other.people.performer('1')],
      [1, performer(1)],
    );
    await assert.rejects(
      store.transaction(async () => {
        await store.state.set('matched-at:a', 2);
        await store.work.enqueue('scan', [offered(1)]);
        throw new Error('no');
      }),
      /^Error: no$/,
    );
    assert.equal(await store.state.get('matched-at:a'), 1);
    assert.equal(await store.work.claim('scan', 'a', LEASE_MS), null);
  });

  test(`${name}: what others in the same process do meanwhile is no part of a transaction`, async () => {
    const { store } = await fresh(create);
    let others: Promise<unknown>[] = [];
    const failed = store.transaction(async () => {
      await store.state.set('matched-at:inside', 1);
      await sleep(20);
      throw new Error('no');
    });
    await sleep(5);
    others = [
      store.state.set('matched-at:outside', 1),
      store.work.enqueue('scan', [offered(1)]),
      store.state.get('matched-at:inside'),
    ];
    await assert.rejects(failed);
    assert.equal((await Promise.all(others)).at(-1), null, 'what was not kept was never seen');
    assert.equal(await store.state.get('matched-at:outside'), 1);
    assert.equal((await store.work.counts('scan')).pending, 1);
  });

  test(`${name}: transactions of one process follow each other`, async () => {
    const { store } = await fresh(create);
    await store.state.set('matched-at:count', 0);
    const add = () =>
      store.transaction(async () => {
        const count = Number(await store.state.get('matched-at:count'));
        await sleep(1);
        await store.state.set('matched-at:count', count + 1);
      });
    await Promise.all(Array.from({ length: 20 }, add));
    assert.equal(await store.state.get('matched-at:count'), 20);
  });

  test(`${name}: nested transactions join, and one that fails takes all with it, whoever catches it`, async () => {
    const { store } = await fresh(create);
    await store.transaction(async () => {
      await store.state.set('matched-at:a', 1);
      await store.transaction(() => store.state.set('matched-at:b', 1));
    });
    assert.deepEqual([await store.state.get('matched-at:a'), await store.state.get('matched-at:b')], [1, 1]);
    await assert.rejects(
      store.transaction(async () => {
        await store.state.set('matched-at:a', 2);
        await store
          .transaction(async () => {
            await store.state.set('matched-at:b', 2);
            throw new Error('inner');
          })
          .catch(() => {});
      }),
      /^Error: inner$/,
    );
    assert.deepEqual([await store.state.get('matched-at:a'), await store.state.get('matched-at:b')], [1, 1]);
  });

  test(`${name}: a single call that is refused is undone alone`, async () => {
    const { store } = await fresh(create);
    await store.transaction(async () => {
      await store.suggestions.replace({ kind: 'scene', id: '1' }, 'faces', [proposal(1, 5)]);
      await assert.rejects(
        store.journal.settle('12345', 'void'),
        (error) => error instanceof StashSenseError && error.code === 'not-found',
      );
    });
    assert.equal((await store.suggestions.list({}, 'newest', 1, 0)).total, 1);
  });

  test(`${name}: stragglers of a transaction that failed are undone too`, async () => {
    const { store } = await fresh(create);
    let straggler: Promise<void> = Promise.resolve();
    await assert.rejects(
      store.transaction(async () => {
        straggler = (async () => {
          await sleep(10);
          await store.state.set('matched-at:late', 1);
        })();
        straggler.catch(() => {});
        throw new Error('no');
      }),
      /^Error: no$/,
    );
    await assert.rejects(straggler, /^Error: no$/);
    assert.equal(await store.state.get('matched-at:late'), null);
  });
}
