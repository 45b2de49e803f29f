import assert from 'node:assert/strict';
import { test } from 'node:test';
import { recentRuns, runOperations } from '../../tasks/operations/runs.ts';
import { fakeContext } from '../fakes/context.ts';
import { memoryStash } from '../fakes/memory-stash.ts';

test('a task that waits in the queue of Stash is shown before its first turn, and can be taken out of it', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash);
  const shown = async () =>
    (await recentRuns(context, stash.jobs, 9)).map(({ task, phase, state }) => [task, phase, state]);
  stash.jobs.push({ id: '7', status: 'READY', description: 'Running plugin task: Scan library' });
  stash.jobs.push({ id: '8', status: 'READY', description: 'Generating previews' });
  assert.deepEqual(await shown(), [['scan', 'waiting', 'running']]);

  // Its run begins: that is what is shown from now on, also while its next turn waits.
  const { run } = await context.store.runs.begin('scan', context.owner, {}, 1000);
  assert.deepEqual(await shown(), [['scan', 'working', 'running']]);
  await context.store.runs.end(run.id, context.owner, 'finished', 'All seen.');
  assert.deepEqual(await shown(), [
    ['scan', 'waiting', 'running'],
    ['scan', 'ended', 'finished'],
  ]);

  assert.deepEqual(await runOperations.stop(context, { task: 'scan' }), { stopping: ['scan'] });
  assert.deepEqual(
    stash.jobs.map(({ id }) => id),
    ['8'],
  );
  assert.deepEqual(await runOperations.stop(context, { task: 'scan' }), { stopping: [] });
});
