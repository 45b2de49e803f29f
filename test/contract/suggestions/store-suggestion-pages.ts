import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Store } from '../../../core/ports/store.ts';
import type { SuggestionFilter, SuggestionPosition } from '../../../core/ports/suggestions.ts';
import { SUGGESTION_KINDS } from '../../../core/suggestions/kinds/index.ts';
import { performerOf, SUGGESTION_ORDERS, type SuggestionOrder } from '../../../core/suggestions/orders.ts';
import type { SuggestionState } from '../../../core/suggestions/suggestion.ts';
import { fresh, proposal, type CreateStore } from '../store-samples.ts';

const TO_DECIDE: SuggestionFilter = { state: ['removed', 'open'] };

export function testSuggestionPages(name: string, create: CreateStore): void {
  for (const order of SUGGESTION_ORDERS)
    test(`${name}: behind the last one of a page and before its first, by ${order}, there is what the list has there`, async () => {
      const { store } = await fresh(create);
      await fill(store);
      for (const filter of [
        TO_DECIDE,
        { ...TO_DECIDE, severity: 'warning' } as const,
        { state: 'open' } as const,
      ]) {
        const all = (await store.suggestions.list(filter, order, 100, 0)).items;
        const ids = all.map(({ id }) => id);
        for (const size of [1, 3, 7])
          for (const [n, one] of all.entries()) {
            const after = await store.suggestions.list(filter, order, size, { after: one });
            assert.deepEqual(idsOf(after.items), ids.slice(n + 1, n + 1 + size));
            assert.equal(after.total, all.length);
            const before = await store.suggestions.list(filter, order, size, { before: one });
            assert.deepEqual(idsOf(before.items), ids.slice(Math.max(0, n - size), n));
          }
      }
    });

  test(`${name}: the weakest come first, or those of one scene or of one performer together`, async () => {
    const { store } = await fresh(create);
    await fill(store);
    const listed = async (order: SuggestionOrder) =>
      (await store.suggestions.list({ state: ['open', 'removed'] }, order, 100, 0)).items.filter(
        ({ state }) => state === 'open',
      );
    const weakest = (await listed('weakest')).map(({ confidence }) => confidence);
    assert.deepEqual(
      weakest,
      weakest.toSorted((a, b) => a - b),
    );
    const scenes = (await listed('scene')).map(({ entity }) => Number(entity.id));
    assert.deepEqual(
      scenes,
      scenes.toSorted((a, b) => b - a),
    );
    const performers = (await listed('performer')).map((one) => Number(performerOf(one)?.id));
    assert.deepEqual(
      performers,
      performers.toSorted((a, b) => b - a),
    );
    // What is about something else stands behind all scenes.
    await store.suggestions.replace({ kind: 'image', id: '900' }, 'faces', [
      proposal(900, 9, { entity: { kind: 'image', id: '900' } }),
    ]);
    assert.equal((await listed('scene')).at(-1)?.entity.kind, 'image');
    const [first] = await listed('performer');
    assert.deepEqual([first?.entity.kind, performerOf(first!)?.id], ['image', '9']);
  });

  test(`${name}: a place holds where the suggestion that stood there was decided or is gone`, async () => {
    const { store } = await fresh(create);
    await fill(store);
    const { items } = await store.suggestions.list(TO_DECIDE, 'confidence', 100, 0);
    const [, , third, ...others] = items;
    await store.suggestions.changeState(third!.id, ['removed', 'open'], 'rejected');
    const { items: next } = await store.suggestions.list(TO_DECIDE, 'confidence', 100, { after: third! });
    assert.deepEqual(idsOf(next), idsOf(others));
    const gone: SuggestionPosition = { state: 'open', confidence: 0.55, id: '99999' };
    const { items: behind } = await store.suggestions.list({ state: 'open' }, 'confidence', 100, {
      after: gone,
    });
    assert.ok(behind.length > 0 && behind.every(({ confidence }) => confidence <= 0.55));
    // By what a group was sorted is gone with it: the page is read from where it was.
    for (const order of ['scene', 'performer'] as const) {
      const all = idsOf((await store.suggestions.list(TO_DECIDE, order, 100, 0)).items);
      for (const place of [{ after: gone }, { before: gone }]) {
        const page = await store.suggestions.list(TO_DECIDE, order, 3, { ...place, offset: 2 });
        assert.deepEqual(idsOf(page.items), all.slice(2, 5));
      }
    }
  });

  test(`${name}: how many there are of each kind and state is right after whatever was written`, async () => {
    const { store } = await fresh(create);
    const { suggestions } = store;
    const check = async (): Promise<void> => {
      for (const state of ['open', 'removed', 'accepted', 'rejected', 'stale'] as const) {
        // With a condition that holds for all, they are counted one by one.
        const byOne = await suggestions.list({ state, minConfidence: 0 }, 'newest', 0, 0);
        assert.equal((await suggestions.list({ state }, 'newest', 0, 0)).total, byOne.total, state);
        for (const kind of SUGGESTION_KINDS) {
          const { total } = await suggestions.list({ state, kind, minConfidence: 0 }, 'newest', 0, 0);
          assert.equal(
            (await suggestions.countKinds([state])).find((one) => one.kind === kind)?.total ?? 0,
            total,
          );
        }
      }
    };
    await check();
    await fill(store);
    await check();
    const { items } = await suggestions.list({ state: 'open' }, 'newest', 3, 0);
    for (const [n, to] of (['accepted', 'rejected', 'stale'] satisfies SuggestionState[]).entries())
      await suggestions.changeState(items[n]!.id, ['open'], to);
    await check();
    await suggestions.unreject(items[1]!.id);
    await suggestions.closeAllOf({ kind: 'scene', id: '2' });
    await suggestions.replace({ kind: 'scene', id: '3' }, 'faces', []);
    await check();
  });

  test(`${name}: what could be accepted is counted by kind, beside all there is`, async () => {
    const { store } = await fresh(create);
    await fill(store);
    const counted = await store.suggestions.countAcceptable({ state: 'open', minConfidence: 0.5 });
    const [one] = counted;
    const asked = { state: 'open', minConfidence: 0.5, withoutChoice: true } as const;
    assert.deepEqual(counted, [
      {
        kind: 'performer-seen',
        total: (await store.suggestions.list({ state: 'open', minConfidence: 0.5 }, 'newest', 0, 0)).total,
        acceptable: (await store.suggestions.list(asked, 'newest', 0, 0)).total,
      },
    ]);
    assert.ok((one?.acceptable ?? 0) > 0);
  });
}

/** Twenty of five confidences in five scenes, a third of them taken off. */
async function fill({ suggestions }: Store): Promise<void> {
  for (let scene = 1; scene <= 5; scene++)
    await suggestions.replace(
      { kind: 'scene', id: String(scene) },
      'faces',
      [1, 2, 3, 4].map((n) =>
        proposal(scene, n, {
          confidence: ((scene * n) % 5) / 5 + 0.1,
          severity: n % 2 === 0 ? 'warning' : 'info',
        }),
      ),
    );
  const { items } = await suggestions.list({}, 'newest', 100, 0);
  for (const [n, { id }] of items.entries())
    if (n % 3 === 0) await suggestions.changeState(id, ['open'], 'removed');
}

function idsOf(items: readonly { readonly id: string }[]): string[] {
  return items.map(({ id }) => id);
}
