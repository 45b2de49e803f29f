import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { startScripted, status, type Answer } from '../../test/double/scripted-server.ts';
import type { ConnectionOptions } from './connection.ts';
import { createMediaFetcher } from './media.ts';

async function start(t: TestContext, answers: readonly Answer[], options: Partial<ConnectionOptions> = {}) {
  const { connection, seen } = await startScripted(t, answers, options);
  return { media: createMediaFetcher(connection), seen };
}

test('a picture comes as its bytes, with our login', async (t) => {
  const { media, seen } = await start(
    t,
    [(response) => response.writeHead(200, { 'Content-Type': 'image/jpeg' }).end(Buffer.from([1, 2, 3]))],
    { apiKey: 'key-of-the-user' },
  );
  assert.deepEqual(Buffer.from((await media('/performer/3/image?t=1', 100))!), Buffer.from([1, 2, 3]));
  assert.equal(seen[0]?.url, '/performer/3/image?t=1');
  assert.equal(seen[0]?.headers['apikey'], 'key-of-the-user');
});

const drawing: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'image/svg+xml' }).end('<svg/>');
};
for (const [name, answer] of Object.entries({
  '404': status(404),
  "Stash's own drawing": drawing,
}))
  test(`${name} is no picture and no error`, async (t) => {
    const { media } = await start(t, [answer]);
    assert.equal(await media('/scene/7/screenshot?t=1', 100), null);
  });

test('a picture that Stash never sends is asked for once, and is tried again another time', async (t) => {
  const { media, seen } = await start(t, [() => {}], { silenceMs: 50, retryDelaysMs: [1, 1] });
  await assert.rejects(media('/image/7/image?t=1', 100), {
    code: 'file-missing',
    message: /^Stash does not send \/image\/7\/image \(.+\): see that its file is there and can be read\.$/,
  });
  assert.equal(seen.length, 1);
});

test('the login page in place of a picture is a missing login', async (t) => {
  const { media, seen } = await start(t, [
    status(302, { Location: '/login?returnURL=%2Fscene%2F7%2Fscreenshot' }),
  ]);
  await assert.rejects(media('/scene/7/screenshot', 100), { code: 'stash-unreachable', message: /401/ });
  assert.equal(seen.length, 1);
});

test('a picture larger than wanted is not read to its end', async (t) => {
  let sent = 0;
  const { media } = await start(t, [
    (response) => {
      response.writeHead(200, { 'Content-Type': 'image/png' });
      const more = (): void => {
        for (; sent < 1000 && !response.destroyed; sent++)
          if (!response.write(Buffer.alloc(64 << 10))) return void response.once('drain', more);
        response.end();
      };
      more();
    },
  ]);
  await assert.rejects(media('/image/3/image', 1 << 20), {
    code: 'unreadable-media',
    message: /larger than 1\.0 MB/,
  });
  assert.ok(sent < 500, `${sent} of 1000 blocks were sent`);
});

test('text in place of a picture is said', async (t) => {
  const { media } = await start(t, [
    (response) => response.writeHead(200, { 'Content-Type': 'text/plain' }).end('hello'),
  ]);
  await assert.rejects(media('/image/3/image', 100), {
    code: 'unreadable-media',
    message: /no picture or video but text\/plain/,
  });
});

for (const code of [500, 403, 410, 302])
  test(`a picture that Stash answers with ${code} is trouble of that picture, not of Stash, and not asked for again`, async (t) => {
    const { media, seen } = await start(t, [
      (response) =>
        response
          .writeHead(code, { 'Content-Type': 'text/plain; charset=utf-8' })
          .end('open /media/a.jpg: no such file or directory\n'),
    ]);
    await assert.rejects(media('/image/3/image?t=1', 100), {
      code: 'unreadable-media',
      message: `Stash cannot give /image/3/image (${code}: open /media/a.jpg: no such file or directory): see that its file is there, or let Stash clean its library.`,
    });
    assert.equal(seen.length, 1);
  });

for (const code of [429, 502, 503, 504])
  test(`${code} in place of a picture is a Stash that is unwell: it is waited for`, async (t) => {
    const { media, seen } = await start(t, [status(code)]);
    await assert.rejects(media('/image/3/image', 100), { code: 'stash-unreachable' });
    assert.equal(seen.length, 4);
  });

for (const path of ['http://elsewhere/x.jpg', '//elsewhere/x.jpg', 'image/3'])
  test(`${path} is not fetched: only paths of Stash are`, async (t) => {
    const { media, seen } = await start(t, [status(200)]);
    await assert.rejects(media(path, 100), { code: 'bad-input' });
    assert.equal(seen.length, 0);
  });
