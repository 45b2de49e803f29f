/** A writer, or who looks at faces, that another process has taken over: it ends, and changes nothing more. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { INFERENCE, withInference } from '../../tasks/runs/inference-lock.ts';
import type { FieldChange } from '../../core/changes/change.ts';
import type { ChangePlan } from '../../core/changes/write.ts';
import { WRITE } from '../../tasks/suggestions/write.ts';
import { look } from '../contract/store-samples.ts';
import { fakeContext, FAST } from '../fakes/context.ts';
import { opened, OTHER, TAKEN_OVER } from './taken-over.ts';
import { plain } from '../../core/messages/message.ts';

test('a writer that lost its lock before the plan plans nothing and sends nothing', async (t) => {
  for (const comesBack of [false, true]) {
    const { context, stash, takeLock, holderOf } = await opened(t);
    await assert.rejects(
      context.changes.exclusively(async (write) => {
        takeLock(WRITE);
        // Free again, even its own again: what was decided under the old lock is old.
        if (comesBack) {
          await context.store.locks.release(WRITE, OTHER);
          await context.store.locks.acquire(WRITE, context.owner, FAST.leaseMs);
        }
        await assert.rejects(write.ensureTag('Changed', { batchId: 'b', by: 'person' }), TAKEN_OVER);
        await write.make(planOf());
      }),
      TAKEN_OVER,
    );
    assert.deepEqual(stash.items.get('scene:1')?.performerIds, []);
    assert.deepEqual([...stash.tags], []);
    assert.equal((await context.store.journal.list({}, 9, 0)).total, 0);
    if (!comesBack) assert.equal(holderOf(WRITE), OTHER);
  }
});

test('a writer that lost its lock after the plan settles nothing: the new holder finds out what became of it', async (t) => {
  for (const moment of ['before', 'after'] as const) {
    const { context, stash, takeLock } = await opened(t);
    stash[moment] = (call) => {
      if (call === 'change') takeLock(WRITE);
    };
    await assert.rejects(
      context.changes.exclusively((write) => write.make(planOf())),
      TAKEN_OVER,
    );
    stash[moment] = () => undefined;
    assert.equal((await context.store.journal.planned()).length, 1, 'as it was');
    const next = await fakeContext(t, stash, { folder: context.dataFolder });
    await context.store.locks.release(WRITE, OTHER);
    await next.changes.exclusively(() => Promise.resolve());
    const { items } = await next.store.journal.list({}, 9, 0);
    assert.deepEqual(
      items.map(({ state }) => state),
      ['written'],
    );
  }
});

test('who takes a write back and is taken over leaves the settling to the new holder', async (t) => {
  const { context, stash, takeLock } = await opened(t);
  const entry = await context.changes.exclusively((write) => write.make(planOf()));
  stash.after = (call) => {
    if (call === 'change') takeLock(WRITE);
  };
  const remove: FieldChange = { op: 'remove', entity: SCENE, field: 'performers', values: ['5'] };
  await assert.rejects(
    context.changes.exclusively((write) =>
      write.revert(entry!, () => Promise.resolve({ changes: [remove] })),
    ),
    TAKEN_OVER,
  );
  stash.after = () => undefined;
  assert.equal((await context.store.journal.get(entry!.id))?.state, 'written');
  await context.store.locks.release(WRITE, OTHER);
  await context.changes.exclusively(() => Promise.resolve());
  assert.equal((await context.store.journal.get(entry!.id))?.state, 'undone');
});

test('a look that lost the machine keeps nothing of what it saw, and ends at its next frame', async (t) => {
  const { context, takeLock } = await opened(t);
  const { store } = context;
  await assert.rejects(
    withInference(context, 'in the background', async (stillHeld) => {
      stillHeld();
      takeLock(INFERENCE);
      await assert.rejects(store.observations.put(look(1)), TAKEN_OVER);
      const until = Date.now() + 10_000;
      for (;;) {
        stillHeld();
        assert.ok(Date.now() < until);
        await sleep(10);
      }
    }),
    TAKEN_OVER,
  );
  // Also where it ended before it heard of it.
  await store.locks.release(INFERENCE, OTHER);
  await assert.rejects(
    withInference(context, 'in the background', () => {
      takeLock(INFERENCE);
      return Promise.resolve('seen');
    }),
    TAKEN_OVER,
  );
  await store.observations.put(look(1));
});

const SCENE = { kind: 'scene', id: '1' } as const;

function planOf(): ChangePlan {
  return {
    entity: SCENE,
    changes: [{ op: 'add', entity: SCENE, field: 'performers', values: ['5'] }],
    summary: plain('added Performer 5'),
    batchId: 'b',
    by: 'person',
    suggestionId: null,
    face: null,
  };
}
