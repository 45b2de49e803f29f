/** "Scenes whose files are gone": told only where the disk that held the file is there. */
import assert from 'node:assert/strict';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { suggestionOperations } from '../../../tasks/suggestions/operations.ts';
import { fakeContext, tempFolder } from '../../fakes/context.ts';
import { aFile, anItem, memoryStash } from '../../fakes/memory-stash.ts';
import { check, idsOf, suggested } from './checking.ts';

const ID = 'files-gone';

/** A library with these scenes, each of the files of these names. What begins with `-` is not on the disk. */
async function libraryOf(t: TestContext, scenes: readonly (readonly string[])[]) {
  const stash = memoryStash();
  const root = path.join(tempFolder(t), 'data');
  const place = (name: string): string => path.join(root, name.replace('-', ''));
  mkdirSync(root);
  stash.folders = [root];
  const write = (name: string): void => {
    mkdirSync(path.dirname(place(name)), { recursive: true });
    writeFileSync(place(name), name);
  };
  for (const [n, names] of scenes.entries()) {
    const files = names.map((name, at) => aFile(10 * n + at, { path: place(name) }));
    for (const name of names) if (!name.startsWith('-')) write(name);
    stash.items.set(`scene:${n + 1}`, anItem(n + 1, { performerIds: ['1'], files }));
  }
  const context = await fakeContext(t, stash);
  return { context, stash, write, place };
}

test('a disk below the folder of the library that is not mounted takes nothing away', async (t) => {
  const { context, place } = await libraryOf(t, [
    ['disk1/1.mp4'],
    ['-disk1/gone.mp4'],
    ['-disk2/a/1.mp4'],
    ['-disk2/2.mp4'],
    ['-disk3/1.mp4'],
    ['-disk4/deep/1.mp4'],
    ['disk4/here.mp4'],
  ]);
  // Of the third one the mount point was removed, and the second one holds a mark of whoever mounts it.
  mkdirSync(place('disk2'));
  writeFileSync(place('disk2/NOT MOUNTED'), '');
  mkdirSync(place('disk4/deep'));
  await check(context);
  assert.deepEqual(await idsOf(context, ID), ['2']);
});

test('a file is gone also where its folder went with it, and where it lay in the folder of the library', async (t) => {
  const { context } = await libraryOf(t, [['-series/one/1.mp4'], ['series/two/1.mp4'], ['-top.mp4']]);
  await check(context);
  assert.deepEqual(await idsOf(context, ID), ['1', '3']);
});

test('while a disk is away what was told of its files stays as it was decided', async (t) => {
  const { context, place, write } = await libraryOf(t, [
    ['disk/1.mp4'],
    ['-disk/open.mp4'],
    ['-disk/done.mp4'],
  ]);
  await check(context);
  const done = (await suggested(context, ID)).find(({ entity }) => entity.id === '3');
  await suggestionOperations['suggestions.accept'](context, { ids: [done!.id], dryRun: false });
  const states = async () => [await idsOf(context, ID), await idsOf(context, ID, 'accepted')];
  assert.deepEqual(await states(), [['2'], ['3']]);

  rmSync(place('disk'), { recursive: true });
  mkdirSync(place('disk'));
  await check(context);
  assert.deepEqual(await states(), [['2'], ['3']]);

  write('disk/1.mp4');
  write('disk/open.mp4');
  await check(context);
  assert.deepEqual(await states(), [[], ['3']]);
});

test('where Stash may be another machine nothing is told of its files, and nothing closed', async (t) => {
  const scenes = [['disk/1.mp4'], ['-disk/2.mp4']];
  const { context, stash } = await libraryOf(t, scenes);
  await check({ ...context, besideStash: false });
  assert.deepEqual(await idsOf(context, ID), []);
  await check(context);
  assert.deepEqual(await idsOf(context, ID), ['2']);
  stash.folders = [];
  await check({ ...context, besideStash: false });
  assert.deepEqual(await idsOf(context, ID), ['2']);
});
