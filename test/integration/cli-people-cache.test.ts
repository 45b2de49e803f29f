/** `identify` keeps what it learnt of people, and `clear` erases it. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { text } from 'node:stream/consumers';
import path from 'node:path';
import { before, test, type TestContext } from 'node:test';
import { PICTURE_CACHE } from '../../plugin/system/files/own-names.ts';
import { cacheFolderOfUser, liesIn } from '../../tasks/cli/people/cache.ts';
import { tempFolder } from '../fakes/context.ts';
import { photograph } from '../fixtures/models.ts';
import { bundle } from './plugin-process.ts';

const onPosix = { skip: process.platform === 'win32' && 'Windows has no modes and no XDG_CACHE_HOME' };

let him: Buffer;
before(() => {
  him = Buffer.from(photograph('franck_02221.jpg'));
});

type Places = {
  readonly people: string;
  readonly home: string;
  readonly cache: string;
  readonly file: string;
};

function places(t: TestContext): Places {
  const root = tempFolder(t);
  const people = path.join(root, 'people');
  mkdirSync(path.join(people, 'Franck'), { recursive: true });
  writeFileSync(path.join(people, 'Franck/1.jpg'), him);
  writeFileSync(path.join(people, 'Audrey.jpg'), photograph('audrey_crop.jpg'));
  const home = path.join(root, 'home');
  const cache = path.join(home, 'stash-sense');
  return { people, home, cache, file: path.join(cache, PICTURE_CACHE) };
}

type Ended = { readonly code: number; readonly stdout: string; readonly stderr: string };

async function run(home: string, ...args: string[]): Promise<Ended> {
  const child = spawn(process.execPath, [bundle, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, XDG_CACHE_HOME: home },
  });
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: Number(code), stdout, stderr };
}

/** @returns who is in the picture, and what was said */
async function identify(
  { people, home }: Places,
  ...args: string[]
): Promise<{ names: unknown[]; said: string }> {
  const file = path.join(people, 'Franck/1.jpg');
  const { code, stdout, stderr } = await run(home, 'identify', file, '--people', people, '--json', ...args);
  assert.equal(code, 0, stderr);
  const { persons } = JSON.parse(stdout) as { persons: { name: unknown }[] };
  return { names: persons.map(({ name }) => name), said: stderr };
}

function folderOn(platform: NodeJS.Platform, env: Record<string, string>): string {
  return cacheFolderOfUser(env, platform, platform === 'win32' ? 'C:\\Users\\me' : '/home/me');
}

test('the cache lies where each system keeps what may be lost', () => {
  assert.equal(folderOn('linux', {}), '/home/me/.cache/stash-sense');
  assert.equal(folderOn('linux', { XDG_CACHE_HOME: '/fast' }), '/fast/stash-sense');
  assert.equal(folderOn('linux', { XDG_CACHE_HOME: 'here' }), '/home/me/.cache/stash-sense');
  assert.equal(folderOn('linux', { XDG_CACHE_HOME: '' }), '/home/me/.cache/stash-sense');
  assert.equal(folderOn('darwin', {}), '/home/me/Library/Caches/stash-sense');
  assert.equal(folderOn('win32', {}), 'C:\\Users\\me\\AppData\\Local\\stash-sense');
  assert.equal(folderOn('win32', { LOCALAPPDATA: 'D:\\Local' }), 'D:\\Local\\stash-sense');
});

test('a folder lies in itself and in what is above it, and not in one that is called alike', (t) => {
  const folder = tempFolder(t);
  const inner = path.join(folder, 'people/..cache/x');
  for (const [outer, lies] of [
    ['people/..cache/x', true],
    ['people', true],
    ['.', true],
    ['people/..cach', false],
    ['other', false],
    ['people/..cache/x/y', false],
  ] as const)
    assert.equal(liesIn(inner, path.join(folder, outer)), lies, outer);
});

