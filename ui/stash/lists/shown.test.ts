import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shownScenes } from './shown.ts';

type Asked = { readonly studio: string; readonly scenes: number };

function asking(lists: readonly Asked[]): void {
  const queries = lists.map(({ studio, scenes }) => ({
    queryName: 'FindScenes',
    variables: { filter: { q: '' }, scene_filter: { studio } },
    getCurrentResult: () => ({ data: { findScenes: { scenes: Array.from({ length: scenes }) } } }),
  }));
  const client = { getObservableQueries: () => new Map(queries.map((query, n) => [String(n), query])) };
  const PluginApi = { utils: { StashService: { getClient: () => client } } };
  Object.assign(globalThis, { window: { PluginApi } });
}

test('of several lists on a page the one is meant that has as many scenes, and none where that tells nothing', () => {
  const [one, other] = [
    { studio: 'one', scenes: 20 },
    { studio: 'other', scenes: 40 },
  ];
  asking([one, other]);
  assert.deepEqual(shownScenes(20), { find: { q: '' }, conditions: { studio: 'one' } });
  assert.equal(shownScenes(7), null);
  asking([one, { studio: 'other', scenes: 20 }]);
  assert.equal(shownScenes(20), null);
  asking([one, one]);
  assert.deepEqual(shownScenes(20)?.conditions, { studio: 'one' });
});
