import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { plain } from '../../core/messages/message.ts';
import { openStore } from '../store/store.ts';
import { prepareDataFolder, whyNoDataFolder } from './data-place.ts';

const skip = process.platform === 'win32' && 'Windows has no modes, and links only for administrators';

function newRoot(t: TestContext): string {
  const root = mkdtempSync(path.join(tmpdir(), 'stash sense place-'));
  t.after(() => rmSync(root, { recursive: true, force: true }));
  return root;
}

const modeOf = (place: string): string => (statSync(place).mode & 0o777).toString(8);
const saying =
  (words: RegExp) =>
  (error: unknown): boolean => {
    assert.ok(error instanceof StashSenseError, String(error));
    assert.equal(error.code, 'store-unusable');
    assert.match(error.message, words);
    assert.match(error.message, /^[^\n]+\.$/);
    return true;
  };

for (const [platform, folder, words] of [
  ['linux', 'mydata', /whole path/],
  ['linux', '~/data', /whole path/],
  ['linux', './data', /whole path/],
  ['linux', 'C:\\data', /whole path/],
  ['linux', '/data\0', /control character/],
  ['linux', '/data\nx', /control character/],
  ['linux', `/${'x'.repeat(1000)}`, /longer/],
  ['linux', '/', /of the system/],
  ['linux', '//', /of the system/],
  ['linux', '/data/..', /of the system/],
  ['linux', '/proc', /of the system/],
  ['linux', '/proc/stash-sense', /of the system/],
  ['linux', '/etc/', /of the system/],
  ['linux', '/data/../etc/x', /of the system/],
  ['linux', '/usr/share/stash-sense', /of the system/],
  ['linux', '/var', /of the system/],
  ['darwin', '/System/x', /of the system/],
  ['win32', 'data', /whole path/],
  ['win32', 'C:\\', /of the system/],
  ['win32', 'c:\\WINDOWS', /of the system/],
  ['win32', 'C:/Windows/x', /of the system/],
  ['win32', 'C:\\Program Files\\x', /of the system/],
  ['win32', 'C:\\Users', /of the system/],
] as const)
  test(`${platform}: the data may not lie in ${JSON.stringify(folder.slice(0, 40))}`, () => {
    assert.match(inEnglish(whyNoDataFolder(folder, platform) ?? plain('')), words);
  });

for (const [platform, folder] of [
  ['linux', '/data'],
  ['linux', '/home/me/.stash/stash-sense'],
  ['linux', '/root/.stash/stash-sense'],
  ['linux', '/etcetera'],
  ['linux', '/var/lib/stash'],
  ['linux', '/tmp/x'],
  ['linux', '/run/media/me/disk'],
  ['linux', '/usr/local/stash'],
  ['darwin', '/Volumes/Disk/stash sense'],
  ['win32', 'D:\\stash-sense'],
  ['win32', 'C:\\Users\\me\\stash'],
  ['win32', '\\\\nas\\share\\stash-sense'],
] as const)
  test(`${platform}: the data may lie in ${folder}`, () => {
    assert.equal(whyNoDataFolder(folder, platform), null);
  });

test('a folder that cannot be one is one sentence within a second, and no process spins', { skip }, (t) => {
  const root = newRoot(t);
  const file = path.join(root, 'a file');
  writeFileSync(file, 'mine');
  symlinkSync(path.join(root, 'nowhere'), path.join(root, 'dangling'));
  symlinkSync('/proc', path.join(root, 'proc'));
  for (const folder of [
    '/',
    '/proc',
    '/proc/stash-sense',
    '/proc/stash-sense/deeper',
    '/proc/self/fd/stash-sense',
    '/sys/stash-sense',
    '/dev/null',
    '/dev/null/x',
    path.join(root, 'proc'),
    path.join(root, 'proc/stash-sense'),
    path.join(root, 'dangling'),
    path.join(root, 'dangling/x'),
    file,
    path.join(file, 'deeper'),
    path.join(root, 'x'.repeat(300)),
  ]) {
    // In another process: what does not come back cannot be timed from within.
    const { status, stdout, signal } = spawnSync(
      process.execPath,
      ['--input-type=module', '--no-warnings', '-e', SAY, folder],
      { encoding: 'utf8', timeout: 20_000, cwd: import.meta.dirname },
    );
    assert.deepEqual([status, signal], [0, null], folder);
    const { message, ms } = JSON.parse(stdout) as { message: string; ms: number };
    assert.match(message, /^store-unusable: The data folder [^\n]+ cannot be used: [^\n]+\.$/, folder);
    assert.ok(ms < 10_000, `${folder}: ${ms} ms`);
  }
});

const SAY = `
const { prepareDataFolder } = await import('${path.join(import.meta.dirname, 'data-place.ts')}');
const began = performance.now();
let message = 'it was taken';
try { prepareDataFolder(process.argv[1]); } catch (error) { message = error.code + ': ' + error.message; }
console.log(JSON.stringify({ message, ms: performance.now() - began }));
`;

