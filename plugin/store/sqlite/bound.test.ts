import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bound, named } from './bound.ts';
import { openDatabase } from './database.ts';

test('values of numbered parameters go by name, those of plain ones in their order', () => {
  assert.deepEqual(bound('SELECT ?1, ?2, ?1', ['a', null]), [{ '?1': 'a', '?2': null }]);
  assert.deepEqual(bound('SELECT ?12', []), [{}]);
  assert.deepEqual(bound('SELECT ?, ?', ['a', 1]), ['a', 1]);
  assert.deepEqual(bound(`SELECT 'and ?1', ?, 'it''s ?2'`, ['a']), ['a']);
  assert.deepEqual(named(['a', 'b'], 2), { '?2': 'a', '?3': 'b' });
});

test('a statement with parameters of both kinds is refused', async () => {
  assert.throws(() => bound('SELECT ?1, ?', [1, 2]), /both \? and \?1: SELECT \?1, \?$/);
  const { raw } = await openDatabase(':memory:');
  for (const kind of ['get', 'all', 'arrays', 'run'] as const)
    assert.throws(() => raw[kind]('SELECT ?1, ?', 1, 2), /both \? and \?1/);
});

test('every way to ask takes both kinds', async () => {
  const database = await openDatabase(':memory:');
  const { raw } = database;
  raw.exec('CREATE TABLE pairs (a, b)');
  assert.equal(raw.run('INSERT INTO pairs VALUES (?2, ?1)', 1, 'two').changes, 1);
  assert.equal(raw.run('INSERT INTO pairs VALUES (?, ?)', 'three', Buffer.from([4])).changes, 1);
  const sql = 'SELECT a, b FROM pairs WHERE a = ?1 AND ?1 <> ?2';
  assert.deepEqual({ ...raw.get(sql, 'two', 0) }, { a: 'two', b: 1 });
  assert.deepEqual({ ...raw.all(sql, 'three', 0)[0] }, { a: 'three', b: Uint8Array.of(4) });
  assert.deepEqual(raw.arrays(sql, 'two', 0), [['two', 1]]);
  await database.close();
});
