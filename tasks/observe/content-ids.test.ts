import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { StashFile } from '../../core/ports/library.ts';
import { contentIdOf, knownContentId } from './content-ids.ts';

const OSHASH = '00e5a2b1c3d4f607';
const MD5 = '0123456789abcdef0123456789abcdef';

test('a video is named by its oshash, a picture or a zip by its md5', () => {
  const file = aFile({ oshash: OSHASH, md5: MD5, phash: 'ff' });
  assert.equal(knownContentId('scene', file), `oshash:${OSHASH}`);
  assert.equal(knownContentId('image', file), `md5:${MD5}`);
  assert.equal(knownContentId('gallery', file), `md5:${MD5}`);
});

test('a fingerprint that is none counts as missing', () => {
  assert.equal(knownContentId('scene', aFile({ oshash: '' })), null);
  assert.equal(knownContentId('scene', aFile({ oshash: 'not a hash' })), null);
  assert.equal(knownContentId('image', aFile({ oshash: OSHASH })), null);
});

test('what Stash has no fingerprint of is computed from the file, unless it lies in a zip', async () => {
  const hashes = {
    oshash: (file: string) => Promise.resolve(`oshash:${file.length.toString().padStart(16, '0')}` as const),
    md5: () => Promise.resolve(`md5:${MD5}` as const),
  };
  assert.equal(await contentIdOf(hashes, 'scene', aFile({})), 'oshash:0000000000000012');
  assert.equal(await contentIdOf(hashes, 'image', aFile({})), `md5:${MD5}`);
  await assert.rejects(contentIdOf(hashes, 'image', { ...aFile({}), zipPath: '/films/a.zip' }), {
    code: 'unreadable-media',
    message: /let Stash scan it again/,
  });
});

function aFile(fingerprints: Record<string, string>): StashFile {
  return {
    id: '1',
    path: '/films/a.mp4',
    sizeBytes: 1,
    modTime: '',
    durationMs: null,
    width: 0,
    height: 0,
    zipPath: null,
    fingerprints,
  };
}
