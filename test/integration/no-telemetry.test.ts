/** onnxruntime-node has a telemetry of its own: none of our processes lets it write, look up or send anything. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { startStashDouble } from '../double/stash-double.ts';
import { tempFolder } from '../fakes/context.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { addImageFile } from '../fixtures/image-file.ts';
import { wasmFolder, weightFolder } from '../fixtures/models.ts';
import { becomesSo, until } from '../fixtures/wait.ts';
import { startWatched, WATCHES, type WatchedProcess } from '../fixtures/watched-process.ts';
import type { TrialRequest } from '../../tasks/compose/trial-process.ts';
import { bundle } from './plugin-process.ts';

const root = path.join(import.meta.dirname, '../..');
/** What it does where nobody turns it off, so that the watch is known to see it. */
const BARE = `const ort = require(${JSON.stringify(path.join(root, 'node_modules/onnxruntime-node'))});
  ort.env.logLevel = 'fatal';
  void ort.InferenceSession.create(${JSON.stringify(path.join(weightFolder, 'fr_landmark.onnx'))}).then((it) => it.release());`;
/** It first sends after nine seconds. */
const FIRST_SENT_SECONDS = 60;

before(() => assert.ok(existsSync(bundle), `${bundle} is not there: run npm run build first.`));

function identifyArgs(t: TestContext, files: readonly string[]): string[] {
  const folder = tempFolder(t);
  const people = path.join(folder, 'people');
  mkdirSync(people);
  cpSync(mediaFile('franck_02045.jpg'), path.join(people, 'Franck.jpg'));
  const ours = ['--people', people, '--cache', path.join(folder, 'cache')];
  return [bundle, 'identify', ...files, ...ours, '--json', '--engine', 'native'];
}

function seen(it: WatchedProcess): boolean {
  return it.attempts() > 0;
}

test('however long the native engine lives, it writes nothing and reaches for nothing', async (t) => {
  const args = identifyArgs(t, [mediaFile('franck_02159.jpg')]);
  const pairs = await Promise.all(
    WATCHES.map(async (watch) => ({
      watch,
      bare: await startWatched(t, ['-e', BARE], { watch, hold: true }),
      ours: await startWatched(t, args, { watch, hold: true }),
    })),
  );
  await until(
    () => pairs.some((it) => seen(it.bare)),
    'a watch sees the telemetry of a process where it is not turned off',
    FIRST_SENT_SECONDS,
  );
  // The other watch, and a process of ours that came up later on a busy machine.
  await becomesSo(() => pairs.every((it) => seen(it.bare)), 3);
  await sleep(3000);
  for (const { watch, bare, ours } of pairs) {
    if (!seen(bare)) t.diagnostic(`the watch "${watch}" sees nothing on this machine`);
    assert.match(bare.files().join(), /onnxruntime\.db/);
    const { code, stdout, stderr } = await ours.ended();
    assert.equal(code, 0, stderr);
    assert.match(stdout, /"Franck"/);
    assert.deepEqual(
      { watch, attempts: ours.attempts(), files: ours.files() },
      { watch, attempts: 0, files: [] },
    );
    await bare.ended();
  }
});

test('a scan that Stash starts leaves nothing in the home, cache and temporary folders', async (t) => {
  const configDir = path.join(tempFolder(t), 'config');
  const double = await startStashDouble({ configDir, ffmpegPath: npmFfmpeg, ffprobePath: npmFfprobe });
  t.after(() => double.close());
  double.config.plugins['stash-sense'] = { scanImages: true };
  double.library.addPerformer({ name: 'Franck', image: readFileSync(mediaFile('franck_02045.jpg')) });
  addImageFile(double.library, mediaFile('franck_02159.jpg'), { title: 'Franck' });
  const { hostname, port } = new URL(double.url);
  const scan = await startWatched(t, [bundle, '--stash'], {
    watch: 'proxy',
    env: { STASH_SENSE_ENGINE: 'native' },
    input: JSON.stringify({
      server_connection: { Scheme: 'http', Host: hostname, Port: Number(port), Dir: configDir },
      args: { mode: 'scan' },
    }),
  });
  const { stdout, stderr } = await scan.ended();
  assert.match(stdout, /"output":"All of 1 looked at; 1 suggestion waits/, stderr);
  assert.deepEqual({ attempts: scan.attempts(), files: scan.files() }, { attempts: 0, files: [] });
});

for (const what of [
  { kind: 'module', name: 'onnxruntime-node' },
  {
    kind: 'engine',
    engine: 'native',
    provider: 'cpu',
    weightFolders: [weightFolder],
    wasmFolder,
    threads: 1,
  },
] satisfies TrialRequest['what'][])
  test(`"Set up" tries the ${what.kind} without a trace`, async (t) => {
    const request: TrialRequest = { parent: process.pid, limitMs: 60_000, runtimeFolders: [], what };
    const trial = await startWatched(t, [bundle, '--try-native', JSON.stringify(request)], {
      watch: 'proxy',
      ipc: true,
    });
    const answer = await new Promise((resolve) => {
      trial.child.once('message', resolve).once('exit', () => resolve(null));
    });
    assert.match(JSON.stringify(answer), /"works"|"framesPerSecond":\d/);
    const { code, stderr } = await trial.ended();
    assert.deepEqual({ code, files: trial.files(), stderr }, { code: 0, files: [], stderr: '' });
  });

test('a command line of a hundred thousand characters, as of many files, ends as a short one does', async (t) => {
  const missing = `${tempFolder(t)}${'/.'.repeat(1800)}/missing.jpg`;
  const files = [mediaFile('franck_02159.jpg'), ...Array.from({ length: 27 }, () => missing)];
  const { code, stdout, stderr } = await (
    await startWatched(t, identifyArgs(t, files), { watch: 'proxy' })
  ).ended();
  assert.equal(code, 0, stderr);
  assert.equal(stdout.trim().split('\n').length, files.length);
});
