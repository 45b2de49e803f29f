import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { pathToFileURL } from 'node:url';
import { StashSenseError } from '../../core/errors.ts';
import type { Artifact } from '../../core/setup/acceleration.ts';
import { openInventory } from '../system/files/inventory.ts';
import { fetchArtifact, type FetchOptions } from './download.ts';
import {
  type Answer,
  serve,
  serveAndCut,
  startFileServer,
  type FileServer,
} from '../../test/fixtures/file-server.ts';

const BYTES = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7919 + (i >> 8)) & 255));
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const artifact: Artifact = {
  id: 'thing-1.0-any',
  kind: 'pack',
  provides: 'thing',
  version: '1.0',
  platform: 'any',
  name: 'thing.tar.gz',
  size: BYTES.length,
  unpackedSize: 1000,
  sha256: sha256(BYTES),
  licence: 'MIT',
  url: 'thing.tar.gz',
  mirrors: [],
};
const PARTIAL = `thing.tar.gz.${artifact.sha256.slice(0, 8)}.part`;

async function setUp(
  t: TestContext,
  answers: Record<string, Answer>,
): Promise<{ folder: string; server: FileServer }> {
  const server = await startFileServer(answers);
  const root = await mkdtemp(path.join(os.tmpdir(), 'stash sense fetch-'));
  const folder = path.join(root, 'models');
  mkdirSync(folder, { mode: 0o700 });
  t.after(async () => {
    await server.close();
    await rm(root, { recursive: true, force: true });
  });
  return { folder, server };
}

function get(
  at: { folder: string; server: FileServer },
  options: Partial<FetchOptions> & { artifact?: Partial<Artifact> } = {},
): Promise<string> {
  const { artifact: changes, ...rest } = options;
  return fetchArtifact(
    { ...artifact, ...changes },
    {
      base: at.server.base,
      folder: at.folder,
      inventory: inventoryOf(at),
      retryDelaysMs: [1, 1],
      silenceMs: 2000,
      ...rest,
    },
  );
}

/** As a process that was killed leaves it. */
function leave(at: { folder: string }, bytes: Uint8Array): void {
  inventoryOf(at).making(path.join(at.folder, PARTIAL));
  writeFileSync(path.join(at.folder, PARTIAL), bytes);
}

const inventoryOf = ({ folder }: { folder: string }) => openInventory(path.dirname(folder));

/** One sentence, and it leaves nothing that could be taken for the file. */
async function refused(promise: Promise<string>, words: RegExp, folder: string): Promise<string> {
  let message = '';
  await assert.rejects(promise, (error: unknown) => {
    assert.ok(error instanceof StashSenseError, String(error));
    assert.equal(error.code, 'fetch-failed');
    message = error.message;
    return true;
  });
  assert.match(message, words);
  assert.match(message, /^[^\n]+\.$/);
  assert.equal(existsSync(path.join(folder, artifact.name)), false);
  return message;
}

test('a file is fetched, checked and reported, and not fetched again', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  const seen: number[] = [];
  const file = await get(at, { onProgress: (done, total) => seen.push(done / total) });
  assert.deepEqual(readFileSync(file), BYTES);
  assert.equal(seen.at(-1), 1);
  assert.deepEqual(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  assert.deepEqual(readdirSync(at.folder), ['thing.tar.gz']);
  assert.equal(await get(at), file);
  assert.deepEqual(at.server.requests, ['GET /thing.tar.gz']);
});

test('a line that is cut goes on where it was, as often as it brings something', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serveAndCut(BYTES, 70_000, { by: 'end' }) });
  assert.deepEqual(readFileSync(await get(at)), BYTES);
  assert.deepEqual(at.server.requests, [
    'GET /thing.tar.gz',
    ...[70_000, 140_000, 210_000, 280_000].map((from) => `GET /thing.tar.gz bytes=${from}-`),
  ]);
});

test('what an earlier process left is continued', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  leave(at, BYTES.subarray(0, 123_456));
  assert.deepEqual(readFileSync(await get(at)), BYTES);
  assert.deepEqual(at.server.requests, ['GET /thing.tar.gz bytes=123456-']);
});

test('what an earlier process had fetched whole but not renamed is not fetched again', async (t) => {
  const at = await setUp(t, {});
  leave(at, BYTES);
  assert.deepEqual(readFileSync(await get(at)), BYTES);
  assert.deepEqual(at.server.requests, []);
});

test('a wrong half of an earlier day does no harm: the file is fetched anew', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  leave(at, Buffer.alloc(100_000, 1));
  assert.deepEqual(readFileSync(await get(at)), BYTES);
  assert.deepEqual(at.server.requests, ['GET /thing.tar.gz bytes=100000-', 'GET /thing.tar.gz']);
});

