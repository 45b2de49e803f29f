import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { strToU8, zipSync } from 'fflate';
import { StashSenseError } from '../../core/errors.ts';
import { gzip, type TarFile, writeTar, writeTarGz } from '../../tools/packaging/channel-tar.ts';
import { INSTALL_RECEIPT, openInventory } from '../system/files/inventory.ts';
import { isUnharmed, isUnpacked } from './install-receipt.ts';
import { unpackArtifact, type UnpackOptions } from './unpack.ts';

const SHA = 'ab'.repeat(32);

async function temporaryFolder(t: TestContext): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'stash sense unpack-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

async function unpack(
  folder: string,
  name: string,
  bytes: Uint8Array,
  options: Partial<UnpackOptions> & { unpackedSize?: number } = {},
): Promise<string> {
  const archive = path.join(folder, name);
  writeFileSync(archive, bytes);
  const into = path.join(folder, 'runtime', 'it');
  await unpackArtifact(
    archive,
    { id: 'it', name, sha256: SHA, unpackedSize: options.unpackedSize ?? 1_000_000 },
    { into, inventory: openInventory(folder), ...options },
  );
  return into;
}

const tar = (files: readonly (Partial<TarFile> & { name: string })[]): Promise<Uint8Array> =>
  writeTarGz(files.map((it) => ({ bytes: Buffer.from(it.type === undefined ? it.name : ''), ...it })));
const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

const LONG = `node_modules/${'a-long-folder/'.repeat(12)}file.js`;

for (const [name, bytes] of [
  [
    'it.tar.gz',
    await tar([{ name: 'node_modules/x/bin', executable: true }, { name: LONG }, { name: './plain' }]),
  ],
  [
    'it.zip',
    zipSync({
      'node_modules/x/bin': [strToU8('node_modules/x/bin'), { os: 3, attrs: 0o100755 << 16 }],
      [LONG]: strToU8(LONG),
      './plain': [strToU8('./plain'), { level: 0 }],
    }),
  ],
] as const)
  test(`${name}: all of it is there, with its execute bits and the receipt of being whole`, async (t) => {
    const folder = await temporaryFolder(t);
    const into = await unpack(folder, name, bytes);
    assert.equal(readFileSync(path.join(into, LONG), 'utf8'), LONG);
    assert.equal(readFileSync(path.join(into, 'plain'), 'utf8'), './plain');
    if (process.platform !== 'win32') {
      assert.equal(statSync(path.join(into, 'node_modules/x/bin')).mode & 0o777, 0o700);
      assert.equal(statSync(path.join(into, 'plain')).mode & 0o777, 0o600);
    }
    assert.equal(await isUnpacked(into, { sha256: SHA }), true);
    assert.equal(await isUnharmed(into), true);
    assert.equal(await isUnpacked(into, { sha256: 'cd'.repeat(32) }), false);
    assert.deepEqual(readdirSync(path.dirname(into)), ['it']);
  });

test('what tar itself packs is read: long names, folders, its own way of writing', async (t) => {
  const folder = await temporaryFolder(t);
  for (const format of ['gnu', 'pax', 'ustar', 'v7']) {
    const from = path.join(folder, format);
    const name = format === 'v7' ? 'short/name' : `${'long/'.repeat(30)}${'n'.repeat(90)}`;
    mkdirSync(path.join(from, path.dirname(name)), { recursive: true });
    writeFileSync(path.join(from, name), 'x'.repeat(70_000));
    execFileSync('tar', [`--format=${format}`, '-czf', path.join(folder, `${format}.tgz`), '-C', from, '.']);
    const into = await unpack(folder, 'it.tgz', readFileSync(path.join(folder, `${format}.tgz`)));
    assert.equal(readFileSync(path.join(into, name), 'utf8').length, 70_000);
  }
});

test('what lay there before is replaced as a whole', async (t) => {
  const folder = await temporaryFolder(t);
  await unpack(folder, 'it.tar.gz', await tar([{ name: 'old' }]));
  const into = await unpack(folder, 'it.tar.gz', await tar([{ name: 'new' }]));
  assert.deepEqual(readdirSync(into).toSorted(), [INSTALL_RECEIPT, 'new']);
  assert.deepEqual(readdirSync(path.dirname(into)), ['it']);
});

test('only what is wanted is taken, to where it is wanted; the rest may be anything', async (t) => {
  const folder = await temporaryFolder(t);
  const bytes = await tar([
    { name: 'a/lib/one.so' },
    { name: 'a/lib/two.so' },
    { name: 'a/npm', type: 'symlink', link: '/etc' },
  ]);
  const into = await unpack(folder, 'it.tar.gz', bytes, {
    place: (name) => (name.endsWith('one.so') ? 'deep/one.so' : null),
    prepare: async (temporary) => writeFileSync(path.join(temporary, 'before'), ''),
  });
  assert.deepEqual(readdirSync(into, { recursive: true, encoding: 'utf8' }).toSorted(), [
    INSTALL_RECEIPT,
    'before',
    'deep',
    'deep/one.so',
  ]);
});

