import assert from 'node:assert/strict';
import { chmodSync, copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { test } from 'node:test';
import { startProcess } from './child-process.ts';
import { ancestors, runningPrograms } from './running-programs.ts';

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

test('what started this process is among its ancestors', async (t) => {
  if (process.platform === 'win32') return t.skip('it cannot be told there');
  const above = await ancestors();
  assert.ok(above);
  assert.ok(above.has(process.ppid));
  assert.ok(!above.has(process.pid));
});
