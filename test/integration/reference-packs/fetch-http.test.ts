/** Published packs on a host, and processes that are killed while they fetch one. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { promisify } from 'node:util';
import { readIndex, textAt } from '../../../plugin/reference-packs/channel/read-index.ts';
import { sweepReferencePacks } from '../../../plugin/reference-packs/folders.ts';
import { tempFolder } from '../../fakes/context.ts';
import { serve, startFileServer, type Answer } from '../../fixtures/file-server.ts';
import { numbers, sample } from '../../fixtures/sweep.ts';
import { bundleChild } from '../store-bundle.ts';
import { ID, isSentence, openClient, openPublisher, type Publisher } from './published.ts';

const HOOK = new URL('../../fixtures/fs-hook.mjs', import.meta.url).href;

test('a host that sends on to another one is followed, for the index, the packs and what has changed, without a password', async (t) => {
  const publisher = openPublisher(t);
  const asked: (string | undefined)[] = [];
  const files: Record<string, Answer> = {};
  const elsewhere = await startServer(t, files);
  const front: Record<string, Answer> = {};
  const { base } = await startServer(t, front);
  const client = openClient(t, { base: new URL(`http://me:secret@${base.host}/latest/`) });
  for (const month of [1, 2]) {
    await publisher.publish(month);
    for (const name of publishedBy(publisher)) {
      const bytes = readFileSync(path.join(publisher.out, name));
      files[`/v1/${name}?signed=yes`] = (request, response) => {
        asked.push(request.headers.authorization);
        serve(bytes)(request, response);
      };
      front[`/latest/${name}`] = (_, response) =>
        void response
          .writeHead(302, { location: new URL(`v1/${name}?signed=yes`, elsewhere.base).href })
          .end();
    }
    await client.fetch();
    assert.deepEqual(client.files(), publisher.files());
  }
  assert.deepEqual(client.said, []);
  assert.ok(asked.length > 4);
  assert.deepEqual(new Set(asked), new Set([undefined]));
});

for (const [to, words] of [
  ['file:///etc/passwd', /file:\/\/, which is not followed/],
  ['ftp://elsewhere.example/x', /ftp:\/\/, which is not followed/],
  ['/latest/reference-packs.json', /redirects to itself/],
] as const)
  test(`an index that is said to be at ${to} is not read`, async (t) => {
    const { base } = await startServer(t, {
      '/latest/reference-packs.json': (_, response) => void response.writeHead(302, { location: to }).end(),
    });
    await assert.rejects(readIndex(new URL('latest/', base)), isSentence(words));
  });

test('a host that sends a byte now and then is given up, and one that sends without end too', async (t) => {
  const { base } = await startServer(t, {
    '/slow': (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const timer = setInterval(() => response.write('x'), 20);
      response.on('close', () => clearInterval(timer));
    },
    '/endless': (_, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' });
      const more = (): void =>
        void (response.destroyed || response.write('x'.repeat(1000), () => setImmediate(more)));
      more();
    },
  });
  await assert.rejects(
    textAt(new URL('slow', base), 1e9, { withinMs: 1000 }),
    isSentence(/\/slow could not be read \(no answer within 1 s\): try again later/),
  );
  await assert.rejects(
    textAt(new URL('endless', base), 100_000),
    isSentence(/\/endless could not be read \(it goes on after the 100000 bytes/),
  );
});

test('SIGKILL at any call of the file system while a pack is fetched leaves the old one or the new one, and the next fetch ends', async (t) => {
  const child = await bundleChild('reference-packs/fetch-child.ts', tempFolder(t));
  const publisher = openPublisher(t);
  await publisher.publish(1);
  const clients = numbers(6).map(() => openClient(t, publisher));
  for (const client of clients) await client.fetch();
  await publisher.publish(2);
  const fetchIn = async (dataFolder: string, killAfter: number | null): Promise<number> => {
    const notes = path.join(tempFolder(t), 'notes');
    writeFileSync(notes, '');
    await promisify(execFile)(process.execPath, [child, dataFolder, publisher.base.href], {
      env: {
        ...process.env,
        NODE_OPTIONS: `--import=${HOOK}`,
        FS_HOOK: JSON.stringify({ notes, ...(killAfter !== null && { killAfter }) }),
      },
    }).catch(() => null);
    return readFileSync(notes, 'utf8').split('\n').filter(Boolean).length;
  };
  const [whole, ...others] = clients;
  const calls = await fetchIn(whole!.dataFolder, null);
  assert.deepEqual(whole!.files(), publisher.files());
  assert.ok(calls > 20, `${calls} calls`);
  for (const [n, at] of sample(numbers(calls), others.length).entries()) {
    const client = others[n]!;
    await fetchIn(client.dataFolder, at + 1);
    const [pack] = await client.packs.open();
    assert.ok(pack, `${at}`);
    assert.match((await client.version())!, /^[12]$/);
    await client.fetch();
    assert.deepEqual([client.files(), client.said], [publisher.files(), []], `${at}`);
    sweepReferencePacks(client.dataFolder, Date.now());
    assert.deepEqual(readdirSync(path.join(client.dataFolder, 'reference-packs')), [ID], `${at}`);
  }
});

async function startServer(t: TestContext, answers: Record<string, Answer>) {
  const server = await startFileServer(answers);
  t.after(() => server.close());
  return server;
}

function publishedBy({ out }: Publisher): string[] {
  return readdirSync(out).filter((name) => /\.(bin|json)$/.test(name));
}
