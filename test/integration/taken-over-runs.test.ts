/** A run that another process has taken over: the slice ends, and changes nothing more. */
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import { openStore } from '../../plugin/store/store.ts';
import { findTask, runTask } from '../../tasks/compose/dispatch.ts';
import { forEachItem } from '../../tasks/runs/for-each-item.ts';
import { INFERENCE } from '../../tasks/runs/inference-lock.ts';
import { tryLocks } from '../../tasks/runs/locks.ts';
import { dataOperations } from '../../tasks/data/operations.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { defineTask } from '../../tasks/runs/task.ts';
import { WRITE } from '../../tasks/suggestions/write.ts';
import { look, offered, performer } from '../contract/store-samples.ts';
import { FAST, tempFolder, type FakeContext } from '../fakes/context.ts';
import { opened, OTHER, TAKEN_OVER } from './taken-over.ts';
import { plain } from '../../core/messages/message.ts';

test('a slice that lost its run writes nothing more, and ends nothing of the new owner', async (t) => {
  for (const newOwner of [OTHER, null]) {
    const { context, stash, takeRun } = await opened(t);
    const { store } = context;
    await store.work.enqueue('scan', [offered(1), offered(2)]);
    let looked = 0;
    const task = working(async () => {
      looked += 1;
      takeRun(newOwner);
      await store.observations.put(look(1));
    });
    await assert.rejects(runSlice(context, task, {}, {}), TAKEN_OVER);
    assert.equal(looked, 1);
    assert.equal((await store.observations.size()).observations, 0);
    const [run] = await store.runs.running();
    assert.deepEqual([run?.owner, run?.message, run?.done], [newOwner, plain(''), 0]);
    assert.deepEqual(stash.started, []);
    // What it held is free.
    assert.deepEqual(
      [
        (await store.work.claim('scan', 'c', FAST.leaseMs))?.id,
        (await store.work.claim('scan', 'c', FAST.leaseMs))?.id,
      ],
      ['2', '1'],
    );
  }
});

test('a slice that lost its run at its very end neither finishes it, nor stops it, nor queues another slice', async (t) => {
  for (const end of ['finished', 'more', 'stopped', 'failed'] as const) {
    const { context, stash, takeRun } = await opened(t);
    const { store } = context;
    const task = defineTask({
      mode: 'scan',
      async work(_context, _args, slice) {
        if (end === 'stopped') {
          await store.runs.askStop('scan');
          while (!(await slice.shouldYield())) await sleep(5);
        }
        // Of the slice that waits in the queue for the new owner.
        await store.state.set(`slice-token:${slice.run.id}`, 'of the other');
        takeRun(OTHER);
        if (end === 'failed') throw new Error('a fault');
        return { end: end === 'more' ? 'more' : 'finished', message: plain('Done.') };
      },
    });
    await assert.rejects(runSlice(context, task, {}, {}), end === 'failed' ? /a fault/ : TAKEN_OVER);
    const [run] = await store.runs.running();
    assert.equal(run?.owner, OTHER, end);
    assert.equal(await store.state.get(`slice-token:${run?.id}`), 'of the other', end);
    assert.deepEqual(stash.started, [], end);
  }
});

test('what is held for longer than a lease stays held: locks, what "Clear data" and "Move data" keep others from', async (t) => {
  const limits = { ...FAST, leaseMs: 1500 };
  const { context, stash, folder } = await opened(t, limits);
  // Whose processes cannot be seen from there, as in another container.
  const there = await openStore({ folder, isAlive: () => true });
  t.after(() => there.close());
  const longerThanALease = async (): Promise<void> => {
    const until = Date.now() + 1.5 * limits.leaseMs;
    while (Date.now() < until) {
      for (const name of [INFERENCE, WRITE])
        assert.equal(await there.locks.acquire(name, OTHER, limits.leaseMs), null, name);
      await sleep(50);
    }
  };
  const locks = await tryLocks(context, [INFERENCE, WRITE]);
  await longerThanALease();
  await locks?.release();

  const slow: FakeContext = {
    ...context,
    store: {
      ...context.store,
      erase: async (what) => {
        await longerThanALease();
        return await context.store.erase(what);
      },
      relocation: {
        ...context.store.relocation,
        copyTo: async (...args) => {
          await longerThanALease();
          await context.store.relocation.copyTo(...args);
        },
      },
    },
  };
  await dataOperations['data.clear'](slow, { what: ['journal'] });
  stash.settings = { dataFolder: folder };
  const to = path.join(tempFolder(t), 'new');
  await runTask(slow, findTask('move-data')!, { folder: to });
  assert.equal(stash.settings['dataFolder'], to);
});

test('a move that others have thawed or taken over changes no setting, and takes back nothing of theirs', async (t) => {
  for (const lost of ['lock', 'run'] as const) {
    const { context, stash, folder, takeRun } = await opened(t);
    stash.settings = { dataFolder: folder };
    const to = path.join(tempFolder(t), 'new');
    const there = await openStore({ folder });
    t.after(() => there.close());
    const copyTo = async (...args: Parameters<typeof there.relocation.copyTo>): Promise<void> => {
      await context.store.relocation.copyTo(...args);
      if (lost === 'run') takeRun(OTHER, 'move-data');
      else {
        await there.relocation.thaw();
        await there.people.putPerformer(performer(3));
        await there.relocation.freeze(OTHER);
      }
    };
    const moving = {
      ...context,
      store: { ...context.store, relocation: { ...context.store.relocation, copyTo } },
    };
    await assert.rejects(runTask(moving, findTask('move-data')!, { folder: to }), TAKEN_OVER);
    assert.equal(stash.settings['dataFolder'], folder, lost);
    assert.notDeepEqual(readdirSync(to), [], 'what the other may be copying');
    // The other still holds the store still.
    await assert.rejects(there.people.putPerformer(performer(4)), { code: 'busy' });
  }
});

function working(work: (item: WorkItem) => Promise<void>) {
  return defineTask({
    mode: 'scan',
    async work(context, _args, slice) {
      const end = await forEachItem(context, slice, 'scan', async (item) => {
        await work(item);
        return { state: 'done' };
      });
      return { end: end === 'drained' ? 'finished' : 'more', message: plain('Done.') };
    },
  });
}
