import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Locks } from '../../core/ports/runs.ts';
import { fresh, LEASE_MS, type CreateStore } from './store-samples.ts';

export function testLocks(name: string, create: CreateStore): void {
  test(`${name}: a lock is held by one owner until it is released, silent or dead`, async () => {
    const { store, reopen, clock, dead } = await fresh(create);
    const here = store.locks;
    const there = (await reopen()).locks;
    assert.ok(await here.acquire('inference', 'a', LEASE_MS));
    assert.equal(await there.acquire('inference', 'b', LEASE_MS), null);
    assert.ok(await there.acquire('other', 'b', LEASE_MS));
    await there.release('inference', 'b');
    clock.at += LEASE_MS - 1;
    assert.ok(await here.acquire('inference', 'a', LEASE_MS));
    clock.at += LEASE_MS - 1;
    assert.equal(await there.acquire('inference', 'b', LEASE_MS), null);
    clock.at += 1;
    assert.ok(await there.acquire('inference', 'b', LEASE_MS));
    assert.equal(await here.acquire('inference', 'a', LEASE_MS), null);
    dead.add('b');
    assert.ok(await here.acquire('inference', 'a', LEASE_MS));
    await here.release('inference', 'a');
    assert.ok(await there.acquire('inference', 'c', LEASE_MS));
  });

  test(`${name}: the counter of a lock rises each time it changes hands, also where it comes back`, async () => {
    const { store, reopen, clock } = await fresh(create);
    const here = store.locks;
    const there = (await reopen()).locks;
    assert.deepEqual(await here.acquire('write', 'a', LEASE_MS), { lock: 'write', owner: 'a', counter: 1 });
    assert.equal(await counterOf(here, 'a'), 1);
    clock.at += LEASE_MS;
    assert.equal(await counterOf(there, 'b'), 2);
    await there.release('write', 'b');
    assert.equal(await counterOf(here, 'a'), 3);
    await here.release('write', 'a');
    assert.equal(await counterOf(here, 'a'), 4);
  });

  test(`${name}: a request is seen by the others until it is withdrawn, over, or its owner is dead`, async () => {
    const { store, clock, dead } = await fresh(create);
    const { locks } = store;
    await locks.request('inference', 'click', 1_000);
    assert.equal(await locks.requested('inference', 'scan'), true);
    assert.equal(await locks.requested('inference', 'click'), false);
    assert.equal(await locks.requested('other', 'scan'), false);
    clock.at += 999;
    await locks.request('inference', 'click', 1_000);
    clock.at += 999;
    assert.equal(await locks.requested('inference', 'scan'), true);
    clock.at += 1;
    assert.equal(await locks.requested('inference', 'scan'), false);
    await locks.request('inference', 'click', 1_000);
    await locks.withdraw('inference', 'click');
    assert.equal(await locks.requested('inference', 'scan'), false);
    await locks.request('inference', 'click', 1_000);
    dead.add('click');
    assert.equal(await locks.requested('inference', 'scan'), false);
  });
}

async function counterOf(locks: Locks, owner: string): Promise<number | undefined> {
  return (await locks.acquire('write', owner, LEASE_MS))?.counter;
}
