/** The plugin as Stash starts it, with a data folder that somebody changed by hand. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { openStore } from '../../plugin/store/store.ts';
import { look, performer } from '../contract/store-samples.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { connectStash, type Stash } from '../e2e/stash.ts';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { until } from '../fixtures/wait.ts';
import { bundle } from './plugin-process.ts';

let root: string;
let double: StashDouble;
let stash: Stash;
/** Default folder. */
let first: string;

before(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'stash sense former-'));
  const plugin = path.join(root, 'plugins/stash-sense');
  cpSync(path.dirname(bundle), plugin, { recursive: true });
  const configDir = path.join(root, 'config');
  first = path.join(configDir, 'stash-sense');
  double = await startStashDouble({
    configDir,
    pluginDirs: [plugin],
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
  });
  stash = connectStash(double.url);
  await learnIn(first);
});

after(async () => {
  await double.close();
  rmSync(root, { recursive: true, force: true });
});

test('a folder is offered where something was learned in it, and not for having been opened', async () => {
  const opened = path.join(root, 'opened');
  await statusWith({ dataFolder: opened });
  const usedFolders = JSON.stringify([opened]);
  const { data } = await statusWith({ dataFolder: path.join(root, 'new'), usedFolders });
  assert.equal(data.former?.folder, first);
  const { data: here } = await statusWith({});
  assert.equal(here.former, null);
});

test('the data are found where they are, and used again', async () => {
  const { data, checks } = await statusWith({ dataFolder: path.join(root, 'second') });
  assert.deepEqual([data.observations, data.former?.folder], [0, first]);
  const check = checks.find(({ id }) => id === 'folder');
  assert.equal(check?.ok, false);
  assert.match(inEnglish(check.message), /was changed by hand: .* still in .*stash-sense\.$/);
  const { message } = await decide('use');
  assert.match(inEnglish(message), /are in use again/);
  const again = await stash.operation('status', {});
  assert.deepEqual([again.data.folder, again.data.observations, again.data.former], [first, 3, null]);
  await assert.rejects(decide('use'), /no other folder to choose/);
});

test('they are moved to the new folder, over the empty store that was made there', async () => {
  const to = path.join(root, 'third');
  await statusWith({ dataFolder: to });
  assert.ok(existsSync(path.join(to, 'stash-sense.sqlite')), 'an empty one');
  await decide('move');
  // One that moves, one that removes the old folder.
  await until(async () => (await stash.jobs()).length === 0, 'no job is left');
  const { data } = await stash.operation('status', {});
  assert.deepEqual([data.folder, data.observations, data.former], [to, 3, null]);
  assert.equal(existsSync(first), false);
  assert.equal(stored()['dataFolder'], to);
});

test('a folder that a task has used is remembered, whatever it is, and one with data of its own is not replaced', async () => {
  const to = path.join(root, 'third');
  const other = path.join(root, 'fourth');
  await statusWith({ ...stored(), dataFolder: to });
  await learnIn(other);
  const { data } = await statusWith({ ...stored(), dataFolder: other });
  assert.equal(data.former?.folder, to);
  await assert.rejects(decide('move'), /holds data of its own by now/);
  const { message } = await decide('leave');
  assert.match(inEnglish(message), /goes on in .*fourth; what is in .*third stays/);
  assert.equal((await stash.operation('status', {})).data.former, null);
  // Changed once more: the folder of the last decision is the one that is offered, as it was used last.
  assert.equal((await statusWith({ ...stored(), dataFolder: '' })).data.former?.folder, other);
});

test('a settings page that was opened before does not make it forget which folders were in use', async () => {
  const other = path.join(root, 'fourth');
  const earlier = { ...stored() };
  await statusWith({ ...earlier, dataFolder: other });
  await decide('leave').catch(() => undefined);
  for (const written of [{}, { dataFolder: '' }, { dataFolder: '', usedFolders: JSON.stringify(['']) }])
    assert.equal((await statusWith(written)).data.former?.folder, other, JSON.stringify(written));
  await statusWith({ ...earlier, dataFolder: other });
});

test('each start finds the compiled code of the one before, in the data folder and for nobody else', () => {
  const folder = path.join(root, 'fourth/compile-cache');
  assert.equal(statSync(folder).mode & 0o077, 0);
  assert.ok(readdirSync(folder).length > 0);
});

async function learnIn(folder: string): Promise<void> {
  const store = await openStore({ folder });
  for (let n = 1; n <= 3; n++) await store.observations.put(look(n, { cropBytes: 20_000 }));
  await store.people.putPerformer(performer(1));
  await store.close();
}

const stored = (): Record<string, unknown> => double.config.plugins['stash-sense'] ?? {};

async function statusWith(settings: Record<string, unknown>): Promise<Output<'status'>> {
  double.config.plugins['stash-sense'] = settings;
  return await stash.operation('status', {});
}

async function decide(what: 'use' | 'move' | 'leave'): Promise<Output<'data.former'>> {
  return await stash.operation('data.former', { what });
}
