import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { plain, message } from '../../core/messages/message.ts';
import type { WorkItem } from '../../core/ports/work-queue.ts';
import { readSchedules, startDue, type Scheduled } from '../../tasks/schedule/due.ts';
import { forEachItem } from '../../tasks/runs/for-each-item.ts';
import { withInference } from '../../tasks/runs/inference-lock.ts';
import { runOperations } from '../../tasks/runs/operations.ts';
import { recentRuns } from '../../tasks/runs/run-views.ts';
import { handlers } from '../../tasks/compose/registry.ts';
import { runSlice } from '../../tasks/runs/run-slice.ts';
import { defineTask, type Context, type Limits, type Slice } from '../../tasks/runs/task.ts';
import { createOwner } from '../../plugin/system/process-owner.ts';
import { FAST, fakeContext, tempFolder, type FakeContext } from '../fakes/context.ts';
import { memoryStash } from '../fakes/memory-stash.ts';
import { turningClock } from '../fakes/turning-clock.ts';
import { inEnglish } from '../../core/messages/english.ts';

test('a slice that has had its time puts the rest at the end of the queue, and the next one goes on', async (t) => {
  const stash = memoryStash();
  const clock = turningClock();
  const first = await fakeContext(t, stash, { ...clock, limits: { ...FAST, sliceMs: 40 } });
  await enqueue(first, 6);
  const done: string[] = [];
  const task = working(async ({ id }) => {
    await clock.sleep(15);
    done.push(id);
  });
  assert.equal((await runSlice(first, task, {}, {})).end, 'requeued');
  assert.equal(done.length, 3);
  assert.equal(stash.started[0]?.name, 'Scan library');
  const next = await fakeContext(t, stash, { ...clock, folder: first.dataFolder });
  assert.equal((await runSlice(next, task, {}, sliceArgs(stash, 0))).end, 'finished');
  assert.deepEqual(done, ['6', '5', '4', '3', '2', '1']);
  const [run] = await next.store.runs.recent(1);
  assert.deepEqual(
    { state: run?.state, done: run?.done, total: run?.total, slices: run?.slices, message: run?.message },
    { state: 'finished', done: 6, total: 6, slices: 2, message: plain('Done.') },
  );
});

test('a slice gives way to a job that is not ours, though not before its minimum and one item', async (t) => {
  const stash = memoryStash();
  const clock = turningClock();
  const context = await fakeContext(t, stash, { ...clock, limits: { ...FAST, sliceMinimumMs: 60 } });
  await enqueue(context, 50);
  stash.jobs.push({
    id: '1',
    status: 'READY',
    description: 'Running plugin task: Stash Sense: Scan library',
    addedAt: '2026-01-10T12:00:00Z',
  });
  const done: string[] = [];
  const task = working(async ({ id }) => {
    await clock.sleep(10);
    done.push(id);
    // Only now somebody else's comes.
    if (done.length === 2)
      stash.jobs.push({
        id: '2',
        status: 'READY',
        description: 'Scanning...',
        addedAt: '2026-01-10T12:00:00Z',
      });
  });
  assert.equal((await runSlice(context, task, {}, {})).end, 'requeued');
  assert.equal(done.length, 6);
});

test('from the command line there are no slices', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: { ...FAST, sliceMs: Infinity } });
  await enqueue(context, 3);
  stash.jobs.push({ id: '2', status: 'READY', description: 'Scanning...', addedAt: '2026-01-10T12:00:00Z' });
  assert.equal((await runSlice(context, working(), {}, {})).end, 'finished');
  assert.deepEqual(stash.started, []);
});

test('a second start joins the run that is at work, which does what it asked for too', async (t) => {
  const stash = memoryStash();
  const one = await fakeContext(t, stash, { limits: PATIENT });
  const two = await fakeContext(t, stash, { folder: one.dataFolder, limits: PATIENT });
  await enqueue(one, 3);
  const done: string[] = [];
  let second: Awaited<ReturnType<typeof runSlice>> | null = null;
  const task = working(async ({ id }) => {
    second ??= await runSlice(
      two,
      { ...task, prepare: async (context: Context) => await enqueue(context, 5) },
      {},
      {},
    );
    done.push(id);
  });
  const first = await runSlice(one, task, {}, {});
  assert.deepEqual(second, {
    end: 'joined',
    message: message('runs.isRunning', { task: message('task.name.scan') }),
  });
  assert.equal(first.end, 'finished');
  assert.deepEqual(done.toSorted(), ['1', '2', '3', '4', '5']);
  assert.equal((await one.store.runs.recent(10)).length, 1);
});

