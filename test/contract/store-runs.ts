import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import type { Run } from '../../core/ports/runs.ts';
import { fresh, LEASE_MS, type CreateStore } from './store-samples.ts';
import { message, plain } from '../../core/messages/message.ts';

const LOOKING = message('observe.isLookingAt', { title: 'Scene 3' });

export function testRuns(name: string, create: CreateStore): void {
  test(`${name}: a run begins once; who comes second joins it and leaves the work to the first`, async () => {
    const { store, reopen, clock } = await fresh(create);
    const first = await store.runs.begin('scan', 'a', { scope: 'all' }, LEASE_MS);
    assert.deepEqual(first, {
      mine: true,
      run: {
        id: first.run.id,
        task: 'scan',
        wanted: 'run',
        state: 'running',
        args: { scope: 'all' },
        owner: 'a',
        heartbeatAt: clock.at,
        startedAt: clock.at,
        endedAt: null,
        slices: 1,
        done: 0,
        skipped: 0,
        failed: 0,
        total: 0,
        itemsPerHour: null,
        secondsLeft: null,
        message: plain(''),
        step: plain(''),
        fraction: 0,
        job: null,
        interruption: null,
      } satisfies Run,
    });
    const second = await (await reopen()).runs.begin('scan', 'b', { scope: 'other' }, LEASE_MS);
    assert.deepEqual(second, { mine: false, run: first.run });
    assert.equal((await store.runs.begin('people', 'b', {}, LEASE_MS)).mine, true);
    assert.deepEqual(
      (await store.runs.running()).map((run) => run.task),
      ['people', 'scan'],
    );
  });

  test(`${name}: a run whose slice is over, silent or dead goes on in the next one`, async () => {
    const { store, clock, dead } = await fresh(create);
    const { run } = await store.runs.begin('scan', 'a', {}, LEASE_MS);
    await store.runs.heartbeat(run.id, 'a', { done: 3, total: 9, itemsPerHour: 12.5, message: LOOKING });
    await store.runs.pause(run.id, 'a');
    const second = await store.runs.begin('scan', 'b', {}, LEASE_MS);
    assert.deepEqual(
      [second.mine, second.run.id, second.run.slices, second.run.done, second.run.total, second.run.message],
      [true, run.id, 2, 3, 9, LOOKING],
    );
    clock.at += LEASE_MS;
    assert.equal((await store.runs.begin('scan', 'c', {}, LEASE_MS)).run.owner, 'c');
    dead.add('c');
    const last = await store.runs.begin('scan', 'd', {}, LEASE_MS);
    assert.deepEqual([last.mine, last.run.slices], [true, 4]);
    const same = await store.runs.begin('scan', 'd', {}, LEASE_MS);
    assert.deepEqual([same.mine, same.run.slices], [true, 4]);
  });

  test(`${name}: which job of Stash works on a run, and why its last slice ended early, is kept until the next one begins`, async () => {
    const { store } = await fresh(create);
    const { run } = await store.runs.begin('scan', 'a', {}, LEASE_MS);
    const job = { id: '7', addedAt: '2026-01-10T12:00:00.123+01:00' };
    const seen = async () => {
      const [now] = await store.runs.running();
      return [now?.job, now?.interruption, now?.owner];
    };
    await store.runs.setJob(run.id, 'b', job);
    assert.deepEqual(await seen(), [null, null, 'a']);
    await store.runs.setJob(run.id, 'a', job);
    assert.deepEqual(await seen(), [job, null, 'a']);
    await store.runs.pause(run.id, 'a', { interruption: LOOKING });
    assert.deepEqual(await seen(), [job, LOOKING, null]);
    await store.runs.begin('scan', 'b', {}, LEASE_MS);
    assert.deepEqual(await seen(), [job, null, 'b']);
    const next = { id: '8', addedAt: '2026-01-10T12:10:00Z' };
    await store.runs.pause(run.id, 'b', { job: next });
    assert.deepEqual(await seen(), [next, null, null]);
    await store.runs.begin('scan', 'c', {}, LEASE_MS);
    await store.runs.heartbeat(run.id, 'c', { step: LOOKING, fraction: 0.4 });
    await store.runs.setJob(run.id, 'c', null);
    const [last] = await store.runs.running();
    assert.deepEqual([last?.job, last?.step, last?.fraction], [null, LOOKING, 0.4]);
  });

  test(`${name}: a heartbeat tells a slice that a stop is wanted, or that another owner has the run`, async () => {
    const { store, clock } = await fresh(create);
    const { run } = await store.runs.begin('scan', 'a', {}, LEASE_MS);
    assert.equal((await store.runs.askStop('scan'))?.wanted, 'stop');
    const seen = await store.runs.heartbeat(run.id, 'a', { secondsLeft: 4 });
    assert.deepEqual([seen.wanted, seen.secondsLeft], ['stop', 4]);
    clock.at += LEASE_MS;
    await store.runs.begin('scan', 'b', {}, LEASE_MS);
    const lost = await store.runs.heartbeat(run.id, 'a', { done: 99 });
    assert.deepEqual([lost.owner, lost.done], ['b', 0]);
    await assert.rejects(
      store.runs.heartbeat('12345', 'a', {}),
      (error) => error instanceof StashSenseError && error.code === 'not-found',
    );
  });

  test(`${name}: an ended run stays as it ended, and the next one is new`, async () => {
    const { store, clock } = await fresh(create);
    const { run } = await store.runs.begin('scan', 'a', {}, LEASE_MS);
    assert.equal(await store.runs.end(run.id, 'b', 'failed', plain('not mine')), false);
    assert.equal((await store.runs.running()).length, 1);
    clock.at += 10;
    assert.equal(await store.runs.end(run.id, 'a', 'finished', plain('Done.')), true);
    assert.equal(await store.runs.end(run.id, 'a', 'failed', plain('too late')), false);
    assert.equal(await store.runs.endAbandoned(run.id, LEASE_MS, 'failed', plain('too late')), false);
    await store.runs.pause(run.id, 'a');
    const [ended] = await store.runs.recent(1);
    assert.deepEqual(
      [ended?.state, ended?.message, ended?.endedAt, ended?.owner],
      ['finished', plain('Done.'), clock.at, null],
    );
    assert.equal(await store.runs.askStop('scan'), null);
    const next = await store.runs.begin('scan', 'a', {}, LEASE_MS);
    assert.notEqual(next.run.id, run.id);
    await store.runs.pause(next.run.id, 'a');
    assert.equal(await store.runs.end(next.run.id, 'a', 'failed', plain('not mine any more')), false);
    assert.equal(
      await store.runs.endAbandoned(next.run.id, LEASE_MS, 'stopped', plain('Lost with the queue.')),
      true,
    );
    assert.deepEqual(
      (await store.runs.recent(5)).map((recentRun) => recentRun.state),
      ['stopped', 'finished'],
    );
  });

  test(`${name}: only a run that nobody works on is abandoned`, async () => {
    const { store, clock, dead } = await fresh(create);
    const endAbandoned = async (id: string): Promise<boolean> =>
      await store.runs.endAbandoned(id, LEASE_MS, 'stopped', plain(''));
    const held = await store.runs.begin('scan', 'a', {}, LEASE_MS);
    clock.at += LEASE_MS - 1;
    assert.equal(await endAbandoned(held.run.id), false);
    clock.at += 1;
    assert.equal(await endAbandoned(held.run.id), true);
    const ofDead = await store.runs.begin('scan', 'b', {}, LEASE_MS);
    dead.add('b');
    assert.equal(await endAbandoned(ofDead.run.id), true);
  });

  test(`${name}: who was taken over changes nothing of the run, whoever has it now`, async () => {
    const { store, reopen, clock } = await fresh(create);
    const { run } = await store.runs.begin('scan', 'a', {}, LEASE_MS);
    clock.at += LEASE_MS;
    const other = await reopen();
    await other.runs.begin('scan', 'b', {}, LEASE_MS);
    // The new owner may be between two slices: then nobody has it, and still it is not the old one's.
    for (const owner of ['b', null]) {
      const before = (await other.runs.running())[0];
      assert.equal(before?.owner, owner);
      await store.runs.heartbeat(run.id, 'a', { done: 99, message: plain('Still here') });
      await store.runs.pause(run.id, 'a');
      for (const state of ['failed', 'stopped', 'finished'] as const)
        assert.equal(await store.runs.end(run.id, 'a', state, plain('I give up')), false);
      assert.deepEqual((await other.runs.running())[0], before);
      await other.runs.pause(run.id, 'b');
    }
  });

  test(`${name}: the newest run of each task is found, however many of another came after it`, async () => {
    const { store } = await fresh(create);
    for (const task of ['scan', 'scan', 'people', 'identify', 'identify', 'identify']) {
      const { run } = await store.runs.begin(task, 'a', {}, LEASE_MS);
      await store.runs.end(run.id, 'a', 'finished', plain(''));
    }
    assert.deepEqual(
      (await store.runs.newestOfEach()).map(({ id, task }) => [id, task]),
      [
        ['6', 'identify'],
        ['3', 'people'],
        ['2', 'scan'],
      ],
    );
  });
}
