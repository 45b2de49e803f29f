/** Suggestions of a kind that this version does not know: a newer one has made them in the same store. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { openStore } from '../../plugin/store/store.ts';
import { proposal } from '../contract/store-samples.ts';

test('a suggestion of an unknown kind is neither listed nor decided, and is still there afterwards', async (t) => {
  const folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-kinds-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const scene = { kind: 'scene', id: '1' } as const;
  let store = await openStore({ folder });
  await store.suggestions.replace(scene, 'faces', [proposal(1, 5), proposal(1, 6)]);
  const [known] = (await store.suggestions.list({}, 'newest', 10, 0)).items;
  await store.close();

  const database = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
  database.raw.run(
    `UPDATE suggestions SET kind = 'from-later', key = 'from-later:1', payload = '{"new":1}', evidence = '[]',
      target_kind = NULL, target_id = NULL, entity_kind = 'studio', analyzer = 'later' WHERE id <> ?`,
    known!.id,
  );
  const newer = database.raw.get(`SELECT * FROM suggestions WHERE kind = 'from-later'`);
  await database.close();

  store = await openStore({ folder });
  const { suggestions } = store;
  const id = String(newer!['id']);
  for (const filter of [{}, { state: 'open' }, { text: 'scene' }, { entityKind: 'studio' }] as const) {
    const { total, items } = await suggestions.list(filter, 'confidence', 10, 0);
    assert.equal(total, items.length);
    assert.ok(items.every((item) => item.id !== id));
  }
  assert.equal((await suggestions.list({}, 'newest', 10, 0)).total, 1);
  assert.deepEqual(await suggestions.acceptable({ minConfidence: 0 }, null, 10), [known!.id]);
  assert.equal(await suggestions.get(id), null);
  assert.equal(await suggestions.changeState(id, ['open'], 'rejected'), false);
  await suggestions.replace(scene, 'faces', []);
  await store.close();

  const after = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
  assert.deepEqual(after.raw.get('SELECT * FROM suggestions WHERE id = ?', id), newer);
  await after.close();
});
