import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { z } from 'zod';
import {
  half,
  halfChunked,
  html,
  json,
  LOG,
  reset,
  startScripted,
  status,
  type Answer,
} from '../../test/double/scripted-server.ts';
import { createConnection, type ConnectionOptions } from './connection.ts';
import { createGraphql } from './graphql.ts';
import { createSecrets } from '../system/redactor.ts';

const VERSION = {
  document: 'query Version { version { version } }',
  answer: z.object({ version: z.object({ version: z.string() }) }),
};
const GOOD = { data: { version: { version: 'v0.30.1' } } };
const STOP = { document: 'mutation Stop { stopJob(job_id: 1) }', answer: z.unknown() };

async function start(t: TestContext, answers: readonly Answer[], options: Partial<ConnectionOptions> = {}) {
  const { connection, seen, url } = await startScripted(t, answers, options);
  return { graphql: createGraphql(connection), seen, url };
}

test('the cookie that Stash renews is the one sent next', async (t) => {
  const { graphql, seen } = await start(
    t,
    [
      json(GOOD, 200, { 'Set-Cookie': 'session=second; Path=/; Expires=x; Max-Age=3600; SameSite=Lax' }),
      json(GOOD, 200, { 'Set-Cookie': ['other=1', 'session=third=='] }),
      json(GOOD),
    ],
    { cookie: { name: 'session', value: 'first' } },
  );
  for (let i = 0; i < 4; i++) await graphql.query(VERSION);
  assert.deepEqual(
    seen.map((it) => it.headers.cookie),
    ['session=first', 'session=second', 'session=third==', 'session=third=='],
  );
});

test('an API key is sent alone: with a wrong one Stash refuses even a good cookie', async (t) => {
  const { graphql, seen } = await start(t, [json(GOOD)], {
    apiKey: 'key-of-the-user',
    cookie: { name: 'session', value: 'c' },
  });
  await graphql.query(VERSION);
  assert.equal(seen[0]?.headers['apikey'], 'key-of-the-user');
  assert.equal(seen[0]?.headers.cookie, undefined);
});

test('a key that was changed meanwhile is followed by the cookie, once', async (t) => {
  const { graphql, seen } = await start(t, [status(401), json(GOOD), status(401)], {
    apiKey: 'old-key',
    cookie: { name: 'session', value: 'c' },
  });
  await graphql.query(VERSION);
  assert.equal(seen[1]?.headers.cookie, 'session=c');
  await assert.rejects(graphql.query(VERSION), /the session has run out/);
  assert.equal(seen.length, 3);
});

for (const [name, options, says] of [
  ['no login', {}, /wants a login and none was given/],
  ['a key', { apiKey: 'wrong-key' }, /does not know this API key/],
  ['a cookie', { cookie: { name: 'session', value: 'old-cookie' } }, /session has run out/],
] as const)
  test(`401 with ${name} is one sentence, asked once, and ends the run`, async (t) => {
    const { graphql, seen } = await start(t, [status(401, { 'WWW-Authenticate': 'FormBased' })], options);
    await assert.rejects(graphql.query(VERSION), (error: Error & { code: string }) => {
      assert.equal(error.code, 'stash-unreachable');
      assert.match(error.message, says);
      assert.doesNotMatch(error.message, /wrong-key|old-cookie/);
      return true;
    });
    assert.equal(seen.length, 1);
  });

for (const [name, answer] of Object.entries({
  'status 500': status(500),
  'status 502': status(502),
  'a cut connection': reset,
  'half an answer': half,
  'half an answer in chunks': halfChunked,
  'a page in place of JSON': html,
  'JSON that is no GraphQL answer': json({ hello: 1 }),
  'a busy database': json({ errors: [{ message: 'database is locked' }], data: null }),
})) {
  test(`a read is tried again after ${name}`, async (t) => {
    const { graphql, seen } = await start(t, [answer, answer, json(GOOD)]);
    assert.deepEqual(await graphql.query(VERSION), GOOD.data);
    assert.equal(seen.length, 3);
  });

  test(`a read gives up with one sentence when ${name} stays`, async (t) => {
    const { graphql, seen } = await start(t, [answer]);
    await assert.rejects(graphql.query(VERSION), {
      code: 'stash-unreachable',
      message:
        /^Stash at http:\/\/127.* does not answer as it should \(.*; tried 4 times\): see that it runs/,
    });
    assert.equal(seen.length, 4);
  });
}

for (const [name, answer] of Object.entries({
  'status 500': status(500),
  'a cut connection': reset,
  'half an answer': half,
}))
  test(`a write is sent once, also after ${name}`, async (t) => {
    const { graphql, seen } = await start(t, [answer]);
    await assert.rejects(graphql.mutate(STOP), { code: 'stash-unreachable', message: /no clear answer/ });
    assert.equal(seen.length, 1);
  });

test('a write is sent again when Stash says that its database was busy: nothing was written', async (t) => {
  const { graphql, seen } = await start(t, [
    json({ errors: [{ message: 'updating scene: database is locked' }], data: null }),
    json({ data: { stopJob: true } }),
  ]);
  await graphql.mutate(STOP);
  assert.equal(seen.length, 2);
});

