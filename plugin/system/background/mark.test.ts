/** Who is named in the mark of the background scheduler, and who is ended by it. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { SCHEDULER_MARK } from '../files/own-names.ts';
import { createOwner } from '../process-owner.ts';
import { startProcess } from '../child-process.ts';
import { once } from 'node:events';
import { needsTouch, readMark, stopScheduler, writeMark } from './mark.ts';

function dataFolder(t: TestContext): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-mark-'));
  t.after(() => rmSync(folder, { recursive: true }));
  return folder;
}

const RUNNING = { state: 'running', startedAt: 1, version: '1' } as const;

test('the process that gets the signal is the one that was proved to be the scheduler', async (t) => {
  if (process.platform !== 'linux') return t.skip('nobody is given a signal there');
  const folder = dataFolder(t);
  const other = startProcess('sleep', ['600'], { stdio: 'ignore' });
  t.after(() => other.kill('SIGKILL'));
  await once(other, 'spawn');
  writeMark(folder, { ...RUNNING, owner: createOwner(), pid: other.pid! });
  const signalled = once(process, 'SIGTERM');
  stopScheduler(folder);
  assert.equal(
    await Promise.race([signalled.then(() => 'this'), once(other, 'exit').then(() => 'other')]),
    'this',
  );
  assert.equal(readMark(folder), null);
});

test('it is touched wherever nobody can look it up, and then every five minutes', () => {
  const here = createOwner();
  const minute = 60_000;
  assert.equal(needsTouch(here, 0, 6 * minute), process.platform !== 'linux');
  for (const owner of [
    here.replace(/@[^:]+/, '@renamed'),
    here.replace(/:[^:]+(?=:[^:]+:[^:]+$)/, ':unknown'),
  ]) {
    assert.equal(needsTouch(owner, 0, 6 * minute), true, owner);
    assert.equal(needsTouch(owner, 0, 4 * minute), false);
    assert.equal(needsTouch(owner, 60 * minute, 0), true, 'a clock that was set back');
  }
});

test('a mark with the id of no process is none', (t) => {
  const folder = dataFolder(t);
  // A signal to them goes to a whole group of processes, or to all.
  for (const pid of [0, -1, 1.5]) {
    writeFileSync(path.join(folder, SCHEDULER_MARK), JSON.stringify({ ...RUNNING, owner: 'x', pid }));
    assert.equal(readMark(folder), null, `${pid}`);
  }
});
