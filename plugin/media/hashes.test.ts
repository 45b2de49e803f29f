import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { isContentId } from '../../core/content-id.ts';
import { computeMd5, computeOshash } from './hashes.ts';

const folder = await mkdtemp(path.join(os.tmpdir(), 'stash-sense-media-'));
after(() => rm(folder, { recursive: true }));

async function file(name: string, bytes: Uint8Array | string): Promise<string> {
  const place = path.join(folder, name);
  await writeFile(place, bytes);
  return place;
}

test('zeros hash to nothing but the size', async () => {
  assert.equal(await computeOshash(await file('zeros', Buffer.alloc(200_000))), 'oshash:0000000000030d40');
});

test('only the first and the last 64 KiB count, as little-endian words', async () => {
  const bytes = Buffer.alloc(300_000);
  bytes.writeUInt8(2, 0);
  bytes.writeUInt8(1, 299_999); // the highest byte of the last word
  bytes.fill(255, 70_000, 200_000);
  assert.equal(await computeOshash(await file('words', bytes)), 'oshash:01000000000493e2');
});

test('a file shorter than a chunk counts twice, cut to whole words from the front and from the back', async () => {
  const bytes = Buffer.from('0123456789');
  const sum = (10n + bytes.readBigUInt64LE(0) + bytes.readBigUInt64LE(2)).toString(16).padStart(16, '0');
  assert.equal(await computeOshash(await file('short', bytes)), `oshash:${sum}`);
});

test('sums wrap at 64 bits and keep their leading zeros', async () => {
  const id = await computeOshash(await file('ones', Buffer.alloc(131_072, 255)));
  assert.ok(isContentId(id));
  assert.equal(id, 'oshash:000000000001c000');
});

test('md5 is that of the whole file', async () => {
  assert.equal(await computeMd5(await file('hello', 'hello')), 'md5:5d41402abc4b2a76b9719d911017c592');
});

test('what cannot be read is said with its name', async () => {
  const missing = path.join(folder, 'gone.mp4');
  await assert.rejects(computeOshash(missing), {
    code: 'file-missing',
    message: `${missing} is not there: see that the disk is mounted, or let Stash clean its library, then try it again.`,
  });
  await assert.rejects(computeMd5(missing), { code: 'file-missing' });
  await assert.rejects(computeOshash(await file('empty', '')), {
    code: 'unreadable-media',
    message: /only 0 bytes/,
  });
  await assert.rejects(computeMd5(folder), { code: 'unreadable-media', message: /is a folder and no file/ });
});