test('what is asked for while a run ends is done by that run or by the next, never by none', async (t) => {
  const stash = memoryStash();
  const folder = tempFolder(t);
  const done: string[] = [];
  const task = working(({ id }) => {
    done.push(id);
    return Promise.resolve();
  });
  let asked = 0;
  await Promise.all(
    [0, 1, 2].map(async () => {
      const context = await fakeContext(t, stash, { folder, limits: PATIENT });
      for (let n = 0; n < 8; n++) {
        const id = ++asked;
        const one = {
          ...task,
          prepare: (its: Context) =>
            its.store.work.enqueue('scan', [
              { kind: 'scene', id: String(id), title: '', revision: '', priority: 0 },
            ]),
        };
        const report = await runSlice(context, one, {}, {});
        assert.match(report.end, /finished|joined/);
      }
    }),
  );
  assert.deepEqual(
    done.map(Number).toSorted((a, b) => a - b),
    Array.from({ length: 24 }, (_, n) => n + 1),
  );
});

test('stop ends the run and not only its slice: what is queued of it does nothing', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: ONE_ITEM });
  await enqueue(context, 5);
  assert.equal((await runSlice(context, working(), {}, {})).end, 'requeued');
  stash.jobs.push({
    id: '8',
    status: 'READY',
    description: 'Running plugin task: Stash Sense: Scan library',
    addedAt: '2026-01-10T12:00:00Z',
  });
  assert.deepEqual(await handlers.stop(context, {}), { stopping: ['scan'] });
  assert.deepEqual(stash.jobs, []);
  assert.equal((await runSlice(context, working(), {}, sliceArgs(stash, 0))).end, 'obsolete');
  assert.equal((await context.store.runs.recent(1))[0]?.state, 'stopped');
  assert.equal((await context.store.work.counts('scan')).pending, 4);
});

test('a stop is seen by the slice at work after the item in hand', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash);
  await enqueue(context, 50);
  let done = 0;
  const task = working(async (_item, slice) => {
    if (++done < 3) return;
    await handlers.stop(context, { task: 'scan' });
    // However long it takes until it is heard.
    while (!(await slice.stopped())) await sleep(5);
  });
  assert.equal((await runSlice(context, task, {}, {})).end, 'stopped');
  assert.equal(done, 3);
  assert.equal((await context.store.runs.running()).length, 0);
});

test('a stop that nobody saw ends the run that was killed, and the next start does what it is asked', async (t) => {
  const stash = memoryStash();
  const folder = tempFolder(t);
  const dead = createOwner().replace(/^\d+/, '4194301');
  const before = await fakeContext(t, stash, { folder, owner: dead });
  await enqueue(before, 2);
  await before.store.runs.begin('scan', dead, {}, 60_000);
  await before.store.runs.askStop('scan');
  const after = await fakeContext(t, stash, { folder });
  assert.equal((await runSlice(after, working(), {}, {})).end, 'finished');
  assert.deepEqual(
    (await after.store.runs.recent(10)).map(({ state, done }) => ({ state, done })),
    [
      { state: 'finished', done: 2 },
      { state: 'stopped', done: 0 },
    ],
  );
});

test('a run that was asked for once more finds out again what there is to do', async (t) => {
  const stash = memoryStash();
  const one = await fakeContext(t, stash, { limits: PATIENT });
  const two = await fakeContext(t, stash, { folder: one.dataFolder, limits: PATIENT });
  await enqueue(one, 2);
  let joined: Awaited<ReturnType<typeof runSlice>> | null = null;
  const task = {
    ...working(async () => {
      joined ??= await runSlice(two, task, {}, {});
    }),
    onRestartRequested: async (context: Context) => await enqueue(context, 3),
  };
  assert.equal((await runSlice(one, task, {}, {})).end, 'finished');
  assert.deepEqual(joined, {
    end: 'joined',
    message: message('runs.isRunning', { task: message('task.name.scan') }),
  });
  assert.equal((await one.store.work.counts('scan')).done, 3);
});

test('files that are not there are tried again; many in a row are a disk, and end the run instead of the files', async (t) => {
  const context = await fakeContext(t, memoryStash());
  await enqueue(context, 100);
  let isMounted = false;
  const task = working(({ id }) => {
    if (!isMounted) throw new StashSenseError('file-missing', plain(`/disk/${id}.mp4 is not there.`));
    return Promise.resolve();
  });
  await assert.rejects(runSlice(context, task, {}, {}), /20 files in a row are not there.*\/disk\/\d+\.mp4/);
  assert.deepEqual(await context.store.work.counts('scan'), { pending: 100, done: 0, skipped: 0, failed: 0 });
  isMounted = true;
  assert.equal((await runSlice(context, task, {}, {})).end, 'finished');
  assert.equal((await context.store.work.counts('scan')).done, 100);
});

