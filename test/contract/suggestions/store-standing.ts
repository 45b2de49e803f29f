import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fresh, plannedEntry, proposal, type CreateStore } from '../store-samples.ts';

/** What becomes of suggestions whose write may no longer stand. */
export function testStanding(name: string, create: CreateStore): void {
  test(`${name}: one that was taken off since stays so while looks support it, and comes back so after it was stale`, async () => {
    const { store } = await fresh(create);
    const { suggestions, journal } = store;
    const entity = { kind: 'scene', id: '1' } as const;
    await suggestions.replace(entity, 'faces', [proposal(1, 5), proposal(1, 6)]);
    const [six, five] = (await suggestions.list({}, 'newest', 2, 0)).items;
    assert(five && six);
    const stateOf = async (id: string) => (await suggestions.get(id))?.state;
    await journal.settle(await journal.plan(plannedEntry({ suggestionId: five.id })), 'written');
    await journal.settle(await journal.plan(plannedEntry({ suggestionId: six.id })), 'undone');
    await suggestions.changeState(five.id, ['open'], 'removed');
    await suggestions.replace(entity, 'faces', [proposal(1, 5, { confidence: 0.5 }), proposal(1, 6)]);
    assert.equal(await stateOf(five.id), 'removed');
    await suggestions.replace(entity, 'faces', []);
    assert.deepEqual([await stateOf(five.id), await stateOf(six.id)], ['stale', 'stale']);
    await suggestions.replace(entity, 'faces', [proposal(1, 5), proposal(1, 6)]);
    assert.deepEqual([await stateOf(five.id), await stateOf(six.id)], ['removed', 'open']);

    for (const { id } of [five, six]) await suggestions.changeState(id, ['removed', 'open'], 'rejected');
    assert.deepEqual(
      [await suggestions.unreject(five.id), await suggestions.unreject(six.id)],
      ['removed', 'open'],
    );
    assert.equal(await suggestions.unreject(six.id), null);
    assert.deepEqual([await stateOf(five.id), await stateOf(six.id)], ['removed', 'open']);
  });
}
