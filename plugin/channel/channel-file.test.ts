import assert from 'node:assert/strict';
import { test } from 'node:test';
import { StashSenseError } from '../../core/errors.ts';
import { startFileServer } from '../../test/fixtures/file-server.ts';
import { parseChannel, readChannel } from './channel-file.ts';

const part = {
  id: 'sharp-0.35.5-linuxmusl-x64',
  kind: 'runtime',
  provides: 'sharp',
  version: '0.35.5',
  platform: 'linuxmusl-x64',
  name: 'sharp-0.35.5-linuxmusl-x64.tar.gz',
  size: 8_000_000,
  unpackedSize: 19_000_000,
  sha256: 'ab'.repeat(32),
  licence: 'Apache-2.0 AND LGPL-3.0-or-later',
  url: 'sharp-0.35.5-linuxmusl-x64.tar.gz',
};
const file = (parts: unknown[], format: unknown = 1): string =>
  JSON.stringify({ format, version: '0.1.0-abc1234', parts });

test('what a later version of the plugin added is left out and counted, the rest is read', () => {
  assert.deepEqual(
    parseChannel(
      file([part, { ...part, id: 'x', kind: 'hologram' }, 7, { ...part, licence: 'another' }]),
      'it',
    ),
    { version: '0.1.0-abc1234', parts: [{ ...part, mirrors: [] }], unknown: 3 },
  );
});

for (const [name, change] of [
  ['an id that leads out of its folder', { id: '../x' }],
  ['a hidden id', { id: '.x' }],
  ['a file name with a folder', { name: 'a/b' }],
  ['a file name with a blank', { name: 'a b' }],
  ['no size', { size: 0 }],
  ['a size that is no number of bytes', { size: 1.5 }],
  ['a short hash', { sha256: 'abc' }],
  ['no licence', { licence: '' }],
  ['an unknown platform', { platform: 'amiga' }],
] as const)
  test(`an entry with ${name} is left out`, () => {
    assert.deepEqual(parseChannel(file([{ ...part, ...change }]), 'it').parts, []);
  });

for (const [name, text, words] of [
  ['no JSON', '<html>', /is no JSON/],
  ['a list', '[]', /is not as it must be/],
  ['nothing', 'null', /is not as it must be/],
  ['a later format', file([], 2), /has format 2 and this plugin knows 1: update the plugin/],
  ['no parts', '{"format":1,"version":"1"}', /parts is not as it must be/],
] as const)
  test(`a channel file that holds ${name} ends in a sentence`, () => {
    assert.throws(
      () => parseChannel(text, '/mnt/channel.json'),
      (error: unknown) =>
        error instanceof StashSenseError &&
        error.code === 'fetch-failed' &&
        words.test(error.message) &&
        error.message.startsWith('/mnt/channel.json is no channel'),
    );
  });

test('a channel is read from where it is served', async (t) => {
  const server = await startFileServer({
    '/a/channel.json': (_, response) => void response.writeHead(200).end(file([part])),
  });
  t.after(() => server.close());
  const channel = await readChannel({ base: new URL('a/', server.base), from: 'index' });
  assert.equal(channel.parts[0]?.id, part.id);
  assert.equal(channel.base.href, `${server.base.href}a/`);
});

test('a channel that is gone ends in a sentence that says what to do', async (t) => {
  const server = await startFileServer({});
  t.after(() => server.close());
  await assert.rejects(
    readChannel({ base: server.base, from: 'index' }),
    (error: unknown) =>
      error instanceof StashSenseError &&
      /channel\.json could not be read: it is not there \(404\); .*setting "Channel" can name another\. Everything works without it/.test(
        error.message,
      ),
  );
});
