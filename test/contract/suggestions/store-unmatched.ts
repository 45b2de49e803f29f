import assert from 'node:assert/strict';
import { test } from 'node:test';
import { cluster, linked, member, scene } from '../store-identifications.ts';
import { fresh, type CreateStore } from '../store-samples.ts';

export function testUnmatched(name: string, create: CreateStore): void {
  test(`${name}: clusters that were matched with nobody are listed page by page, with all their members`, async () => {
    const { store } = await fresh(create);
    const { identifications } = store;
    for (const n of [9, 1, 2, 3]) {
      await linked(store, n);
      const persons = [
        cluster(0, 'unknown', { members: [member(n, 0), member(n, 3)] }),
        cluster(1, 'match', { performerId: '5' }),
        cluster(2, 'ambiguous', { members: [member(n, 2)] }),
      ];
      await identifications.save(scene(n), {
        matcherVersion: '1',
        persons: n === 1 ? [persons[1]!] : persons,
      });
    }
    const first = await identifications.unmatched(0, 2);
    assert.deepEqual(
      first.clusters.map(
        ({ entity, title, key, members }) => `${entity.id} ${title} ${key} ${members.length}`,
      ),
      ['9 Scene 9 0 2', '9 Scene 9 2 1', '2 Scene 2 0 2', '2 Scene 2 2 1'],
    );
    assert.deepEqual(first.clusters[0]?.members, [member(9, 0), member(9, 3)]);
    const second = await identifications.unmatched(first.next!, 2);
    assert.deepEqual(
      second.clusters.map(({ entity, key }) => `${entity.id} ${key}`),
      ['3 0', '3 2'],
    );
    assert.deepEqual(await identifications.unmatched(second.next!, 2), { clusters: [], next: null });
  });
}
