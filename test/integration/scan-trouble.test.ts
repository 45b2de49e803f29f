/** A Stash that is not well, a store that cannot be used, a package without its companion: one sentence each, nothing lost. */
import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import type { Output } from '../../core/contract/operations.ts';
import { openStore } from '../../plugin/store/store.ts';
import type { Fault } from '../double/faults.ts';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { addImageFile } from '../fixtures/image-file.ts';
import { bundle, runPlugin, type Ended } from './plugin-process.ts';
import { inEnglish } from '../../core/messages/english.ts';

let folder: string;
let double: StashDouble;
let configDir: string;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-trouble-'));
  configDir = path.join(folder, 'config');
  double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
  double.config.plugins['stash-sense'] = { scanImages: true };
  double.library.addPerformer({ name: 'Franck', image: readFileSync(mediaFile('franck_02045.jpg')) });
  const file = path.join(folder, 'franck_02159.jpg');
  cpSync(mediaFile('franck_02159.jpg'), file);
  addImageFile(double.library, file, { title: 'Franck' });
});

beforeEach(() => {
  double.clearFaults();
  rmSync(path.join(configDir, 'stash-sense'), { recursive: true, force: true });
});

after(async () => {
  await double.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [what, fault, sentence] of [
  [
    'answers 500 to everything',
    { kind: 'status', status: 500 },
    /^Stash at http:\/\/\S+ does not answer as it should/,
  ],
  [
    'stops half-way: images can no longer be listed',
    { kind: 'cut', where: /findImages/ },
    /does not answer as it should/,
  ],
  [
    'shuts us out half-way',
    { kind: 'status', status: 401, where: /findImages/ },
    /did not let us in \(401\)/,
  ],
  [
    'does not know what we ask',
    { kind: 'status', status: 422, where: /findImages/ },
    /^This version of Stash|^Stash/,
  ],
] as [string, Fault, RegExp][])
  test(`a Stash that ${what}: one sentence, and the next scan does the rest`, async () => {
    double.addFault(fault);
    const { error } = await scan();
    assert.match(error ?? '', sentence);
    assert.match(error ?? '', /^[^\n]+[.]$/);
    double.clearFaults();
    assert.equal((await scan()).error, null);
    const { runs, scan: counts } = await status();
    assert.deepEqual(counts, { pending: 0, done: 1, skipped: 0, failed: 0 });
    // Where the store could be opened before Stash failed, the run that failed is told.
    assert.ok(
      runs.slice(1).every(({ state, message }) => state === 'failed' && inEnglish(message) === error),
    );
  });

test('a slow Stash, and one that hiccups, make a scan take longer and nothing else', async () => {
  double.addFault({ kind: 'slow', delayMs: 100 });
  double.addFault({ kind: 'status', status: 503, times: 2, where: /findImages/ });
  const { error } = await scan();
  assert.equal(error, null);
  assert.equal((await status()).scan.done, 1);
});

test('a store that a newer version wrote, or that is none, is left as it is', async () => {
  const data = path.join(configDir, 'stash-sense');
  mkdirSync(data);
  const file = path.join(data, 'stash-sense.sqlite');
  writeFileSync(
    file,
    'this is no database, whatever its name says; and it is long enough to be read as one'.repeat(20),
  );
  const bytes = readFileSync(file);
  const { error } = await scan();
  assert.match(error ?? '', /^[^\n]*stash-sense\.sqlite[^\n]*[.]$/);
  assert.deepEqual(readFileSync(file), bytes);
});

test('without the weights the scan says which package to install, and counts no file as failed', async () => {
  // Beside the bundle there are none, and the data folder has none either.
  const alone = path.join(folder, 'alone', 'stash-sense');
  cpSync(path.dirname(bundle), alone, { recursive: true });
  const { error } = await runPlugin({ stashUrl: double.url, configDir }, { mode: 'scan' }, null, {
    bundle: path.join(alone, 'main.mjs'),
  });
  assert.match(error ?? '', /^Install the package .Stash Sense faces. \(stash-sense-faces\)[^\n]*[.]$/);
  const { scan: counts, checks } = await status(path.join(alone, 'main.mjs'));
  assert.deepEqual(counts, { pending: 1, done: 0, skipped: 0, failed: 0 });
  assert.equal(checks.find(({ id }) => id === 'weights')?.ok, false);
});

test('what is no JSON, no task and no operation of ours is refused in one sentence', async () => {
  for (const args of [{}, { mode: 'dance' }, { mode: 'scene.faces', input: { sceneId: 'one' } }]) {
    const { error } = await runPlugin({ stashUrl: double.url, configDir }, args);
    assert.match(error ?? '', /^[^\n]+[.]$/);
  }
});

test('a full disk ends the scan in one sentence; with room again it goes on', async () => {
  assert.equal((await scan()).error, null);
  const store = await openStore({ folder: path.join(configDir, 'stash-sense'), maxPageCount: 1 });
  await assert.rejects(
    (async () => {
      for (let n = 0; n < 1000; n++) await store.state.set(`slice-token:filler ${n}`, 'x'.repeat(4000));
    })(),
    { code: 'store-unusable', message: /^[^\n]+[.]$/ },
  );
  await store.close();
  assert.equal((await scan()).error, null);
});

async function scan(): Promise<Ended> {
  return await runPlugin({ stashUrl: double.url, configDir }, { mode: 'scan' });
}

async function status(itsBundle = bundle): Promise<Output<'status'>> {
  const { output, error } = await runPlugin({ stashUrl: double.url, configDir }, { mode: 'status' }, null, {
    bundle: itsBundle,
  });
  assert.equal(error, null);
  return output as Output<'status'>;
}
