import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startProcess } from './child-process.ts';
import { ancestors, ancestorsOf, parentsIn, runningPrograms } from './running-programs.ts';

test('a running program is found with its parent and arguments, and is gone when it has ended', async (t) => {
  if (process.platform === 'win32') return t.skip('the listing of Windows is asked for one name alone');
  const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-programs-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const program = path.join(folder, 'sense-sleeper');
  copyFileSync('/bin/sleep', program);
  chmodSync(program, 0o755);
  const child = startProcess(program, ['600'], { stdio: 'ignore' });
  await once(child, 'spawn');
  assert.deepEqual(await runningPrograms('sense-sleeper'), [{ parent: process.pid, args: [program, '600'] }]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.deepEqual(await runningPrograms('sense-sleeper'), []);
});

test('what started this process is among its ancestors, and what starts all services is not', async () => {
  const above = await ancestors();
  assert.ok(above.has(process.ppid));
  assert.ok(!above.has(process.pid));
  assert.equal(above.has(1), process.ppid === 1);
});

test('the first process of a system is an ancestor only as the parent', async () => {
  const parents = parentsIn('30 20\r\n20 7\r\n\r\n7 1\r\n1 0\r\n5 5\r\n');
  const from = async (pid: number): Promise<number[]> => [
    ...(await ancestorsOf(pid, (one) => parents.get(one) ?? 0)),
  ];
  assert.deepEqual(await from(30), [30, 20, 7]);
  assert.deepEqual(await from(1), [1]);
  // Windows may have given the id of a parent that has ended to somebody below it.
  assert.deepEqual(await from(5), [5]);
  assert.deepEqual(await from(99), [99]);
});
