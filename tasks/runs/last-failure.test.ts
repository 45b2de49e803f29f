import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import type { RunView } from '../../core/contract/runs.ts';
import { deleteFailureOf, saveFailure, unreportedFailure } from './last-failure.ts';
import { message, plain } from '../../core/messages/message.ts';

const root = mkdtempSync(path.join(tmpdir(), 'stash-sense-failure-'));
after(() => rmSync(root, { recursive: true }));
const failure = { at: 1_000_000, task: 'scan', message: message('stash.doesNotAnswer') };

test('a failure is kept until the same task does better', () => {
  const folder = path.join(root, 'new', 'folder');
  saveFailure(folder, failure);
  assert.deepEqual(unreportedFailure([path.join(root, 'none'), folder], []), failure);
  assert.deepEqual(readdirSync(folder), ['last-error.json']);
  assert.equal((statSync(path.join(folder, 'last-error.json')).mode & 0o777).toString(8), '600');
  deleteFailureOf(folder, 'people');
  assert.deepEqual(unreportedFailure([folder], []), failure);
  deleteFailureOf(folder, 'scan');
  assert.equal(unreportedFailure([folder], []), null);
});

for (const [run, isReported, remark] of [
  [{ task: 'scan', startedAt: 1_000_001 }, true, 'it was started since'],
  [{ task: 'scan', startedAt: 900_000, state: 'failed', endedAt: 1_000_500 }, true, 'the run says it itself'],
  [{ task: 'scan', startedAt: 900_000, state: 'finished', endedAt: 950_000 }, false, 'it went well before'],
  [{ task: 'people', startedAt: 1_000_001 }, false, 'another task was started since'],
] as [Partial<RunView>, boolean, string][])
  test(`reported by the runs or not: ${remark}`, () => {
    const folder = path.join(root, remark);
    saveFailure(folder, failure);
    assert.equal(unreportedFailure([folder], [run as RunView]) === null, isReported);
  });

test('a file of an older version, which kept a sentence, is read', () => {
  const folder = path.join(root, 'older');
  saveFailure(folder, failure);
  writeFileSync(path.join(folder, 'last-error.json'), '{"at":3,"task":"scan","message":"No answer."}');
  assert.deepEqual(unreportedFailure([folder], []), { at: 3, task: 'scan', message: plain('No answer.') });
});

test('the newest counts; what cannot be read or written is none, and stops nobody', () => {
  const [one, two] = [path.join(root, 'one'), path.join(root, 'two')];
  saveFailure(one, failure);
  saveFailure(two, { ...failure, at: 2_000_000, message: plain('newer') });
  assert.deepEqual(unreportedFailure([one, two], [])?.message, plain('newer'));
  writeFileSync(path.join(two, 'last-error.json'), '{"at":');
  assert.equal(unreportedFailure([two], []), null);
  chmodSync(one, 0o500);
  saveFailure(path.join(one, 'last-error.json', 'deeper'), failure);
  chmodSync(one, 0o700);
});