test('a server that knows no ranges sends it all again', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': (_, response) => void response.writeHead(200).end(BYTES) });
  leave(at, BYTES.subarray(0, 1000));
  assert.deepEqual(readFileSync(await get(at)), BYTES);
});

test('a server that always breaks off at the same place is given up, and what came is kept', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serveAndCut(BYTES, 70_000, { ranges: false, by: 'end' }) });
  await refused(get(at), /broke off half-way/, at.folder);
  assert.equal(at.server.requests.length, 4);
  assert.deepEqual(readFileSync(path.join(at.folder, PARTIAL)), BYTES.subarray(0, 70_000));
});

test('a wrong content is refused and thrown away', async (t) => {
  const wrong = Buffer.from(BYTES);
  wrong[200_000]! ^= 1;
  const at = await setUp(t, { '/thing.tar.gz': serve(wrong) });
  await refused(get(at), /SHA-256/, at.folder);
  assert.deepEqual(readdirSync(at.folder), []);
});

for (const [name, answer, words] of [
  [
    'a web page with status 200',
    (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>Log in</html>'),
    /web page/,
  ],
  [
    'a web page that calls itself a file',
    (_, response) =>
      void response.writeHead(200, { 'content-type': 'application/gzip' }).end('\n<!DOCTYPE html>…'),
    /web page/,
  ],
  ['404', (_, response) => void response.writeHead(404).end(), /is not there \(404\)/],
  ['403', (_, response) => void response.writeHead(403).end(), /not given to us \(403\)/],
  ['503', (_, response) => void response.writeHead(503).end(), /answered 503/],
  ['a shorter file', serve(BYTES.subarray(1)), /299999 bytes and not 300000/],
  ['a longer file', serve(Buffer.concat([BYTES, BYTES])), /600000 bytes and not 300000/],
  [
    'a file without end',
    (_, response) => {
      response.writeHead(200);
      const more = (): void => void (response.destroyed || response.write(BYTES, () => setImmediate(more)));
      more();
    },
    /goes on after the 300000 bytes/,
  ],
  ['nothing at all', (request) => void request.socket.destroy(), /broke off half-way/],
  [
    'redirects in a circle',
    (_, response) => void response.writeHead(302, { location: '/other' }).end(),
    /redirects more than 5 times/,
  ],
  [
    'a redirect to itself',
    (_, response) => void response.writeHead(302, { location: '/thing.tar.gz' }).end(),
    /redirects to itself/,
  ],
  [
    'a redirect to a file of this machine',
    (_, response) => void response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    /file:\/\/, which is not followed/,
  ],
] as [string, Answer, RegExp][])
  test(`${name} ends in a sentence that names the address`, async (t) => {
    const at = await setUp(t, {
      '/thing.tar.gz': answer,
      '/other': (_, response) => void response.writeHead(302, { location: '/thing.tar.gz' }).end(),
    });
    const message = await refused(get(at), words, at.folder);
    assert.ok(message.includes(`${at.server.base.href}thing.tar.gz`), message);
  });

test('a server that says nothing is given up', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': () => undefined });
  await refused(get(at, { silenceMs: 60, retryDelaysMs: [] }), /said nothing/, at.folder);
});

test('a server that stops in the middle is given up', async (t) => {
  const at = await setUp(t, {
    '/thing.tar.gz': (_, response) => void response.writeHead(200).write(BYTES.subarray(0, 5000)),
  });
  await refused(get(at, { silenceMs: 60, retryDelaysMs: [] }), /said nothing/, at.folder);
});

test('a slow server is waited for as long as it sends something', async (t) => {
  const at = await setUp(t, {
    '/thing.tar.gz': (_, response) => {
      response.writeHead(200);
      let sent = 0;
      const timer = setInterval(() => {
        response.write(BYTES.subarray(sent, (sent += 30_000)));
        if (sent >= BYTES.length) {
          clearInterval(timer);
          response.end();
        }
      }, 40);
    },
  });
  assert.deepEqual(readFileSync(await get(at, { silenceMs: 5000, retryDelaysMs: [] })), BYTES);
});

test('a redirect is followed, also with a range', async (t) => {
  const at = await setUp(t, {
    '/thing.tar.gz': (_, response) => void response.writeHead(302, { location: 'elsewhere/x?y=1' }).end(),
    '/elsewhere/x?y=1': serveAndCut(BYTES, 200_000),
  });
  assert.deepEqual(readFileSync(await get(at)), BYTES);
});

test('mirrors are tried in their order, and go on with what came from the one before', async (t) => {
  const at = await setUp(t, {
    '/thing.tar.gz': serveAndCut(BYTES, 70_000, { ranges: false, by: 'end' }),
    '/second/thing.tar.gz': (_, response) => void response.writeHead(404).end(),
    '/third/thing.tar.gz': serve(BYTES),
  });
  const file = await get(at, {
    artifact: {
      mirrors: [
        'second/thing.tar.gz',
        'file:///etc/passwd',
        new URL('third/thing.tar.gz', at.server.base).href,
      ],
    },
  });
  assert.deepEqual(readFileSync(file), BYTES);
  assert.equal(at.server.requests.at(-1), 'GET /third/thing.tar.gz bytes=70000-');
});