test('the data folder is 0700 whatever the umask, and those made above it too', { skip }, (t) => {
  for (const umask of [0o000, 0o077, 0o277]) {
    const root = newRoot(t);
    const before = process.umask(umask);
    try {
      prepareDataFolder(path.join(root, 'above/data'));
    } finally {
      process.umask(before);
    }
    assert.deepEqual(
      ['above', 'above/data'].map((it) => modeOf(path.join(root, it))),
      ['700', '700'],
    );
  }
});

test('a folder of ours that stands open is closed, with the files of the store', { skip }, async (t) => {
  const folder = path.join(newRoot(t), 'data');
  await (await openStore({ folder })).close();
  mkdirSync(path.join(folder, 'runtime'));
  writeFileSync(path.join(folder, 'last-error.json'), '{}');
  const files = ['stash-sense.sqlite', 'crops.sqlite', 'stash-sense.sqlite.v1.backup'];
  writeFileSync(path.join(folder, 'stash-sense.sqlite.v1.backup'), '');
  for (const it of files) chmodSync(path.join(folder, it), 0o666);
  chmodSync(folder, 0o777);
  await (await openStore({ folder })).close();
  assert.deepEqual([folder, ...files.map((it) => path.join(folder, it))].map(modeOf), [
    '700',
    '600',
    '600',
    '600',
  ]);
});

test('a folder that stands open and holds things of others is refused and stays as it is', { skip }, (t) => {
  const folder = newRoot(t);
  writeFileSync(path.join(folder, 'holiday.jpg'), 'mine');
  chmodSync(folder, 0o755);
  assert.throws(() => prepareDataFolder(folder), saying(/\(mode 755\).*\(holiday\.jpg\); choose a folder/));
  assert.equal(modeOf(folder), '755');
  assert.deepEqual(readdirSync(folder), ['holiday.jpg']);
  chmodSync(folder, 0o700);
  prepareDataFolder(folder);
});

test(
  'a folder of another user that stands open is refused',
  {
    skip: skip || (process.getuid?.() !== 0 && 'only root can make one'),
  },
  (t) => {
    const root = newRoot(t);
    chmodSync(root, 0o755);
    const folder = path.join(root, 'theirs');
    mkdirSync(folder);
    chmodSync(folder, 0o777);
    chownSync(folder, 4242, 4242);
    process.seteuid?.(65_534);
    try {
      assert.throws(() => prepareDataFolder(folder), saying(/belongs to another user .*4242.*\(mode 777\)/));
    } finally {
      process.seteuid?.(0);
    }
    assert.deepEqual([modeOf(folder), readdirSync(folder)], ['777', []]);
  },
);

test(
  'a file of the store that another user made is refused, also to root; one of the owner of the folder is not',
  { skip: skip || (process.getuid?.() !== 0 && 'only root can make one') },
  (t) => {
    const root = newRoot(t);
    chmodSync(root, 0o755);
    const folder = path.join(root, 'data');
    mkdirSync(folder, { mode: 0o700 });
    const file = path.join(folder, 'stash-sense.sqlite');
    writeFileSync(file, '');
    chmodSync(file, 0o666);
    for (const [user, owner, maker, refused] of [
      [1234, 1234, 4242, true],
      [0, 0, 4242, true],
      [0, 1234, 4242, true],
      [0, 1234, 1234, false],
      [1234, 1234, 1234, false],
    ] as const) {
      chownSync(folder, owner, owner);
      chownSync(file, maker, maker);
      process.seteuid?.(user);
      try {
        if (refused)
          assert.throws(
            () => prepareDataFolder(folder),
            saying(/stash-sense\.sqlite belongs to another user .*4242/),
          );
        else prepareDataFolder(folder);
      } finally {
        process.seteuid?.(0);
      }
    }
  },
);

test(
  'a file of the store that is a link, or no file, is refused, and nothing is written through it',
  { skip },
  async (t) => {
    for (const name of [
      'stash-sense.sqlite',
      'stash-sense.sqlite-wal',
      'stash-sense.sqlite-shm',
      'stash-sense.sqlite-journal',
      'stash-sense.sqlite.part',
      'stash-sense.sqlite.v1.backup',
      'crops.sqlite',
      'crops.sqlite-wal',
      'crops.sqlite-shm',
      'crops.sqlite.part',
      'crops.sqlite.damaged',
    ]) {
      const root = newRoot(t);
      const folder = path.join(root, 'data');
      const target = path.join(root, 'target');
      mkdirSync(folder, { mode: 0o700 });
      symlinkSync(target, path.join(folder, name));
      await assert.rejects(openStore({ folder }), saying(new RegExp(`${name} is a link`)), name);
      assert.equal(existsSync(target), false, name);
      rmSync(path.join(folder, name));
      spawnSync('mkfifo', [path.join(folder, name)]);
      await assert.rejects(openStore({ folder }), saying(new RegExp(`${name} is not a file`)), name);
    }
  },
);

test('the data folder itself may be a link', { skip }, async (t) => {
  const root = newRoot(t);
  mkdirSync(path.join(root, 'disk'), { mode: 0o755 });
  symlinkSync(path.join(root, 'disk'), path.join(root, 'data'));
  await (await openStore({ folder: path.join(root, 'data') })).close();
  assert.equal(modeOf(path.join(root, 'disk')), '700');
});