test('of two queued slices of one run only the later one works', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: ONE_ITEM });
  await enqueue(context, 5);
  await runSlice(context, working(), {}, {});
  // Somebody starts it once more while the rest waits in the queue.
  await runSlice(context, working(), {}, {});
  assert.equal(stash.started.length, 2);
  assert.equal((await runSlice(context, working(), {}, sliceArgs(stash, 0))).end, 'obsolete');
  assert.equal((await runSlice(context, working(), {}, sliceArgs(stash, 1))).end, 'requeued');
  assert.equal((await context.store.runs.recent(10)).length, 1);
});

test('a run whose process died is taken over at once, and what it held is done', async (t) => {
  const stash = memoryStash();
  const folder = tempFolder(t);
  // A process that is no more: no such pid.
  const dead = createOwner().replace(/^\d+/, '4194301');
  const before = await fakeContext(t, stash, { folder, owner: dead, limits: { ...FAST, leaseMs: 60_000 } });
  await enqueue(before, 2);
  await before.store.runs.begin('scan', dead, {}, 60_000);
  await before.store.work.claim('scan', dead, 60_000);
  const after = await fakeContext(t, stash, { folder, limits: { ...FAST, leaseMs: 60_000 } });
  const report = await runSlice(after, working(), {}, {});
  assert.equal(report.end, 'finished');
  assert.equal((await after.store.work.counts('scan')).done, 2);
});

test('a run that nobody works on and nothing in the queue goes on with is lost, and a start goes on with it', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { limits: ONE_ITEM });
  await enqueue(context, 3);
  await runSlice(context, working(), {}, {});
  const phase = async (): Promise<string | undefined> =>
    (await recentRuns(context, await context.library.jobs(), 1))[0]?.phase;
  assert.equal(await phase(), 'lost');
  stash.jobs.push({
    id: '8',
    status: 'READY',
    description: 'Running plugin task: Stash Sense: Scan library',
    addedAt: '2026-01-10T12:00:00Z',
  });
  assert.equal(await phase(), 'waiting');
  stash.jobs.length = 0;
  const next = await fakeContext(t, stash, { folder: context.dataFolder });
  await runSlice(next, working(), {}, {});
  assert.equal(await phase(), 'ended');
  assert.equal((await context.store.runs.recent(10)).length, 1);
});

test('one bad item is counted and listed and does not stop the others; what may get better is tried again', async (t) => {
  const context = await fakeContext(t, memoryStash());
  await enqueue(context, 3);
  const tried: string[] = [];
  const task = working(({ id }) => {
    tried.push(id);
    if (id === '2') throw new StashSenseError('unreadable-media', plain('The file is damaged.'));
    if (id === '1') throw new Error('a fault of ours');
    return Promise.resolve();
  });
  await runSlice(context, task, {}, {});
  assert.deepEqual(await context.store.work.counts('scan'), { pending: 0, done: 1, skipped: 0, failed: 2 });
  assert.deepEqual(tried, ['3', '2', '1', '1', '1']);
  const { items } = await runOperations['runs.failures'](context, { limit: 10, offset: 0 });
  assert.deepEqual(
    items
      .map(({ id, error, attempts }) => ({ id, error: inEnglish(error), attempts }))
      .toSorted((a, b) => Number(a.id) - Number(b.id)),
    [
      { id: '1', error: 'a fault of ours', attempts: 3 },
      { id: '2', error: 'The file is damaged.', attempts: 1 },
    ],
  );
  assert.deepEqual(await runOperations['runs.retry'](context, {}), { count: 2 });
});

test('trouble of the whole run ends it, counts no item as failed, and can be started again', async (t) => {
  const context = await fakeContext(t, memoryStash());
  await enqueue(context, 3);
  const task = working(() => {
    throw new StashSenseError('model-missing', plain('The weights are missing.'));
  });
  await assert.rejects(runSlice(context, task, {}, {}), { code: 'model-missing' });
  const [run] = await context.store.runs.recent(1);
  assert.equal(run?.state, 'failed');
  assert.equal(inEnglish(run.message), 'The weights are missing.');
  assert.deepEqual(await context.store.work.counts('scan'), { pending: 3, done: 0, skipped: 0, failed: 0 });
  assert.equal((await runSlice(context, working(), {}, {})).end, 'finished');
});

test('only one process looks at faces, and who sits in front of the page goes first', async (t) => {
  const stash = memoryStash();
  const folder = tempFolder(t);
  // Short waits, however long is asked for: neither may count on the other's being slow.
  const options = { folder, limits: PATIENT, sleep: async () => await sleep(1) };
  const [scanning, page] = [await fakeContext(t, stash, options), await fakeContext(t, stash, options)];
  const order: string[] = [];
  let inside = 0;
  const waiting: Promise<void>[] = [];
  const look = async (name: string): Promise<void> => {
    assert.equal(++inside, 1);
    order.push(name);
    if (name === 'file 1') {
      waiting.push(withInference(page, 'for a person', () => look('person')));
      // The file is through only once the person is known to wait.
      while (!(await page.store.locks.requested('inference', scanning.owner))) await sleep(1);
    }
    inside--;
  };
  for (const n of [1, 2, 3]) await withInference(scanning, 'in the background', () => look(`file ${n}`));
  await Promise.all(waiting);
  assert.deepEqual(order, ['file 1', 'person', 'file 2', 'file 3']);
});

