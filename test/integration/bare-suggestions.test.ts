/** A list of suggestions of which pictures are sent of the first ones alone. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { suggestionOperations } from '../../tasks/suggestions/operations.ts';
import { contentId, crop, proposal, reference } from '../contract/store-samples.ts';
import { anObservation, aPerson, fakeContext, PACK } from '../fakes/context.ts';
import { aPerformer, memoryStash } from '../fakes/memory-stash.ts';

const LIST = { state: 'open', order: 'newest', limit: 40, offset: 0 } as const;

test('what is not shown yet is sent without pictures, and with them when it is asked for', async (t) => {
  const stash = memoryStash({ performers: [aPerformer(5)] });
  const context = await fakeContext(t, stash);
  const { store } = context;
  await store.people.putPerformer(aPerformer(5));
  const referenceId = await store.people.putReference(reference(5, { packId: PACK }));
  for (const n of [1, 2, 3]) {
    await store.observations.put({
      observation: anObservation(n, { contentId: contentId(n), persons: [aPerson(0)] }),
      crops: [{ ...crop(2000), personKey: 0, rank: 0, timeMs: 1000 }],
    });
    const { evidence, ...found } = proposal(n, 5);
    await store.suggestions.replace({ kind: 'scene', id: String(n) }, 'faces', [
      { ...found, evidence: { ...evidence, referenceId } },
    ]);
  }
  const list = async (pictures?: number) =>
    (await suggestionOperations['suggestions.list'](context, { ...LIST, pictures })).items;
  const all = await list();
  assert.deepEqual(
    all.map((item) => ['crop' in item.view && item.view.crop !== null, item.isBare]),
    [
      [true, undefined],
      [true, undefined],
      [true, undefined],
    ],
  );
  const [first, ...others] = await list(1);
  assert.deepEqual(first, all[0]);
  for (const { view, isBare } of others)
    assert.deepEqual([view, isBare], [{ crop: null, reference: null }, true]);
  const ids = [...others.map(({ id }) => id), '999'];
  const { items } = await suggestionOperations['suggestions.views'](context, { ids });
  assert.deepEqual(items, all.slice(1));
});
