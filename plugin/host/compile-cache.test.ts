import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { crc32 } from 'node:zlib';
import { tempFolder } from '../../test/fakes/context.ts';
import { prepareCompileCache, saveCode } from './compile-cache.ts';

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

test('files of others stay in the folder of the cache', (t) => {
  const folder = tempFolder(t);
  const others = ['notes.txt', 'my.code.txt', 'videos', 'vacation'];
  for (const name of others) mkdirSync(path.join(folder, name));
  const left = ['a-v24-x64.code', `b-v24-x64.code.${'0'.repeat(8)}.part`];
  for (const name of left) writeFileSync(path.join(folder, name), '');
  saveCode(
    { file: path.join(folder, 'c.code'), operations: [], header: 64, bytes: () => Buffer.from('x') },
    'status',
  );
  assert.deepEqual(readdirSync(folder), ['c.code', ...others].toSorted());
});

test('code is kept for each operation that the page begins with, and that of another build or Node is deleted', (t) => {
  const folder = tempFolder(t);
  const file = `${folder}/build-v24-x64.code`;
  mkdirSync(path.join(folder, 'v22.19.0-x64'));
  writeFileSync(path.join(folder, 'older-v24-x64.code'), '');
  const save = (operation: string, operations: readonly string[] = [], code = 'compiled') =>
    saveCode({ file, operations, header: 64, bytes: () => Buffer.from(code) }, operation);
  save('diagnostics');
  assert.equal(readdirSync(folder).length, 2);
  save('status');
  assert.deepEqual(readdirSync(folder), ['build-v24-x64.code']);
  const first = readFileSync(file, 'latin1');
  assert.equal(first.slice(0, 64).trim(), `${crc32('compiled')} status`);
  assert.equal(first.slice(64), 'compiled');
  save('status', ['status'], 'other');
  assert.equal(readFileSync(file, 'latin1'), first);
  save('scene.faces', ['status'], 'more');
  assert.equal(readFileSync(file, 'latin1').slice(0, 64).trim(), `${crc32('more')} status scene.faces`);
  saveCode({ file: null, operations: [], header: 64, bytes: () => Buffer.from('x') }, 'status');
  saveCode(
    { file: path.join(folder, 'gone/a.code'), operations: [], header: 64, bytes: () => Buffer.from('x') },
    'status',
  );
});