for (const name of [
  '../outside',
  'a/../../outside',
  '/outside',
  '\\outside',
  '..\\outside',
  'C:/outside',
  'C:outside',
  'a//b',
  'a/nul',
  'COM1.txt',
  'ends.with.dot.',
  'stream.txt:hidden',
  'line\nbreak',
])
  for (const kind of ['it.tar.gz', 'it.zip'])
    test(`${kind}: ${JSON.stringify(name)} is refused, and nothing is left`, async (t) => {
      const folder = await temporaryFolder(t);
      const bytes =
        kind === 'it.zip' ? zip({ fine: '1', [name]: '2' }) : await tar([{ name: 'fine' }, { name }]);
      await refused(unpack(folder, kind, bytes), /outside its folder or has an impossible name/, folder);
    });

for (const [name, type] of [
  ['a symbolic link', 'symlink'],
  ['a hard link', 'link'],
  ['a device', 'character-device'],
  ['a pipe', 'fifo'],
] as const)
  test(`${name} in a tar is refused`, async (t) => {
    const folder = await temporaryFolder(t);
    const bytes = await tar([{ name: 'link', type, link: '/etc/passwd' }, { name: 'link/x' }]);
    await refused(unpack(folder, 'it.tar.gz', bytes), /holds a link/, folder);
  });

test('a link in a zip is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const bytes = zipSync({ link: [strToU8('/etc/passwd'), { os: 3, attrs: 0o120777 << 16 }] });
  await refused(unpack(folder, 'it.zip', bytes), /holds a link/, folder);
});

for (const [kind, bytes] of [
  ['it.tar.gz', await tar([{ name: 'bomb', bytes: Buffer.alloc(5_000_000) }])],
  ['it.zip', zip({ bomb: '\0'.repeat(5_000_000) })],
] as const)
  test(`${kind}: more than was announced is not unpacked`, async (t) => {
    const folder = await temporaryFolder(t);
    await refused(unpack(folder, kind, bytes), /more than the 1000000 bytes announced/, folder);
  });

test('a zip that lies about a size is refused', async (t) => {
  const folder = await temporaryFolder(t);
  const bytes = Buffer.from(zip({ bomb: '\0'.repeat(5_000_000) }));
  const directory = bytes.indexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
  bytes.writeUInt32LE(1000, directory + 24);
  await refused(unpack(folder, 'it.zip', bytes), /larger than it says/, folder);
});

test('too many files are refused', async (t) => {
  const folder = await temporaryFolder(t);
  const folders = Array.from({ length: 20_001 }, () => ({
    name: 'a/',
    bytes: Buffer.alloc(0),
    type: 'directory' as const,
  }));
  const bytes = gzip(await writeTar(folders));
  await refused(unpack(folder, 'it.tar.gz', bytes), /more than 20000 files/, folder);
});

test('a name that comes twice is refused', async (t) => {
  const folder = await temporaryFolder(t);
  await refused(
    unpack(folder, 'it.tar.gz', await tar([{ name: 'x' }, { name: './x' }])),
    /"x" twice|"\.\/x" twice/,
    folder,
  );
});

const whole = Buffer.from(
  await tar([{ name: 'a', bytes: Buffer.from(Array.from({ length: 9000 }, (_, i) => (i * i) & 255)) }]),
);
const wholeZip = Buffer.from(zip({ a: Array.from({ length: 900 }, (_, i) => String(i * i)).join() }));
for (const [name, kind, bytes] of [
  ['a tar that is cut', 'it.tar.gz', whole.subarray(0, -300)],
  [
    'a tar whose inside is cut',
    'it.tar.gz',
    gzip((await writeTar([{ name: 'a', bytes: Buffer.alloc(5000) }])).subarray(0, 3000)),
  ],
  ['a page that calls itself a tar', 'it.tar.gz', Buffer.from('<html>')],
  ['noise packed as a tar', 'it.tar.gz', gzip(Buffer.from('x'.repeat(2000)))],
  ['an empty tar', 'it.tar.gz', Buffer.alloc(0)],
  ['a zip that is cut', 'it.zip', wholeZip.subarray(0, -40)],
  ['an empty zip', 'it.zip', Buffer.alloc(0)],
  ['a zip with a changed content', 'it.zip', flipped(wholeZip, 60)],
] as const)
  test(`${name} is refused`, async (t) => {
    const folder = await temporaryFolder(t);
    await refused(unpack(folder, kind, bytes), /was not unpacked: it (is damaged|ends too early)/, folder);
  });

test('an archive of another kind is refused', async (t) => {
  const folder = await temporaryFolder(t);
  await refused(unpack(folder, 'it.tar.xz', Buffer.alloc(10)), /no archive this plugin can open/, folder);
});

test('a stop leaves nothing half-done', async (t) => {
  const folder = await temporaryFolder(t);
  const stop = new AbortController();
  stop.abort();
  await assert.rejects(
    unpack(folder, 'it.tar.gz', await tar([{ name: 'x' }]), { signal: stop.signal }),
    (error: unknown) => error instanceof StashSenseError && error.code === 'stopped',
  );
  assert.deepEqual(readdirSync(path.join(folder, 'runtime')), []);
});

async function refused(promise: Promise<string>, words: RegExp, folder: string): Promise<void> {
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof StashSenseError, String(error));
    assert.match(error.message, words);
    assert.match(error.message, /^[^\n]+\.$/);
    return true;
  });
  const runtime = path.join(folder, 'runtime');
  assert.deepEqual(existsSync(runtime) ? readdirSync(runtime) : [], []);
  assert.deepEqual(
    readdirSync(folder).filter((it) => it.includes('outside')),
    [],
  );
}

function flipped(bytes: Buffer, at: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[at]! ^= 1;
  return copy;
}
