import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, type CreateStore } from './store-samples.ts';

export function testState(name: string, create: CreateStore): void {
  for (const value of [0, '', false, ':colon', { a: [1, null, { b: 'ü' }] }, ['x']])
    test(`${name}: the state ${JSON.stringify(value)} comes back as it was set`, async () => {
      const { store, reopen } = await fresh(create);
      await store.state.set('identifications:cursor:scenes', value);
      assert.deepEqual(await (await reopen()).state.get('identifications:cursor:scenes'), value);
    });

  test(`${name}: state is gone when deleted, when its time is over, and when there never was any`, async () => {
    const { store, clock } = await fresh(create);
    const { state } = store;
    assert.equal(await state.get('identifications:none'), undefined);
    await state.set('identifications:short', 1, 3_600_000);
    await state.set('identifications:long', 2);
    clock.at += 3_500_000;
    assert.equal(await state.get('identifications:short'), 1);
    clock.at += 100_000;
    assert.equal(await state.get('identifications:short'), undefined);
    await state.set('identifications:short', 3);
    clock.at += 1e12;
    assert.deepEqual(
      [await state.get('identifications:short'), await state.get('identifications:long')],
      [3, 2],
    );
    await state.delete('identifications:long');
    await state.delete('identifications:none');
    assert.equal(await state.get('identifications:long'), undefined);
  });
}
