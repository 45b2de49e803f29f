/**
What the command line does with paths, names and programs that come from elsewhere, as a process of its own: folders of the
user's, names with control characters, a Stash that names programs to start.
*/
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { startStashDouble, type StashDouble } from '../double/stash-double.ts';
import { makeSmallLibrary, mediaFile, npmFfmpeg, npmFfprobe } from '../fixtures/footage.ts';
import { type Answered, runCommand } from './plugin-process.ts';

const API_KEY = 'a-key-that-no-child-may-see';
let root: string;
let double: StashDouble;
/** Poses as ffmpeg or ffprobe, writes down its environment and is the real one then. */
let spies: string;
/** Programs that this Stash names; they write a file when they are started. */
let theirs: string;

before(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'stash sense trust-'));
  spies = putPrograms('spies', (name, real) => `env >>'${root}/${name}.seen'\nexec '${real}' "$@"`);
  theirs = putPrograms('theirs', (name, real) => `touch '${root}/${name}.started'\nexec '${real}' "$@"`);
  double = await startStashDouble({
    configDir: path.join(root, 'config'),
    ffmpegPath: path.join(theirs, 'ffmpeg'),
    ffprobePath: path.join(theirs, 'ffprobe'),
    auth: { username: 'me', password: 'secret', apiKey: API_KEY },
  });
  double.library.addPerformer({ name: 'Franck', image: readFileSync(mediaFile('franck_02045.jpg')) });
  const { folder } = await makeSmallLibrary(path.join(root, 'library'));
  const file = path.join(folder, 'videos/franck-talks.mp4');
  const { id } = double.library.addFile({
    kind: 'video',
    path: file,
    size: statSync(file).size,
    duration: 16,
    width: 320,
    height: 240,
    fingerprints: [{ type: 'oshash', value: '0123456789abcdef' }],
  });
  double.library.addScene({ title: 'Talks', fileIds: [id] });
});

after(async () => {
  await double.close();
  rmSync(root, { recursive: true, force: true });
});

function putPrograms(name: string, script: (program: string, real: string) => string): string {
  const folder = path.join(root, name);
  mkdirSync(folder);
  for (const [program, real] of [
    ['ffmpeg', npmFfmpeg],
    ['ffprobe', npmFfprobe],
  ] as const) {
    writeFileSync(path.join(folder, program), `#!/bin/sh\n${script(program, real)}\n`);
    chmodSync(path.join(folder, program), 0o755);
  }
  return folder;
}

test('a scan starts the ffmpeg of the user and not the one that Stash names, and none sees the key', async () => {
  const byPath = await run(['scan', '--stash-url', double.url], { PATH: `${spies}:${process.env['PATH']}` });
  assert.equal(byPath.code, 0, byPath.stderr);
  assert.match(byPath.stdout, /^All of 1 looked at; 1 suggestion waits\.\n$/);
  for (const name of ['ffmpeg', 'ffprobe']) {
    assert.ok(!existsSync(path.join(root, `${name}.started`)), `${name} that Stash names was started`);
    const seen = readFileSync(path.join(root, `${name}.seen`), 'utf8');
    assert.ok(seen.includes('ORT_DISABLE_TELEMETRY=1'));
    assert.ok(!seen.includes(API_KEY), `${name} saw the key`);
    rmSync(path.join(root, `${name}.seen`));
  }
  // Named by the user, with nothing on PATH.
  const named = await run(
    ['status', '--stash-url', double.url, '--ffmpeg', path.relative(root, path.join(spies, 'ffmpeg'))],
    { PATH: '/nonexistent' },
  );
  assert.ok(named.stdout.includes(`ok      ffmpeg: ffmpeg is ${path.join(spies, 'ffmpeg')}.`), named.stdout);
});

/** Where `--data` leads, from the folder of the terminal on. */
for (const [value, wanted] of [
  ['mydata', 'mydata'],
  ['./my data', 'my data'],
  ['new/and/deep', 'new/and/deep'],
  ['../beside', '../beside'],
  ['ABSOLUTE/with blanks', '../absolute/with blanks'],
  ['~/of home', '../home/of home'],
] as const)
  test(`--data ${value} keeps the data there and nowhere else`, async () => {
    rmSync(at(), { recursive: true, force: true });
    const data = value.replace('ABSOLUTE', path.join(root, 'absolute'));
    const { code, stderr } = await run([`status`, '--stash-url', double.url, `--data=${data}`], {}, at());
    assert.deepEqual([code, stderr], [0, '']);
    const folder = path.resolve(at(), wanted);
    assert.deepEqual(readdirSync(folder).toSorted(), ['crops.sqlite', 'stash-sense.sqlite']);
    assert.deepEqual(
      readdirSync(at()),
      path.relative(at(), folder).startsWith('..') ? [] : [wanted.split('/')[0]],
    );
    rmSync(folder, { recursive: true });
  });

