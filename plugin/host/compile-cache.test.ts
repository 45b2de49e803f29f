import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/fakes/context.ts';
import { prepareCompileCache } from './compile-cache.ts';

test('the launcher is told where the cache lies: a folder of the data folder, for this user only', (t) => {
  const [data, plugin] = [tempFolder(t), tempFolder(t)];
  for (const _ of [1, 2]) {
    prepareCompileCache(data, plugin);
    assert.equal(
      readFileSync(path.join(plugin, 'compile-cache.path'), 'utf8'),
      `${data}${path.sep}compile-cache\n`,
    );
    if (process.platform !== 'win32')
      assert.equal(statSync(path.join(data, 'compile-cache')).mode & 0o777, 0o700);
  }
  assert.deepEqual(readdirSync(plugin), ['compile-cache.path']);
});

test('a cache that cannot be made, or a link in its place, is done without', (t) => {
  const [data, plugin, elsewhere] = [tempFolder(t), tempFolder(t), tempFolder(t)];
  symlinkSync(elsewhere, path.join(data, 'compile-cache'));
  prepareCompileCache(data, plugin);
  prepareCompileCache(path.join(data, 'gone', 'too'), plugin);
  assert.deepEqual(readdirSync(plugin), []);
  rmSync(path.join(data, 'compile-cache'));
  mkdirSync(path.join(plugin, 'compile-cache.path'));
  prepareCompileCache(data, plugin);
  assert.deepEqual(readdirSync(path.join(plugin, 'compile-cache.path')), []);
});
