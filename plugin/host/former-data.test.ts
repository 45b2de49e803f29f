import assert from 'node:assert/strict';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { tempFolder } from '../../test/fakes/context.ts';
import { createFormerData } from './former-data.ts';

test('a folder that cannot be read any more has no data, and others are found all the same', (t) => {
  const configDir = tempFolder(t);
  const unreadable = path.join(configDir, 'unreadable');
  symlinkSync(unreadable, unreadable);
  const dataFolder = path.join(configDir, 'new');
  const usedFolders = JSON.stringify([unreadable]);
  const former = createFormerData({
    configDir,
    pluginDir: configDir,
    dataFolder,
    setting: dataFolder,
    stored: { usedFolders },
  });
  assert.equal(former.find(), null);
  assert.deepEqual(former.toSettle(), { usedFolders: JSON.stringify([unreadable, dataFolder]) });

  const first = path.join(configDir, 'stash-sense');
  mkdirSync(first);
  for (const name of ['stash-sense.sqlite', 'crops.sqlite'])
    writeFileSync(path.join(first, name), Buffer.alloc(100_000));
  assert.deepEqual([former.find()?.folder, former.find()?.bytes], [first, 200_000]);
  assert.equal(former.toSettle(), null);
  writeFileSync(path.join(first, 'moved.json'), '{}');
  assert.equal(former.find(), null);
});
