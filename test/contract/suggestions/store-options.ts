import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProposalOf } from '../../../core/suggestions/suggestion.ts';
import { fresh, proposal, type CreateStore } from '../store-samples.ts';

/** Suggestions for which the user has to choose one of several things. */
export function testOptions(name: string, create: CreateStore): void {
  test(`${name}: a suggestion with a choice is found by each of its options, and is never accepted with others`, async () => {
    const { suggestions } = (await fresh(create)).store;
    const scene = { kind: 'scene', id: '1' } as const;
    await suggestions.replace(scene, 'faces', [proposal(1, 5), tie(1, [6, 7])]);
    const kinds = async (filter: Parameters<typeof suggestions.list>[0]): Promise<string[]> => {
      const { total, items } = await suggestions.list(filter, 'confidence', 10, 0);
      assert.equal(total, items.length);
      return items.map(({ kind }) => kind);
    };
    assert.deepEqual(await kinds({}), ['performer-seen', 'performer-ambiguous']);
    for (const id of ['6', '7'])
      assert.deepEqual(await kinds({ target: { kind: 'performer', id }, state: 'open' }), [
        'performer-ambiguous',
      ]);
    assert.deepEqual(await kinds({ target: { kind: 'performer', id: '5' } }), ['performer-seen']);
    assert.deepEqual(await kinds({ target: { kind: 'tag', id: '6' } }), []);
    assert.deepEqual(await kinds({ text: 'performer 7' }), ['performer-ambiguous']);
    assert.deepEqual(await kinds({ withoutChoice: true }), ['performer-seen']);
    const [seen] = (await suggestions.list({ withoutChoice: true }, 'newest', 1, 0)).items;
    assert.deepEqual(await suggestions.acceptable({ minConfidence: 0 }, null, 10), [seen?.id]);
    assert.deepEqual(
      await suggestions.acceptable({ minConfidence: 0, kind: 'performer-ambiguous' }, null, 10),
      [],
    );
  });

  test(`${name}: a question that rests on a reference which is taken out of use leaves the list`, async () => {
    const { suggestions } = (await fresh(create)).store;
    const scene = { kind: 'scene', id: '1' } as const;
    await suggestions.replace(scene, 'faces', [tie(1, [6, 7])]);
    const suspend = (id: string, referenceId: string) =>
      suggestions.suspend({ kind: 'performer', id }, [referenceId]);
    assert.deepEqual(await suspend('6', '7'), [scene]);
    assert.deepEqual(await suspend('6', '7'), []);
    await suggestions.replace(scene, 'faces', [tie(1, [6, 7])]);
    assert.deepEqual(await suspend('5', '7'), []);
    assert.deepEqual(await suspend('6', '8'), []);
  });

  test(`${name}: other options are another suggestion; new names of the same ones are found`, async () => {
    const { suggestions } = (await fresh(create)).store;
    const scene = { kind: 'scene', id: '1' } as const;
    await suggestions.replace(scene, 'faces', [tie(1, [6, 7])]);
    await suggestions.replace(scene, 'faces', [tie(1, [7, 6], 'Called')]);
    const { items } = await suggestions.list({ text: 'called 6' }, 'newest', 10, 0);
    assert.equal(items.length, 1);
    await suggestions.replace(scene, 'faces', [tie(1, [6, 7, 8])]);
    assert.deepEqual(
      (await suggestions.list({ target: { kind: 'performer', id: '6' } }, 'newest', 10, 0)).items.map(
        ({ state }) => state,
      ),
      ['open', 'stale'],
    );
  });
}

function tie(
  scene: number,
  performerIds: readonly number[],
  called = 'Performer',
): ProposalOf<'performer-ambiguous'> {
  const { timesMs, faceCount, similarity } = proposal(scene, 0).evidence;
  return {
    ...proposal(scene, 0),
    kind: 'performer-ambiguous',
    target: null,
    targetName: '',
    confidence: 0.5,
    payload: {
      ...proposal(scene, 0).payload,
      candidates: performerIds.map((id) => ({
        performerId: String(id),
        name: `${called} ${id}`,
        confidence: 0.5,
        similarity: 0.7,
        referenceId: String(id),
      })),
    },
    evidence: { timesMs, faceCount, similarity, margin: 0 },
  };
}
