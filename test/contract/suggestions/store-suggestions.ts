import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../core/ports/store.ts';
import type { SuggestionFilter } from '../../../core/ports/suggestions.ts';
import { Suggestion, suggestionKey } from '../../../core/suggestions/suggestion.ts';
import { fresh, offered, plannedEntry, proposal, type CreateStore } from '../store-samples.ts';

const SCENE = { kind: 'scene', id: '1' } as const;

export function testSuggestions(name: string, create: CreateStore): void {
  test(`${name}: a proposal becomes an open suggestion with an id, a key and times`, async () => {
    const { store, clock } = await fresh(create);
    const made = proposal(1, 5);
    await store.suggestions.replace(SCENE, 'faces', [made]);
    const { total, items } = await store.suggestions.list({}, 'newest', 10, 0);
    assert.equal(total, 1);
    assert.deepEqual(items, [
      {
        ...made,
        id: items[0]?.id ?? '',
        key: suggestionKey(made),
        state: 'open',
        createdAt: clock.at,
        updatedAt: clock.at,
      } satisfies Suggestion,
    ]);
    assert.deepEqual(await store.suggestions.get(items[0]?.id ?? ''), items[0]);
    assert.equal(await store.suggestions.get('12345'), null);
  });

  test(`${name}: another look updates what it says again, makes the rest stale and brings stale ones back`, async () => {
    const { store, clock } = await fresh(create);
    const { suggestions } = store;
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5), proposal(1, 6)]);
    const [five, six] = await byPerformer(store, ['5', '6']);
    assert(five && six);
    clock.at += 10;
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5, { confidence: 0.5 }), proposal(1, 7)]);
    assert.deepEqual(await suggestions.get(five.id), { ...five, confidence: 0.5, updatedAt: clock.at });
    assert.deepEqual(await suggestions.get(six.id), { ...six, state: 'stale', updatedAt: clock.at });
    clock.at += 10;
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5, { confidence: 0.5 }), proposal(1, 6)]);
    assert.deepEqual(await suggestions.get(six.id), { ...six, updatedAt: clock.at });
    assert.equal((await suggestions.get(five.id))?.updatedAt, clock.at - 10, 'nothing new was said');
    assert.equal((await byPerformer(store, ['7']))[0]?.state, 'stale');
  });

  test(`${name}: what was accepted or rejected stays so, whatever later looks say`, async () => {
    const { store } = await fresh(create);
    const { suggestions } = store;
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5), proposal(1, 6)]);
    const [five, six] = await byPerformer(store, ['5', '6']);
    assert(five && six);
    assert.equal(await suggestions.changeState(five.id, ['open', 'stale'], 'accepted'), true);
    assert.equal(await suggestions.changeState(five.id, ['open', 'stale'], 'rejected'), false);
    assert.equal(await suggestions.changeState(six.id, ['open'], 'rejected'), true);
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5, { confidence: 0.99 })]);
    const states = await byPerformer(store, ['5', '6']);
    assert.deepEqual(
      states.map((state) => [state?.state, state?.confidence]),
      [
        ['accepted', 0.99],
        ['rejected', 0.9],
      ],
    );
    assert.equal(await suggestions.changeState(six.id, ['rejected'], 'open'), true);
    assert.equal((await suggestions.get(six.id))?.state, 'open');
    assert.equal(await suggestions.changeState('12345', ['open', 'stale'], 'accepted'), false);
  });

  test(`${name}: of several states the first comes first, over any page, and all are counted`, async () => {
    const { store } = await fresh(create);
    const { suggestions } = store;
    await suggestions.replace(
      SCENE,
      'faces',
      [5, 6, 7, 8].map((n) => proposal(1, n, { confidence: n / 10 })),
    );
    for (const item of await byPerformer(store, ['5', '6']))
      await suggestions.changeState(item?.id ?? '', ['open'], 'removed');
    const pageOf = async (limit: number, offset: number) => {
      const { total, items } = await suggestions.list(
        { state: ['removed', 'open'] },
        'confidence',
        limit,
        offset,
      );
      return { total, performers: items.map(({ target }) => target?.id) };
    };
    assert.deepEqual(await pageOf(9, 0), { total: 4, performers: ['6', '5', '8', '7'] });
    for (const size of [1, 2, 3])
      for (let offset = 0; offset < 5; offset++)
        assert.deepEqual(await pageOf(size, offset), {
          total: 4,
          performers: ['6', '5', '8', '7'].slice(offset, offset + size),
        });
    assert.deepEqual(await pageOf(0, 0), { total: 4, performers: [] });
  });

  test(`${name}: other entities and other analyzers keep theirs`, async () => {
    const { store } = await fresh(create);
    const { suggestions } = store;
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5)]);
    await suggestions.replace({ kind: 'scene', id: '2' }, 'faces', [proposal(2, 5)]);
    await suggestions.replace(SCENE, 'other', [proposal(1, 6, { analyzer: 'other' })]);
    await suggestions.replace(SCENE, 'faces', []);
    assert.deepEqual(await found(store, { state: 'open' }), ['1:6', '2:5']);
  });

  test(`${name}: a list is filtered, counted whole, and cut into pages`, async () => {
    const { store } = await fresh(create);
    const { suggestions } = store;
    const image = { kind: 'image', id: '1' } as const;
    await suggestions.replace(SCENE, 'faces', [
      proposal(1, 5, { confidence: 0.7, targetName: 'Élodie Été' }),
      proposal(1, 6, { confidence: 0.95, entityTitle: 'STRASSE 100%_' }),
    ]);
    await suggestions.replace(image, 'faces', [proposal(1, 5, { entity: image, confidence: 0.8 })]);
    assert.deepEqual(await found(store, {}), ['1:6', '1:5', '1:5']);
    assert.deepEqual(await found(store, { entity: SCENE }), ['1:6', '1:5']);
    assert.deepEqual(await found(store, { entityKind: 'image' }), ['1:5']);
    assert.deepEqual(await found(store, { target: { kind: 'performer', id: '5' }, minConfidence: 0.75 }), [
      '1:5',
    ]);
    assert.deepEqual(await found(store, { minConfidence: 0.95 }), ['1:6']);
    assert.deepEqual(await found(store, { text: ' éLODIE  éTÉ' }), ['1:5']);
    assert.deepEqual(await found(store, { text: '100%_' }), ['1:6']);
    assert.deepEqual(await found(store, { text: '%' }), ['1:6']);
    assert.deepEqual(await found(store, { text: 'nobody' }), []);
    const page = await suggestions.list({}, 'confidence', 1, 1);
    assert.deepEqual([page.total, page.items.map((item) => item.confidence)], [3, [0.8]]);
    const newest = await suggestions.list({}, 'newest', 1, 0);
    assert.deepEqual(newest.items[0]?.entity, image);
  });

  test(`${name}: what may be accepted without a person is listed behind an id, without what was undone`, async () => {
    const { store, clock } = await fresh(create);
    const { suggestions, journal, work } = store;
    for (const n of [1, 2, 3, 4])
      await suggestions.replace({ kind: 'scene', id: String(n) }, 'faces', [
        proposal(n, 5, { confidence: n === 2 ? 0.5 : 0.9 }),
        proposal(n, 6, { confidence: 0.9 }),
      ]);
    await work.enqueue(
      'scan',
      [1, 2, 3].map((n) => offered(n)),
    );
    const undone = await journal.plan(plannedEntry({ entity: SCENE }));
    await journal.settle(undone, 'undone');
    // Written once, and suggested again: somebody took it off in Stash.
    const four = { kind: 'scene', id: '4' } as const;
    const lost = await journal.plan(
      plannedEntry({
        entity: four,
        changes: [{ op: 'add', entity: four, field: 'performers', values: ['6'] }],
      }),
    );
    await journal.settle(lost, 'written');
    const named = async (ids: Promise<string[]>): Promise<string[]> =>
      await Promise.all(
        (await ids).map(async (id) => {
          const it = await suggestions.get(id);
          return `${it?.entity.id}:${it?.target?.id}`;
        }),
      );
    const listed = { minConfidence: 0.8, list: 'scan' };
    assert.deepEqual(await named(suggestions.acceptable(listed, null, 10)), ['3:6', '3:5', '2:6', '1:6']);
    const first = await suggestions.acceptable(listed, null, 2);
    assert.deepEqual(await named(suggestions.acceptable(listed, first.at(-1) ?? '', 2)), ['2:6', '1:6']);
    assert.deepEqual(
      await named(
        suggestions.acceptable({ minConfidence: 0.8, entity: { kind: 'scene', id: '4' } }, null, 9),
      ),
      ['4:5'],
    );
    clock.at += 10;
    await suggestions.replace(SCENE, 'faces', [proposal(1, 6, { confidence: 0.95 })]);
    const changedSince = clock.at;
    assert.deepEqual(await named(suggestions.acceptable({ ...listed, changedSince }, null, 9)), ['1:6']);
  });

  test(`${name}: revisions are told by entity, and tell of every change`, async () => {
    const { store, clock } = await fresh(create);
    const { suggestions } = store;
    const image = { kind: 'image', id: '1' } as const;
    const wanted = [SCENE, image, { kind: 'scene', id: '9' }] as const;
    assert.deepEqual(await suggestions.revisions(wanted), new Map());
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5)]);
    await suggestions.replace(image, 'faces', [proposal(1, 5, { entity: image })]);
    const [five] = await byPerformer(store, ['5']);
    assert(five);
    const key = suggestionKey(proposal(1, 5, { entity: image }));
    const ofImage = [{ key, state: 'open', updatedAt: clock.at }];
    assert.deepEqual(Object.fromEntries(await suggestions.revisions(wanted)), {
      'scene:1': [{ key: five.key, state: 'open', updatedAt: clock.at }],
      'image:1': ofImage,
    });
    clock.at += 10;
    await suggestions.changeState(five.id, ['open'], 'rejected');
    assert.deepEqual(Object.fromEntries(await suggestions.revisions(wanted)), {
      'scene:1': [{ key: five.key, state: 'rejected', updatedAt: clock.at }],
      'image:1': ofImage,
    });
  });

  test(`${name}: of what is on no list any more the open suggestions become stale`, async () => {
    const { store } = await fresh(create);
    const { suggestions, work } = store;
    const image = { kind: 'image', id: '1' } as const;
    await suggestions.replace(SCENE, 'faces', [proposal(1, 5), proposal(1, 6)]);
    await suggestions.replace({ kind: 'scene', id: '2' }, 'faces', [proposal(2, 5)]);
    await suggestions.replace(image, 'faces', [proposal(1, 5, { entity: image })]);
    const [, six] = await byPerformer(store, ['5', '6']);
    await suggestions.changeState(six?.id ?? '', ['open'], 'accepted');
    await suggestions.replace({ kind: 'scene', id: '3' }, 'faces', [proposal(3, 5)]);
    const [three] = (await suggestions.list({ entity: { kind: 'scene', id: '3' } }, 'newest', 1, 0)).items;
    await suggestions.changeState(three?.id ?? '', ['open'], 'removed');
    await work.enqueue('scan', [offered(2)]);
    await suggestions.withdrawUnlisted('scene', 'other', 'scan');
    assert.equal((await found(store, { state: 'open' })).length, 3);
    assert.equal((await found(store, { state: 'removed' })).length, 1);
    await suggestions.withdrawUnlisted('scene', 'faces', 'scan');
    assert.equal((await found(store, { state: 'removed' })).length, 0);
    assert.deepEqual(await found(store, { state: 'open' }), ['1:5', '2:5']);
    assert.deepEqual(await found(store, { state: 'accepted' }), ['1:6']);
  });
}

async function byPerformer(
  store: Store,
  performerIds: readonly string[],
): Promise<(Suggestion | undefined)[]> {
  const { items } = await store.suggestions.list({ entity: SCENE }, 'newest', 100, 0);
  return performerIds.map((id) => items.find((item) => item.target?.id === id));
}

/** `<entity>:<performer>`, most confident first. */
async function found(store: Store, filter: SuggestionFilter): Promise<string[]> {
  const { total, items } = await store.suggestions.list(filter, 'confidence', 100, 0);
  assert.equal(total, items.length);
  return items.map((item) => `${item.entity.id}:${item.target?.id}`);
}
