import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { createMachineProfileFile } from '../../artifacts/machine-profile.ts';
import { readManifest } from '../../artifacts/manifest.ts';
import { isUnpacked } from '../../artifacts/install-receipt.ts';
import { findChannel } from '../../artifacts/channel.ts';
import { computeMd5, computeOshash } from '../../media/hashes.ts';
import { openRegularFile, readRegularFile, readSmallFile } from './regular-file.ts';

const folder = mkdtempSync(path.join(os.tmpdir(), 'stash-sense-regular-'));
after(() => rmSync(folder, { recursive: true }));
const place = (name: string): string => path.join(folder, name);

function makePipe(file: string): string {
  mkdirSync(path.dirname(file), { recursive: true });
  assert.equal(spawnSync('mkfifo', [file]).status, 0);
  return file;
}

writeFileSync(place('file'), 'content');
symlinkSync(place('file'), place('link'));
mkdirSync(place('folder'));
const pipe = makePipe(place('pipe'));
const socket = net.createServer().listen(place('socket'));
after(() => socket.close());

test('a file is read, a link only where links are followed', async () => {
  assert.equal(readSmallFile(place('file')), 'content');
  assert.throws(() => readSmallFile(place('link')), { code: 'ELOOP' });
  assert.equal(readSmallFile(place('link'), { links: 'follow' }), 'content');
  assert.equal(String(await readRegularFile(place('link'), 7)), 'content');
  const { handle, sizeBytes } = await openRegularFile(place('file'));
  await handle.close();
  assert.equal(sizeBytes, 7);
});

for (const [what, file, sentence] of [
  ['a named pipe', pipe, /it is a named pipe and no file/],
  ['a device', '/dev/zero', /it is a device and no file/],
  ['a folder', place('folder'), /it is a folder and no file|EISDIR/],
  ['a socket', place('socket'), /it is a socket and no file|ENXIO/],
] as const)
  test(`${what} is refused at once`, async () => {
    assert.throws(() => readSmallFile(file), sentence);
    await assert.rejects(readRegularFile(file, 100), sentence);
    await assert.rejects(openRegularFile(file), sentence);
  });

test('a file above its limit is refused, one at the limit is read', async () => {
  writeFileSync(place('large'), Buffer.alloc(4_000_000, 'x'));
  assert.equal(readSmallFile(place('large')).length, 4_000_000);
  assert.equal((await readRegularFile(place('large'), 4e6)).length, 4_000_000);
  await assert.rejects(readRegularFile(place('large'), 3_999_999), /more than the 4 MB/);
  writeFileSync(place('large'), Buffer.alloc(4_000_001, 'x'));
  assert.throws(() => readSmallFile(place('large')), /more than the 4 MB/);
});

test('a file whose size the system does not tell is read whole', async () => {
  if (process.platform !== 'linux') return;
  assert.match(readSmallFile('/proc/self/status'), /^Name:/);
  assert.match(String(await readRegularFile('/proc/self/status', 1e6)), /^Name:/);
});

test('a named pipe by the name of a note of ours is taken for none', async () => {
  makePipe(place('data/runtime/choice.json'));
  assert.equal(await createMachineProfileFile(place('data')).read(), null);
  makePipe(place('part/.stash-sense-part'));
  assert.equal(await isUnpacked(place('part'), { sha256: 'x' }), false);
  makePipe(place('plugin/runtime.json'));
  makePipe(place('plugin/manifest'));
  assert.equal((await readManifest(place('plugin'))).isKnown, false);
  assert.equal(await findChannel({ setting: '', builtIn: null, pluginDir: place('plugin') }), null);
});

test('a named pipe among the media has no hash, and says why', async () => {
  await assert.rejects(computeOshash(pipe), /pipe cannot be read: it is a named pipe and no file\.$/);
  await assert.rejects(computeMd5(pipe), /pipe cannot be read: it is a named pipe and no file\.$/);
});
