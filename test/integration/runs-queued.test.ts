import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataOperations } from '../../tasks/data/operations.ts';
import { recentRuns } from '../../tasks/runs/run-views.ts';
import { handlers } from '../../tasks/compose/registry.ts';
import { statusOperation } from '../../tasks/status/operations.ts';
import { fakeContext } from '../fakes/context.ts';
import { memoryStash } from '../fakes/memory-stash.ts';
import { plain } from '../../core/messages/message.ts';

test('many looks at single scenes hide neither a run at work nor how the last of another task ended', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash);
  const { runs } = context.store;
  const people = await runs.begin('people', context.owner, {}, 600_000);
  await runs.end(people.run.id, context.owner, 'failed', plain('The disk is full.'));
  await runs.begin('scan', context.owner, {}, 600_000);
  for (let n = 0; n < 25; n++) {
    const { run } = await runs.begin('identify', context.owner, {}, 600_000);
    await runs.end(run.id, context.owner, 'finished', plain('1 scene looked at.'));
  }
  const { runs: shown } = await statusOperation.status(context, {});
  assert.equal(shown.filter(({ task }) => task === 'identify').length, 10);
  assert.deepEqual(
    shown.filter(({ task }) => task !== 'identify').map(({ task, phase, message }) => [task, phase, message]),
    [
      ['scan', 'working', plain('')],
      ['people', 'ended', plain('The disk is full.')],
    ],
  );
  await assert.rejects(dataOperations['data.clear'](context, { what: ['faces'] }), {
    code: 'busy',
    message: /^"Scan library" is under way/,
  });
});

test('a run that was cut short and taken up again stands where it ended, however many have ended meanwhile', async (t) => {
  const context = await fakeContext(t, memoryStash());
  const { runs } = context.store;
  const end = async (task: string): Promise<void> => {
    const { run } = await runs.begin(task, context.owner, {}, 600_000);
    await runs.end(run.id, context.owner, 'finished', plain(''));
    // The clock of the store counts milliseconds.
    await new Promise((done) => setTimeout(done, 3));
  };
  await runs.begin('link-stash-ids', context.owner, {}, 600_000);
  await end('people');
  for (let n = 0; n < 12; n++) await end('identify');
  await end('link-stash-ids');
  await end('scan');
  const shown = await recentRuns(context, [], 3);
  assert.deepEqual(
    shown.slice(0, 3).map(({ task }) => task),
    ['scan', 'link-stash-ids', 'identify'],
  );
  assert.deepEqual(
    (await runs.recent(3)).map(({ task }) => task),
    ['scan', 'link-stash-ids', 'identify'],
  );
});

test('a task that waits in the queue of Stash is shown before its first turn, and can be taken out of it', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash);
  const shown = async () =>
    (await recentRuns(context, stash.jobs, 9)).map(({ task, phase, state }) => [task, phase, state]);
  stash.jobs.push({
    id: '7',
    status: 'READY',
    description: 'Running plugin task: Scan library',
    addedAt: '2026-01-10T12:00:00Z',
  });
  stash.jobs.push({
    id: '8',
    status: 'READY',
    description: 'Generating previews',
    addedAt: '2026-01-10T12:00:00Z',
  });
  assert.deepEqual(await shown(), [['scan', 'waiting', 'running']]);

  // Its run begins: that is what is shown from now on, also while its next turn waits.
  const { run } = await context.store.runs.begin('scan', context.owner, {}, 600_000);
  assert.deepEqual(await shown(), [['scan', 'working', 'running']]);
  await context.store.runs.end(run.id, context.owner, 'finished', plain('All seen.'));
  assert.deepEqual(await shown(), [
    ['scan', 'waiting', 'running'],
    ['scan', 'ended', 'finished'],
  ]);

  assert.deepEqual(await handlers.stop(context, { task: 'scan' }), { stopping: ['scan'] });
  assert.deepEqual(
    stash.jobs.map(({ id }) => id),
    ['8'],
  );
  assert.deepEqual(await handlers.stop(context, { task: 'scan' }), { stopping: [] });
});

test('tasks that were started together are all shown, also the one whose process has not begun its run', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash);
  const shown = async () =>
    (await recentRuns(context, stash.jobs, 9)).map(({ task, phase, jobId }) => [task, phase, jobId]);
  const addedAt = '2026-01-10T12:00:00Z';
  for (const [id, status, name] of [
    ['7', 'RUNNING', 'Scan library'],
    ['8', 'READY', 'Build reference pack'],
  ] as const)
    stash.jobs.push({ id, status, description: `Running plugin task: ${name}`, addedAt });
  assert.deepEqual(await shown(), [
    ['scan', 'working', '7'],
    ['build-reference-pack', 'waiting', '8'],
  ]);

  const { run } = await context.store.runs.begin('scan', context.owner, {}, 600_000);
  await context.store.runs.setJob(run.id, context.owner, { id: '7', addedAt });
  assert.deepEqual(await shown(), [
    ['build-reference-pack', 'waiting', '8'],
    ['scan', 'working', '7'],
  ]);
  // Its process ends a moment later: that is no other run.
  await context.store.runs.end(run.id, context.owner, 'finished', plain('All seen.'));
  assert.deepEqual(await shown(), [
    ['build-reference-pack', 'waiting', '8'],
    ['scan', 'ended', null],
  ]);
});