test('what is learnt is kept for this user alone, and is used until clear erases it', onPosix, async (t) => {
  const at = places(t);
  assert.deepEqual(await identify(at), { names: ['Franck'], said: '' });
  assert.deepEqual(
    [at.cache, at.file].map((place) => (statSync(place).mode & 0o777).toString(8)),
    ['700', '600'],
  );
  const kept = readFileSync(at.file);
  renameSync(path.join(at.people, 'Audrey.jpg'), path.join(at.people, 'Ms Hepburn.jpg'));
  assert.deepEqual(await identify(at), { names: ['Franck'], said: '' });
  assert.deepEqual(readFileSync(at.file), kept, 'a run that finds all pictures writes nothing');
  assert.deepEqual(readdirSync(at.people), ['Franck', 'Ms Hepburn.jpg']);

  assert.deepEqual(await run(at.home, 'clear'), {
    code: 0,
    stdout: `What was learnt of people in ${at.cache} is erased.\n`,
    stderr: '',
  });
  assert.deepEqual(readdirSync(at.cache), []);
  assert.deepEqual(await run(at.home, 'clear', 'people', '--yes'), {
    code: 0,
    stdout: `Nothing that was learnt of people is kept in ${at.cache}.\n`,
    stderr: '',
  });
  const { code, stderr } = await run(at.home, 'clear', 'faces');
  assert.equal(code, 2);
  assert.match(stderr, /^"clear" needs --stash-url/);
});

test('--cache names another folder, for identify and for clear', async (t) => {
  const at = places(t);
  const other = path.join(at.home, 'other');
  assert.deepEqual(await identify(at, '--cache', other), { names: ['Franck'], said: '' });
  assert.deepEqual(readdirSync(other), [PICTURE_CACHE]);
  assert.equal(existsSync(at.cache), false);
  assert.equal((await run(at.home, 'clear', '--cache', other)).code, 0);
  assert.deepEqual(readdirSync(other), []);
});

test('nothing is kept among the pictures of people', async (t) => {
  const at = places(t);
  const { names, said } = await identify(at, '--cache', path.join(at.people, 'Franck/cache'));
  assert.deepEqual(names, ['Franck']);
  assert.match(
    said,
    /^What is learnt of people is not kept, since the cache folder .* lies among their pictures/,
  );
  assert.deepEqual(readdirSync(path.join(at.people, 'Franck')), ['1.jpg']);
});

test('a folder that cannot be used is said in one sentence and left as it is', onPosix, async (t) => {
  const at = places(t);
  mkdirSync(at.cache, { recursive: true });
  writeFileSync(path.join(at.cache, 'mine.txt'), 'mine');
  chmodSync(at.cache, 0o755);
  const shared = await identify(at);
  assert.deepEqual(shared.names, ['Franck']);
  assert.match(
    shared.said,
    /^What was learnt of people in .*stash-sense is not used, and their pictures are looked at anew: .*mine\.txt/,
  );
  assert.deepEqual(readdirSync(at.cache), ['mine.txt']);

  chmodSync(at.cache, 0o700);
  writeFileSync(at.file, 'my notes');
  const foreign = await identify(at);
  assert.deepEqual(foreign.names, ['Franck']);
  assert.match(
    foreign.said,
    /^What was learnt .* anew: .*identify-people\.sqlite is not a file of our own\.\n$/,
  );
  const { code, stderr } = await run(at.home, 'clear');
  assert.equal(code, 1);
  assert.match(stderr, /^What was learnt of people in .* cannot be erased: .* is not a file of our own\.\n$/);
  assert.equal(readFileSync(at.file, 'utf8'), 'my notes');
});

test('two runs at once each answer, and both keep', async (t) => {
  const at = places(t);
  const runs = await Promise.all([identify(at), identify(at)]);
  for (const { names, said } of runs) assert.deepEqual({ names, said }, { names: ['Franck'], said: '' });
  assert.deepEqual(await identify(at), { names: ['Franck'], said: '' });
});