test('a write waits for a Stash that does not listen yet, for nothing was sent', async (t) => {
  const { url } = await start(t, [json({ data: { stopJob: true } })]);
  const port = Number(new URL(url).port) === 65535 ? 1 : await freePort();
  const connection = createConnection({
    baseUrl: `http://127.0.0.1:${port}`,
    secrets: createSecrets(),
    log: LOG,
    retryDelaysMs: [50, 100, 200, 400],
  });
  let calls = 0;
  const server = http.createServer((_, response) => {
    calls++;
    json({ data: { stopJob: true } })(response, _, '');
  });
  setTimeout(() => server.listen(port, '127.0.0.1'), 120);
  t.after(() => server.close());
  await createGraphql(connection).mutate(STOP);
  assert.equal(calls, 1);
});

test('a server that says nothing is not waited for without end', async (t) => {
  const { graphql } = await start(t, [() => {}], { silenceMs: 50, retryDelaysMs: [1] });
  await assert.rejects(graphql.query(VERSION), { code: 'stash-unreachable', message: /no answer within/ });
});

test('422 names the field that this Stash does not know', async (t) => {
  const { graphql, seen } = await start(t, [
    json(
      {
        errors: [
          {
            message: 'Cannot query field "zip_file" on type "VideoFile".',
            extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
          },
        ],
        data: null,
      },
      422,
    ),
  ]);
  await assert.rejects(graphql.query(VERSION), {
    code: 'stash-refused',
    message: /"zip_file" on type "VideoFile"/,
  });
  assert.equal(seen.length, 1);
});

test('422 about a variable names the place in it', async (t) => {
  const { graphql } = await start(t, [
    json({ errors: [{ message: 'unknown field', path: ['variable', 'filter', 'shiny'] }], data: null }, 422),
  ]);
  await assert.rejects(graphql.query(VERSION), { message: /\(unknown field at variable\.filter\.shiny\)/ });
});

test('200 with errors is a refusal in the words of Stash, on one line, without pages of SQL', async (t) => {
  const { graphql } = await start(t, [
    json({ errors: [{ message: `FOREIGN KEY constraint failed\n${'SELECT 1 '.repeat(200)}` }], data: null }),
  ]);
  await assert.rejects(graphql.mutate(STOP), (error: Error & { code: string }) => {
    assert.equal(error.code, 'stash-refused');
    assert.match(error.message, /^Stash refused: FOREIGN KEY constraint failed SELECT/);
    assert.ok(error.message.length < 330);
    return true;
  });
});

test('an answer of another form is said with the place in it', async (t) => {
  const { graphql } = await start(t, [json({ data: { version: { version: 7 } } })]);
  await assert.rejects(graphql.query(VERSION), { code: 'stash-unreachable', message: /version\.version/ });
});

test('404 at /graphql is another server', async (t) => {
  const { graphql, seen } = await start(t, [status(404)]);
  await assert.rejects(graphql.query(VERSION), { code: 'stash-unreachable', message: /is no Stash/ });
  assert.equal(seen.length, 1);
});

test('a Stash behind a path is asked there', async (t) => {
  const { url, seen } = await start(t, [json(GOOD)]);
  const connection = createConnection({ baseUrl: `${url}/stash/`, secrets: createSecrets(), log: LOG });
  await createGraphql(connection).query(VERSION);
  assert.equal(seen[0]?.url, '/stash/graphql');
});

for (const [text, says] of [
  ['stash', /is no address/],
  ['ftp://stash', /must begin with http/],
  ['http://user:pass@stash', /must not hold a password/],
  ['http://stash?apikey=x', /must not hold a password/],
] as const)
  test(`the address ${text} is refused with one sentence`, () => {
    assert.throws(() => createConnection({ baseUrl: text, secrets: createSecrets(), log: LOG }), {
      code: 'bad-input',
      message: says,
    });
  });

test('open lines do not keep the process alive', async (t) => {
  const { url } = await start(t, [json(GOOD)]);
  const source = `import { createConnection } from ${JSON.stringify(import.meta.resolve('./connection.ts'))};
    import { createGraphql } from ${JSON.stringify(import.meta.resolve('./graphql.ts'))};
    import { createSecrets } from ${JSON.stringify(import.meta.resolve('../system/redactor.ts'))};
    import { jobsQuery } from ${JSON.stringify(import.meta.resolve('./queries.ts'))};
    const log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };
    const graphql = createGraphql(createConnection({ baseUrl: '${url}', secrets: createSecrets(), log }));
    await graphql.query({ ...jobsQuery, answer: { safeParse: (data) => ({ success: true, data }) } });
    const end = performance.now();
    process.on('exit', () => process.stdout.write(String(performance.now() - end)));`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', source]);
  let out = '';
  child.stdout.on('data', (it: Buffer) => (out += it.toString()));
  await once(child, 'close');
  assert.ok(Number(out) < 60_000, `ended ${out} ms after its last answer`);
});

async function freePort(): Promise<number> {
  const server = http.createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
