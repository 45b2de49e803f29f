import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, type CreateStore } from './store-samples.ts';

export function testState(name: string, create: CreateStore): void {
  for (const value of [0, '', false, ':colon', { a: [1, null, { b: 'ü' }] }, ['x']])
    test(`${name}: the state ${JSON.stringify(value)} comes back as it was set`, async () => {
      const { store, again } = await fresh(create);
      await store.state.set('who:cursor:scenes', value);
      assert.deepEqual(await (await again()).state.get('who:cursor:scenes'), value);
    });

  test(`${name}: state is gone when deleted, when its time is over, and when there never was any`, async () => {
    const { store, clock } = await fresh(create);
    const { state } = store;
    assert.equal(await state.get('who:none'), undefined);
    await state.set('who:short', 1, 3_600_000);
    await state.set('who:long', 2);
    clock.at += 3_500_000;
    assert.equal(await state.get('who:short'), 1);
    clock.at += 100_000;
    assert.equal(await state.get('who:short'), undefined);
    await state.set('who:short', 3);
    clock.at += 1e12;
    assert.deepEqual([await state.get('who:short'), await state.get('who:long')], [3, 2]);
    await state.delete('who:long');
    await state.delete('who:none');
    assert.equal(await state.get('who:long'), undefined);
  });
}
