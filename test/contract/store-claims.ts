import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, LEASE_MS, type CreateStore } from './store-samples.ts';

export function testClaims(name: string, create: CreateStore): void {
  test(`${name}: a claim is held by one owner until it is released, silent or dead`, async () => {
    const { store, again, clock, dead } = await fresh(create);
    const here = store.claims;
    const there = (await again()).claims;
    assert.equal(await here.acquire('inference', 'a', LEASE_MS), true);
    assert.equal(await there.acquire('inference', 'b', LEASE_MS), false);
    assert.equal(await there.acquire('other', 'b', LEASE_MS), true);
    await there.release('inference', 'b');
    clock.at += LEASE_MS - 1;
    assert.equal(await here.acquire('inference', 'a', LEASE_MS), true);
    clock.at += LEASE_MS - 1;
    assert.equal(await there.acquire('inference', 'b', LEASE_MS), false);
    clock.at += 1;
    assert.equal(await there.acquire('inference', 'b', LEASE_MS), true);
    assert.equal(await here.acquire('inference', 'a', LEASE_MS), false);
    dead.add('b');
    assert.equal(await here.acquire('inference', 'a', LEASE_MS), true);
    await here.release('inference', 'a');
    assert.equal(await there.acquire('inference', 'c', LEASE_MS), true);
  });

  test(`${name}: a request is seen by the others until it is withdrawn, over, or its owner is dead`, async () => {
    const { store, clock, dead } = await fresh(create);
    const { claims } = store;
    await claims.request('inference', 'click', 1_000);
    assert.equal(await claims.requested('inference', 'scan'), true);
    assert.equal(await claims.requested('inference', 'click'), false);
    assert.equal(await claims.requested('other', 'scan'), false);
    clock.at += 999;
    await claims.request('inference', 'click', 1_000);
    clock.at += 999;
    assert.equal(await claims.requested('inference', 'scan'), true);
    clock.at += 1;
    assert.equal(await claims.requested('inference', 'scan'), false);
    await claims.request('inference', 'click', 1_000);
    await claims.withdraw('inference', 'click');
    assert.equal(await claims.requested('inference', 'scan'), false);
    await claims.request('inference', 'click', 1_000);
    dead.add('click');
    assert.equal(await claims.requested('inference', 'scan'), false);
  });
}