for (const [args, sentence] of [
  [['--data', ''], /^--data needs a path, and got nothing/],
  [['--data', '  '], /^--data needs a path, and got nothing/],
  [['--ffmpeg', 'gone'], /^--ffmpeg must be a program, and .*at\/gone is not there/],
  [['--ffmpeg', '.'], /^--ffmpeg must be a program, and .* is none that may be started/],
] as const)
  test(`${args.join(' ')} is bad usage, and says so`, async () => {
    const { code, stdout, stderr } = await run(['status', '--stash-url', double.url, ...args], {}, at());
    assert.deepEqual([code, stdout], [2, '']);
    assert.match(stderr, sentence);
  });

test('--data that is a file is one sentence', async () => {
  writeFileSync(path.join(at(), 'a file'), 'mine');
  const { code, stderr } = await run(['status', '--stash-url', double.url, '--data', 'a file'], {}, at());
  assert.equal(code, 1);
  assert.match(stderr, /^error: The data folder .*a file cannot be used: [^\n]+\.\n$/);
});

test('identify: paths with blanks, a pipe, a device, a folder, nothing, and names that would move the cursor', async () => {
  const people = path.join(at(), 'my people');
  const odd = 'Fr\u001b]0;title\u0007anck \u202egnihton\u009b31m\nerror: none';
  mkdirSync(path.join(people, odd), { recursive: true });
  cpSync(mediaFile('franck_02045.jpg'), path.join(people, odd, 'a.jpg'));
  assert.equal(spawnSync('mkfifo', [path.join(people, odd, 'pipe'), path.join(at(), 'pipe')]).status, 0);
  const picture = 'p\u001b[2J\nic.jpg';
  cpSync(mediaFile('franck_02159.jpg'), path.join(at(), picture));
  const files = [picture, './pipe', '/dev/zero', '.', 'gone.mp4', ''];
  const args = ['identify', ...files, '--people', 'my people'];

  const table = await run(args, {}, at());
  assert.equal(table.code, 0);
  for (const text of [table.stdout, table.stderr])
    // oxlint-disable-next-line no-control-regex -- they are what is looked for
    assert.doesNotMatch(text, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  assert.match(
    table.stdout,
    /^p\\u001b\[2J\\nic\.jpg {2}\([\d.]+ s\)\n {2}Fr\\u001b\]0;title\\u0007anck \\u202egnihton\\u009b31m\\nerror: none +\d+ %/,
  );
  for (const kind of ['a named pipe', 'a device', 'a folder'])
    assert.ok(table.stdout.includes(`cannot be read: it is ${kind} and no file.`), table.stdout);
  assert.match(table.stderr, /pipe is not used: [^\n]*it is a named pipe and no file\.\n/);

  const json = await run([...args, '--json'], {}, at());
  const lines = json.stdout.trimEnd().split('\n');
  assert.equal(lines.length, files.length);
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  assert.doesNotMatch(json.stdout, /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  const [first] = lines.map((it) => JSON.parse(it) as { file: string; persons: { name: string }[] });
  assert.deepEqual([first?.file, first?.persons[0]?.name], [picture, odd]);
});

for (const [value, sentence] of [
  ['gone', /--people must be a folder of pictures; .*at\/gone is none/],
  ['', /--people needs a path, and got nothing/],
] as const)
  test(`identify --people "${value}" is bad usage, and says so`, async () => {
    const { code, stderr } = await run(['identify', 'x.jpg', '--people', value], {}, at());
    assert.equal(code, 2);
    assert.match(stderr, sentence);
  });

function at(): string {
  const folder = path.join(root, 'at');
  mkdirSync(folder, { recursive: true });
  return folder;
}

async function run(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
  cwd = root,
): Promise<Answered> {
  return await runCommand(args, {
    cwd,
    env: { HOME: path.join(root, 'home'), STASH_API_KEY: API_KEY, ...env },
    timeoutMs: 120_000,
  });
}
