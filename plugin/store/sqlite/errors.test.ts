import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { plain } from '../../../core/messages/message.ts';
import { isBusy, isDamaged, toSqliteError, toStoreError } from './errors.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-errors-'));
after(() => rmSync(root, { recursive: true }));

test('a store that another run holds for too long is busy, not broken', () => {
  const file = path.join(root, 'held.sqlite');
  const holder = new DatabaseSync(file);
  const other = new DatabaseSync(file, { timeout: 0 });
  holder.exec('BEGIN EXCLUSIVE');
  const error = thrownBy(() => other.exec('BEGIN IMMEDIATE'));
  assert.equal(isBusy(error), true);
  const said = toSqliteError(error, file);
  assert(said instanceof StashSenseError);
  assert.equal(said.code, 'busy');
  assert.match(said.message, /^The store [^\n]+ is held by another run of Stash Sense; [^\n]+\.$/);
  assert.equal(said.cause, error);
  holder.close();
  other.close();
});

test('a wrong statement is a bug and stays what it is', () => {
  const database = new DatabaseSync(':memory:');
  const error = thrownBy(() => database.exec('NO SUCH STATEMENT'));
  assert.equal(toStoreError(error, 'file'), error);
  assert.equal(isDamaged(error), false);
  database.close();
});

test('what is thrown on purpose, and what is not about the store, passes', () => {
  for (const error of [new StashSenseError('not-found', plain('Gone.')), new TypeError('a bug'), 'text'])
    assert.equal(toStoreError(error, 'file'), error);
});

test('stored text that is no JSON is trouble of the store', () => {
  const said = toStoreError(
    thrownBy(() => JSON.parse('{')),
    'file',
  );
  assert(said instanceof StashSenseError);
  assert.equal(said.code, 'store-unusable');
});

function thrownBy(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
