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

  test(`${name}: what is to be looked up comes in pages of entities, with the newest write for it`, async () => {
    const { store } = await fresh(create);
    const { suggestions, journal } = store;
    for (const n of [1, 2, 10])
      await suggestions.replace({ kind: 'scene', id: String(n) }, 'faces', [proposal(n, 5), proposal(n, 6)]);
    const { items } = await suggestions.list({}, 'newest', 10, 0);
    const idOf = (scene: string, performer: string): string =>
      items.find(({ entity, target }) => entity.id === scene && target?.id === performer)?.id ?? '';
    for (const performer of ['5', '6'])
      await suggestions.changeState(idOf('2', performer), ['open'], 'rejected');
    await suggestions.changeState(idOf('10', '5'), ['open'], 'accepted');
    await suggestions.changeState(idOf('10', '6'), ['open'], 'stale');
    const write = async (
      suggestionId: string,
      state: 'written' | 'undone',
      value: string,
    ): Promise<string> => {
      const entity = { kind: 'scene', id: '10' } as const;
      const changes = [{ op: 'add', entity, field: 'performers', values: [value] } as const];
      const id = await journal.plan(plannedEntry({ entity, suggestionId, changes }));
      await journal.settle(id, state);
      return id;
    };
    await write(idOf('10', '5'), 'written', '1');
    const newest = await write(idOf('10', '5'), 'written', '2');
    await write(idOf('10', '5'), 'undone', '3');

    const pages: string[] = [];
    for (let after = null as { kind: 'scene'; id: string } | null; ;) {
      const page = await suggestions.entitiesToCheck(after, 1);
      if (page.length === 0) break;
      pages.push(page.map(({ kind, id }) => `${kind} ${id}`).join());
      after = { kind: 'scene', id: page[0]!.id };
    }
    assert.deepEqual(pages, ['scene 1', 'scene 10']);

    const all = [1, 2, 10].map((n) => ({ kind: 'scene', id: String(n) }) as const);
    const checked = await suggestions.toCheck(all, ['open', 'accepted', 'removed', 'stale']);
    assert.deepEqual(
      checked
        .map(({ entity, target, state, written }) => [entity.id, target?.id, state, written?.id ?? null])
        .toSorted((a, b) => String(a).localeCompare(String(b))),
      [
        ['1', '5', 'open', null],
        ['1', '6', 'open', null],
        ['10', '5', 'accepted', newest],
      ],
    );
    assert.deepEqual(checked.find(({ state }) => state === 'accepted')?.written?.changes[0], {
      op: 'add',
      entity: { kind: 'scene', id: '10' },
      field: 'performers',
      values: ['2'],
    });
    assert.deepEqual(checked[0]?.payload, proposal(1, 5).payload);
    // Of a stale one only what was written is asked about.
    await write(idOf('10', '6'), 'written', '6');
    assert.deepEqual(
      (await suggestions.toCheck(all, ['stale'])).map(({ id }) => id),
      [idOf('10', '6')],
    );
  });

  test(`${name}: what is about something that is gone, or proposes it, is closed; what was rejected stays`, async () => {
    const { store } = await fresh(create);
    const { suggestions } = store;
    for (const n of [1, 2, 3])
      await suggestions.replace({ kind: 'scene', id: String(n) }, 'faces', [proposal(n, 5), proposal(n, 6)]);
    const { items } = await suggestions.list({}, 'newest', 10, 0);
    const idOf = (scene: string, performer: string): string =>
      items.find(({ entity, target }) => entity.id === scene && target?.id === performer)?.id ?? '';
    await suggestions.changeState(idOf('1', '5'), ['open'], 'accepted');
    await suggestions.changeState(idOf('2', '5'), ['open'], 'rejected');
    await suggestions.changeState(idOf('3', '5'), ['open'], 'removed');
    assert.equal(await suggestions.closeAllOf({ kind: 'performer', id: '5' }), 2);
    assert.equal(await suggestions.closeAllOf({ kind: 'scene', id: '3' }), 1);
    assert.equal(await suggestions.closeAllOf({ kind: 'scene', id: '99' }), 0);
    const states = await Promise.all(
      ['1 5', '1 6', '2 5', '2 6', '3 5', '3 6'].map(async (one) => {
        const [scene = '', performer = ''] = one.split(' ');
        return (await suggestions.get(idOf(scene, performer)))?.state;
      }),
    );
    assert.deepEqual(states, ['stale', 'open', 'rejected', 'open', 'stale', 'stale']);
  });
}
