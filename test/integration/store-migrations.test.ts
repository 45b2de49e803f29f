import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { contentId, performer, proposal } from '../contract/store-samples.ts';
import { openDatabase } from '../../plugin/store/sqlite/database.ts';
import { migrate } from '../../plugin/store/sqlite/migrate.ts';
import { MIGRATIONS } from '../../plugin/store/sqlite/schema.ts';
import { openStore } from '../../plugin/store/store.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-migrations-'));
after(() => rmSync(root, { recursive: true }));

test('a newer version finds what the older one wrote, and the older file lies beside it', async () => {
  const folder = path.join(root, 'whole');
  const file = path.join(folder, 'stash-sense.sqlite');
  const store = await openStore({ folder });
  await store.state.set('matched-at:cursor', 5);
  await store.close();

  const newer = [
    ...MIGRATIONS,
    'CREATE TABLE more (id INTEGER); INSERT INTO more VALUES (7)',
    'DROP TABLE state',
  ];
  const database = await openDatabase(file);
  await migrate(database, newer, { backup: true });
  assert.equal(database.raw.get('PRAGMA user_version')?.['user_version'], MIGRATIONS.length + 2);
  assert.deepEqual(database.raw.get('SELECT id FROM more'), { __proto__: null, id: 7 });
  await migrate(database, newer, { backup: true });
  await database.close();

  const backup = `${file}.v${MIGRATIONS.length}.backup`;
  assert.equal((statSync(backup).mode & 0o777).toString(8), '600');
  const old = await openDatabase(backup, { readOnly: true });
  assert.equal(old.raw.get('PRAGMA user_version')?.['user_version'], MIGRATIONS.length);
  assert.equal(old.raw.get(`SELECT count(*) AS n FROM state`)?.['n'], 1);
  await old.close();
});

test('what the first version stored is there after all later migrations', async () => {
  const folder = path.join(root, 'first');
  mkdirSync(folder, { mode: 0o700 });
  const database = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
  await migrate(database, MIGRATIONS.slice(0, 1), { backup: false });
  const jane = performer(5, { name: 'Jane Doe' });
  database.raw.exec(`
    INSERT INTO performers (id, name, disambiguation, aliases, stash_ids, image_path)
      VALUES ('5', 'Jane Doe', '', '["Alias 5"]', '[]', '/performer/5/image?t=1');
    INSERT INTO dismissals (key, content_id, performer_id, identity, stash_ids, at)
      VALUES ('performer-seen', '${contentId(1)}', '5', 'jane doe' || char(10), '[]', 7);
    INSERT INTO suggestions (kind, key, entity_kind, entity_id, entity_title, target_kind, target_id, target_name,
      search_text, severity, confidence, state, payload, evidence, analyzer, analyzer_version, created_at, updated_at)
      VALUES ('performer-seen', 'performer-seen:scene:1:5', 'scene', '1', 'Scene 1', 'performer', '5', 'Jane Doe',
        'scene 1' || char(10) || 'jane doe', 'info', 0.9, 'accepted', '${JSON.stringify(proposal(1, 5).payload)}',
        '${JSON.stringify(proposal(1, 5).evidence)}', 'faces', 1, 3, 4)`);
  await database.close();

  const store = await openStore({ folder });
  assert.deepEqual(await store.people.performer('5'), jane);
  assert.equal(await store.dismissals.isDismissed(notSeen([contentId(1)], jane)), true);
  const { items } = await store.suggestions.list({ text: 'jane' }, 'newest', 10, 0);
  assert.deepEqual(
    items.map(({ state, payload, updatedAt }) => [state, payload, updatedAt]),
    [['accepted', proposal(1, 5).payload, 4]],
  );
  await store.close();
});

test('suggestions of the first version are there in the newest, with the ids that the journal names', async () => {
  const folder = path.join(root, 'suggestions');
  mkdirSync(folder);
  const database = await openDatabase(path.join(folder, 'stash-sense.sqlite'));
  await migrate(database, MIGRATIONS.slice(0, 1), { backup: false });
  const put = (id: number, key: string, state: string): unknown =>
    database.raw.run(
      `INSERT INTO suggestions VALUES (?, 'performer-seen', ?, 'scene', '1', 'A title', 'performer', '5', 'Jane',
        'a title jane', 'info', 0.9, ?, '{"seen":[]}', ?, 'faces', 1, 10, 20)`,
      id,
      key,
      state,
      JSON.stringify({
        timesMs: [],
        faceCount: 1,
        similarity: 0.5,
        margin: 0.1,
        referenceId: '1',
        alternatives: [],
      }),
    );
  for (const [n, state] of ['open', 'accepted', 'rejected', 'stale', 'open'].entries())
    put(n + 1, `key ${n}`, state);
  database.raw.run('DELETE FROM suggestions WHERE id = 5');
  await database.close();

  const store = await openStore({ folder });
  const { items } = await store.suggestions.list({}, 'newest', 10, 0);
  assert.deepEqual(
    items.map(({ id, key, state }) => [id, key, state]),
    [
      ['4', 'key 3', 'stale'],
      ['3', 'key 2', 'rejected'],
      ['2', 'key 1', 'accepted'],
      ['1', 'key 0', 'open'],
    ],
  );
  assert.equal(await store.suggestions.changeState('2', ['accepted'], 'removed'), true);
  // The id of one that was erased is not given again.
  const scene = { kind: 'scene', id: '2' } as const;
  await store.suggestions.replace(scene, 'faces', [proposal(2, 6)]);
  assert.equal((await store.suggestions.list({ entity: scene }, 'newest', 1, 0)).items[0]?.id, '6');
  await store.close();
});

test('one copy is kept, of the version before the last migration', async () => {
  const folder = path.join(root, 'copies');
  const file = path.join(folder, 'stash-sense.sqlite');
  await (await openStore({ folder })).close();
  const database = await openDatabase(file);
  const second = [...MIGRATIONS, 'CREATE TABLE more (id INTEGER)'];
  await migrate(database, second, { backup: true });
  await migrate(database, [...second, 'CREATE TABLE most (id INTEGER)'], { backup: true });
  await database.close();
  const version = MIGRATIONS.length;
  assert.deepEqual(
    readdirSync(folder).filter((it) => it.includes('backup')),
    [`stash-sense.sqlite.v${version + 1}.backup`],
  );
});

test('a migration that fails leaves the version before it', async () => {
  const folder = path.join(root, 'failed');
  const file = path.join(folder, 'stash-sense.sqlite');
  await (await openStore({ folder })).close();
  const database = await openDatabase(file);
  const newer = [
    ...MIGRATIONS,
    'CREATE TABLE more (id INTEGER)',
    'CREATE TABLE half (id INTEGER); NO SUCH STATEMENT',
  ];
  await assert.rejects(migrate(database, newer, { backup: true }), /syntax error/);
  assert.equal(database.raw.get('PRAGMA user_version')?.['user_version'], MIGRATIONS.length + 1);
  assert.equal(database.raw.get(`SELECT count(*) AS n FROM sqlite_schema WHERE name = 'half'`)?.['n'], 0);
  await database.close();
});