const ofScan = async (context: Context): Promise<Scheduled> => (await readSchedules(context))[0]!;

test('a due scan is started once, however many processes ask', async (t) => {
  const stash = memoryStash();
  let time = new Date('2026-01-10T12:00:00').getTime();
  const options = {
    settings: { schedule: '0 3 * * *' },
    now: () => time,
    limits: { ...FAST, leaseMs: 60_000 },
  };
  const first = await fakeContext(t, stash, options);
  const second = await fakeContext(t, stash, { ...options, folder: first.dataFolder });
  assert.deepEqual(await ofScan(first), {
    task: 'scan',
    expression: '0 3 * * *',
    nextAt: new Date('2026-01-11T03:00:00').getTime(),
    due: false,
    waitsFor: null,
    problem: null,
  });
  time = new Date('2026-01-13T09:00:00').getTime();
  assert.equal((await ofScan(second)).due, true);
  await Promise.all([startDue(first), startDue(second)]);
  await startDue(first);
  assert.deepEqual(stash.started, [{ name: 'Scan library', args: {} }]);
  assert.equal((await ofScan(first)).nextAt, new Date('2026-01-14T03:00:00').getTime());
});

test('a schedule that is none is told and starts nothing', async (t) => {
  const stash = memoryStash();
  const context = await fakeContext(t, stash, { settings: { schedule: 'every now and then' } });
  const [schedule] = await startDue(context);
  assert.equal(schedule?.nextAt, null);
  assert.match(inEnglish(schedule?.problem ?? plain('')), /every now and then/);
  assert.deepEqual(stash.started, []);
});

test('an item that meets a store which is busy for a moment is had again, and counts no attempt', async (t) => {
  const context = await fakeContext(t, memoryStash(), turningClock());
  await enqueue(context, 2);
  const tries: string[] = [];
  const task = working(async ({ id }) => {
    tries.push(id);
    if (tries.length < 5) throw new StashSenseError('busy', plain('The store is held by another run.'));
    await sleep(1);
  });
  assert.equal((await runSlice(context, task, {}, {})).end, 'finished');
  assert.deepEqual(tries, ['2', '2', '2', '2', '2', '1']);
  const { attempts, lastError } = (await context.store.work.get('scan', 'scene', '2'))!;
  assert.deepEqual({ attempts, lastError }, { attempts: 1, lastError: null });
});

test('what stays busy for longer than a lease ends the run and leaves its item pending', async (t) => {
  const clock = turningClock();
  const context = await fakeContext(t, memoryStash(), {
    ...clock,
    limits: { ...FAST, leaseMs: 100, heartbeatMs: 10 },
  });
  const began = clock.now();
  await enqueue(context, 1);
  const task = working(() => {
    throw new StashSenseError('busy', plain('The store is held by another run.'));
  });
  await assert.rejects(runSlice(context, task, {}, {}), { code: 'busy' });
  assert.equal((await context.store.work.get('scan', 'scene', '1'))?.state, 'pending');
  assert.equal(clock.now() - began, 210);
});

/** Nobody is taken for dead, however slow the machine is. */
const PATIENT: Limits = { ...FAST, leaseMs: 60_000 };
/** A slice is over with its first item. */
const ONE_ITEM: Limits = { ...FAST, sliceMs: 0 };

/** A "Scan library" whose only work is this. */
function working(
  work: (item: WorkItem, slice: Slice) => Promise<void> = async () => await Promise.resolve(),
) {
  return defineTask({
    mode: 'scan',
    async work(context, _args, slice) {
      const end = await forEachItem(context, slice, 'scan', async (item) => {
        await work(item, slice);
        return { state: 'done' };
      });
      return end === 'drained'
        ? { end: 'finished', message: plain('Done.') }
        : { end: 'more', message: plain('') };
    },
  });
}

async function enqueue({ store }: Context | FakeContext, count: number): Promise<void> {
  await store.work.enqueue(
    'scan',
    Array.from({ length: count }, (_, n) => ({
      kind: 'scene' as const,
      id: String(n + 1),
      title: `Scene ${n + 1}`,
      revision: '',
      priority: 0,
    })),
  );
}

function sliceArgs(
  { started }: Pick<ReturnType<typeof memoryStash>, 'started'>,
  n: number,
): { run: string; token: string } {
  const args = started[n]?.args ?? {};
  return { run: String(args['run']), token: String(args['token']) };
}
