/** The same bundle from a terminal, against a Stash that wants an API key. */
import assert from 'node:assert/strict';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { addImageFile } from '../fixtures/image-file.ts';
import { type Answered, runCommand } from './plugin-process.ts';

const API_KEY = 'a-key-of-the-test-that-nobody-else-has';
let folder: string;
let double: StashDouble;

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'stash-sense-cli-'));
  double = await startStashDouble({
    configDir: path.join(folder, 'config'),
    ffmpegPath: npmFfmpeg,
    ffprobePath: npmFfprobe,
    auth: { username: 'me', password: 'secret', apiKey: API_KEY },
  });
  double.config.plugins['stash-sense'] = { scanImages: true, autoAcceptConfidence: 90, sliceMinutes: 1 };
  double.library.addPerformer({ name: 'Franck', image: readFileSync(mediaFile('franck_02045.jpg')) });
  const file = path.join(folder, 'franck.jpg');
  cpSync(mediaFile('franck_02159.jpg'), file);
  addImageFile(double.library, file, { title: 'Franck' });
});

after(async () => {
  await double.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a whole library from a terminal: scanned to the end, seen, undone', async () => {
  const scan = await run('scan', '--stash-url', double.url);
  assert.deepEqual(
    { code: scan.code, stdout: scan.stdout },
    { code: 0, stdout: 'All of 1 looked at; 0 suggestions wait.\n' },
  );
  assert.deepEqual(double.library.images.all()[0]?.performerIds, ['1']);
  // No turns: nothing was put into Stash's queue.
  assert.deepEqual(double.jobs(), []);

  const status = await run('status', '--stash-url', double.url);
  assert.match(status.stdout, /people: 1 of 1 can be recognised\nscan: 1 done/);
  assert.match(status.stdout, /\nsuggestions: 0 to decide\n/);
  const json = JSON.parse((await run('status', '--stash-url', double.url, '--json')).stdout) as {
    runs: { state: string; message: { id: string; text: string } }[];
    checks: { id: string; message: { text: string } }[];
  };
  const [newest] = json.runs;
  assert.deepEqual(
    [newest?.state, newest?.message.id, newest?.message.text],
    ['finished', 'scan.finished', 'All of 1 looked at; 0 suggestions wait.'],
  );
  for (const { id, message } of json.checks) assert.match(message.text, /^\w.*\.$/, id);

  const undo = await run('undo', '--stash-url', double.url, '--batch', 'run-1');
  assert.deepEqual({ code: undo.code, stdout: undo.stdout }, { code: 0, stdout: '1 undone\n' });
  assert.deepEqual(double.library.images.all()[0]?.performerIds, []);
  const twice = await run('undo', '--stash-url', double.url, '9');
  assert.equal(twice.code, 1);
  assert.match(twice.stdout, /The journal has no entry 9/);
});

test('what was kept is cleared from a terminal, and said', async () => {
  const { code, stdout } = await run('clear', '--yes', '--stash-url', double.url, 'all');
  assert.equal(code, 0);
  assert.match(
    stdout,
    /^Erased: 1 look at a file \([\d.]+ MB\), .*To uninstall, .* delete .*stash-sense\.\n$/,
  );
  assert.match(
    (await run('status', '--stash-url', double.url)).stdout,
    /people: 0 of 0 can be recognised\nscan: 0 done/,
  );
});

test('--data keeps what is learnt in another folder', async () => {
  const data = path.join(folder, 'other data');
  assert.equal((await run('people', '--stash-url', double.url, '--data', data)).code, 0);
  assert.ok(existsSync(path.join(data, 'stash-sense.sqlite')));
});

test('the key is in no output, and without it the reason is said', async () => {
  for (const args of [['status'], ['set-up', '--verbose'], ['stop']]) {
    const { stdout, stderr } = await run(...args, '--stash-url', double.url);
    assert.ok(!`${stdout}${stderr}`.includes(API_KEY));
  }
  const without = await runWith({ STASH_API_KEY: '' }, 'status', '--stash-url', double.url);
  assert.equal(without.code, 1);
  assert.match(without.stderr, /401/);
});

for (const [args, sentence] of [
  [['dance'], /no command "dance"/],
  [['scan'], /needs --stash-url/],
  [['scan', '--stash-url', 'nowhere'], /"nowhere" is no address/],
  [['scan', '--stash-url', 'localhost:9999'], /must begin with http/],
  [['scan', '--stash-url', 'http://127.0.0.1:9', '--scene', '5'], /"scan" does not know --scene/],
  [['identify', '--stash-url', 'http://127.0.0.1:9', '--scene', 'five'], /number of a scene, not five/],
  [['stop', '--stash-url', 'http://127.0.0.1:9', 'dancing'], /"stop" does not know dancing/],
  [['scan', '--stash-url', 'http://127.0.0.1:9', 'extra'], /does not take extra/],
  [['undo', '--stash-url', 'http://127.0.0.1:9'], /needs an entry/],
  [['scan', '--no-such-option'], /^"scan" does not know --no-such-option\.$/m],
  [['scan', '-x'], /^"scan" does not know -x\.$/m],
  [['scan', '--stash-url'], /^--stash-url needs a value after it\.$/m],
  [['scan', '--force=yes'], /^--force takes no value\.$/m],
  [['identify', 'a.mp4', '--peeple', 'x'], /^"identify" does not know --peeple\.$/m],
  [['identify', 'a.mp4', '--people'], /^--people needs a value after it\.$/m],
  [
    ['scan', '--stash-url', 'http://127.0.0.1:9', '--yes'],
    /"scan" does not know --yes, which is for "clear"/,
  ],
  [['clear', '--stash-url', 'http://127.0.0.1:9', 'faces'], /asks first, which it cannot do here: add --yes/],
  [['clear', '--stash-url', 'http://127.0.0.1:9'], /needs to be told what: faces, people/],
  [['clear', '--stash-url', 'http://127.0.0.1:9', 'faces', 'cache'], /does not know cache/],
] as [string[], RegExp][])
  test(`"${args.join(' ')}" is bad usage, and says so`, async () => {
    const { code, stderr, stdout } = await run(...args);
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' });
    assert.match(stderr, sentence);
  });

test('a scene that Stash does not have is told, and nothing could be done', async () => {
  const { code, stderr } = await run('identify', '--stash-url', double.url, '--scene', '999');
  assert.equal(code, 1);
  assert.match(stderr, /Stash has no scene 999/);
});

test('--help and --version answer without a Stash', async () => {
  assert.match((await run('--help')).stdout, /stash-sense scan/);
  assert.match((await run('--version')).stdout, /^\d+\.\d+\.\d+\n$/);
  assert.equal((await run()).code, 2);
});

async function run(...args: string[]): Promise<Answered> {
  return await runWith({ STASH_API_KEY: API_KEY }, ...args);
}

async function runWith(env: Readonly<Record<string, string>>, ...args: string[]): Promise<Answered> {
  // What other tests keep for "identify" is not erased here.
  return await runCommand(args, { env: { XDG_CACHE_HOME: path.join(folder, 'cache'), ...env } });
}
