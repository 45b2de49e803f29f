/** A task that ends before it could begin its run, as a process of its own: the page must be able to say so. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { Status } from '../../core/contract/status.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { runPlugin } from './plugin-process.ts';
import { inEnglish } from '../../core/messages/english.ts';

let folder: string;
let double: StashDouble;
let configDir: string;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-failure-'));
  configDir = path.join(folder, 'config');
  double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
});

after(async () => {
  await double.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a task that was asked for something it does not know is told by the status until it does better', async () => {
  const stash = { stashUrl: double.url, configDir };
  const { error } = await runPlugin(stash, { mode: 'identify', scene_ids: 'all of them' });
  assert.match(error ?? '', /^Task "Identify scene" was asked with something it does not know/);
  const { runs, lastFailure } = await status();
  assert.deepEqual(runs, []);
  assert.deepEqual([lastFailure?.task, inEnglish(lastFailure!.message)], ['identify', error]);

  // Another task says nothing about this one.
  assert.equal((await runPlugin(stash, { mode: 'move-data' })).error, null);
  assert.equal((await status()).lastFailure?.task, 'identify');
  assert.equal((await runPlugin(stash, { mode: 'identify', scene_ids: [] })).error, null);
  assert.equal((await status()).lastFailure, null);
});

test('a task that Stash did not let in leaves its reason where the status looks for it', async (t) => {
  const locked = await startStashDouble({
    configDir: path.join(folder, 'locked'),
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
    auth: { username: 'me', password: 'secret', apiKey: 'a-key-that-nobody-was-given' },
  });
  t.after(() => locked.close());
  const { error } = await runPlugin({ stashUrl: locked.url, configDir }, { mode: 'set-up' });
  assert.match(error ?? '', /did not let us in \(401\)/);
  assert.equal(inEnglish((await status()).lastFailure!.message), error);
  assert.equal((await runPlugin({ stashUrl: double.url, configDir }, { mode: 'people' })).error, null);
  assert.equal((await status()).lastFailure?.task, 'set-up');
});

test('an operation that fails tells the page itself, and is not noted', async () => {
  const { error } = await runPlugin(
    { stashUrl: double.url, configDir },
    { mode: 'data.move', input: { folder: 'x' } },
  );
  assert.match(error ?? '', /is no whole path/);
  assert.equal((await status()).lastFailure?.task, 'set-up');
});

test('whoever installs Node where one runs is told that it is there', async () => {
  const { output } = await runPlugin({ stashUrl: double.url, configDir }, { mode: 'install-node' });
  assert.match(String(output), /^Node v\d+\S* is there already/);
});

async function status(): Promise<Status> {
  const { output, error } = await runPlugin(
    { stashUrl: double.url, configDir },
    { mode: 'status', input: {} },
  );
  assert.equal(error, null);
  return output as Status;
}
