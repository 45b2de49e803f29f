import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
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