test('a local folder serves as well, also by file://', async (t) => {
  const at = await setUp(t, {});
  const channel = path.join(at.folder, 'a channel');
  mkdirSync(channel);
  writeFileSync(path.join(channel, 'thing.tar.gz'), BYTES);
  const folder = path.join(at.folder, 'data');
  const file = await get(at, { base: pathToFileURL(channel + path.sep), folder });
  assert.deepEqual(readFileSync(file), BYTES);
  await rm(file);
  writeFileSync(path.join(folder, PARTIAL), BYTES.subarray(0, 10));
  assert.deepEqual(readFileSync(await get(at, { base: pathToFileURL(channel + path.sep), folder })), BYTES);
});

test('a local folder that lacks the file says so with its path', async (t) => {
  const at = await setUp(t, {});
  const message = await refused(
    get(at, { base: pathToFileURL(at.folder + path.sep) }),
    /is not there/,
    at.folder,
  );
  assert.ok(message.includes(path.join(at.folder, 'thing.tar.gz')), message);
});

test('nothing is asked for where it would not fit, unpacked file included', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  await refused(
    get(at, { artifact: { unpackedSize: 5e8 }, freeBytes: async () => 5e8 }),
    /needs 601 MB of free space in .* and there are 500 MB/,
    at.folder,
  );
  assert.deepEqual(at.server.requests, []);
});

test('a disk that fills up on the way ends in a sentence', async (t) => {
  const handle = await open(import.meta.filename);
  await handle.close();
  t.mock.method(Object.getPrototypeOf(handle) as FileHandle, 'write', () =>
    Promise.reject(Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })),
  );
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  await refused(get(at), /disk of .* is full/, at.folder);
});

test('a named pipe by the name of what comes is put aside, and holds nobody up', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  const made = spawnSync('mkfifo', [path.join(at.folder, PARTIAL), path.join(at.folder, 'thing.tar.gz')]);
  assert.equal(made.status, 0);
  assert.deepEqual(readFileSync(await get(at)), BYTES);
});

test('a folder that may not be written to ends in a sentence', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  const folder = path.join(at.folder, 'locked');
  mkdirSync(folder);
  chmodSync(folder, 0o555);
  // Root may write anywhere.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) chmodSync(at.folder, 0o755);
  if (isRoot) process.seteuid?.(65_534);
  try {
    await refused(get(at, { folder }), /may not write to/, folder);
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
});

test('a file in the place of the folder ends in a sentence', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
  writeFileSync(path.join(at.folder, 'data'), '');
  await refused(get(at, { folder: path.join(at.folder, 'data') }), /is not a folder/, at.folder);
});

test('it can be stopped, and the next start goes on', async (t) => {
  const at = await setUp(t, { '/thing.tar.gz': serveAndCut(BYTES, 70_000) });
  const stop = new AbortController();
  await assert.rejects(
    get(at, { signal: stop.signal, onProgress: (done) => void (done > 100_000 && stop.abort()) }),
    (error: unknown) => error instanceof StashSenseError && error.code === 'stopped',
  );
  assert.ok(readFileSync(path.join(at.folder, PARTIAL)).length > 70_000);
  assert.deepEqual(readFileSync(await get(at)), BYTES);
});

test(
  'what is not ours is neither written to nor lost: a file, a folder, or a link of the same name',
  { skip: process.platform === 'win32' && 'links need an administrator there' },
  async (t) => {
    for (const name of [artifact.name, PARTIAL])
      for (const what of ['file', 'link', 'folder'] as const) {
        const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
        const mine = path.join(at.folder, '../mine');
        writeFileSync(mine, 'mine');
        const place = path.join(at.folder, name);
        if (what === 'link') symlinkSync(mine, place);
        else if (what === 'file') writeFileSync(place, 'mine');
        else mkdirSync(place);
        assert.deepEqual(readFileSync(await get(at)), BYTES);
        assert.equal(readFileSync(mine, 'utf8'), 'mine');
        const kept = readdirSync(at.folder).filter((it) => it.startsWith(`${name}.kept-`));
        assert.equal(kept.length, 1, `${what} ${name}`);
        if (what !== 'folder') assert.equal(readFileSync(path.join(at.folder, kept[0]!), 'utf8'), 'mine');
      }
    const at = await setUp(t, { '/thing.tar.gz': serve(BYTES) });
    const folder = path.join(at.folder, '../linked');
    symlinkSync(at.folder, folder);
    await refused(get({ ...at, folder }), /linked is a link/, at.folder);
  },
);
