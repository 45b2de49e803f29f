/** Answers read by hand are those that node:http reads, of a server that sends exactly these bytes. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { test, type TestContext } from 'node:test';
import { StashSenseError } from '../../../core/errors.ts';
import { createHttp, HttpFailure, type HttpRequest } from './http.ts';

/** It resets the connection. */
const RESET = Symbol('reset');
/** What it sends, piece by piece; null: it closes the connection. */
type Sent = readonly (string | Buffer | null | typeof RESET)[];

async function startServer(t: TestContext, sent: Sent): Promise<{ url: URL; received: string[] }> {
  const received: string[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    let text = '';
    let answered = false;
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      if (answered || !text.includes('\r\n\r\n')) return;
      answered = true;
      received.push(text);
      void (async () => {
        for (const piece of sent) {
          if (piece === null) socket.end();
          else if (piece === RESET) socket.resetAndDestroy();
          else socket.write(piece);
          await new Promise((resolve) => void setTimeout(resolve, 5));
        }
      })();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => void server.close());
  return { url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/graphql?a=1`), received };
}

async function ask(url: URL, light: boolean, rest: Partial<HttpRequest> = {}): Promise<unknown> {
  const http = createHttp({
    admit: (_host, addresses) => ({ addresses, checkCertificate: true }),
    silenceMs: 2000,
    certificateError: () => new StashSenseError('stash-unreachable', { id: 'host.cameNothing' } as never),
    light,
  });
  try {
    const { status, headers, body, tooLarge } = await http.send({
      method: 'GET',
      url,
      headers: { Accept: 'application/json' },
      maxBytes: 100,
      newConnection: true,
      ...rest,
    });
    return {
      status,
      type: headers['content-type'],
      cookies: headers['set-cookie'],
      body: Buffer.from(body).toString('utf8'),
      tooLarge,
    };
  } catch (error) {
    if (error instanceof HttpFailure)
      return { said: error.message, sent: error.sent, silent: error.silent, isSlow: error.isSlow };
    return { error: (error as Error).name };
  } finally {
    http.close();
  }
}

const OK = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';
const ANSWERS: Readonly<Record<string, Sent>> = {
  'a length': [`${OK}Content-Length: 2\r\n\r\n{}`],
  'a length, byte by byte': [...Buffer.from(`${OK}Content-Length: 5\r\n\r\n"ü"\n`)].map((one) =>
    Buffer.from([one]),
  ),
  'more than its length': [`${OK}Content-Length: 2\r\n\r\n{}HTTP/1.1 500 Evil\r\n\r\n`],
  chunks: [`${OK}Transfer-Encoding: chunked\r\n\r\n3\r\n{"a`, `\r\n5;x=1\r\n":1}\n\r\n0\r\n\r\n`],
  'chunks in pieces': [
    `${OK}Transfer-Encoding: chunked\r\n\r\n`,
    '1',
    '\r\n{',
    '\r',
    '\n1\r\n}\r\n',
    '0\r\nA: b\r\n',
    '\r\n',
  ],
  'no length': [`${OK}\r\n{"a":`, '1}', null],
  'nothing after the head': [`${OK}Content-Length: 0\r\n\r\n`],
  'no content': ['HTTP/1.1 204 No Content\r\n\r\n'],
  'a word before the answer': ['HTTP/1.1 100 Continue\r\n\r\n', `${OK}Content-Length: 2\r\n\r\n{}`],
  'cookies and a header twice': [
    `HTTP/1.1 401 No\r\nSet-Cookie: a=1; Path=/\r\nset-cookie: b=2\r\nContent-Type: text/a\r\ncontent-type: text/b\r\nContent-Length: 0\r\n\r\n`,
  ],
  'too much': [`${OK}Content-Length: 101\r\n\r\n${'x'.repeat(101)}`],
  'too much in chunks': [`${OK}Transfer-Encoding: chunked\r\n\r\nff\r\n${'x'.repeat(255)}\r\n0\r\n\r\n`],
  'a cut length': [`${OK}Content-Length: 20\r\n\r\n{`, null],
  'a cut chunk': [`${OK}Transfer-Encoding: chunked\r\n\r\n9\r\n{"a`, null],
  'a cut head': ['HTTP/1.1 200 OK\r\nContent-', null],
  'a reset': [`${OK}Content-Length: 20\r\n\r\n{`, RESET],
  'nothing, and closed': [null],
  'nothing, and reset': [RESET],
  nothing: [],
  'half, and then nothing': [`${OK}Content-Length: 20\r\n\r\n{`],
};

for (const [name, sent] of Object.entries(ANSWERS))
  test(`${name}: read as node:http reads it`, async (t) => {
    const { url, received } = await startServer(t, sent);
    assert.deepEqual(await ask(url, true), await ask(url, false));
    assert.equal(received.length, 2);
  });

for (const [name, sent] of Object.entries({
  'another protocol': ['SSH-2.0-OpenSSH_9.6\r\n\r\n'],
  'a length that is none': [`${OK}Content-Length: -1\r\n\r\n{}`],
  'a chunk without a length': [`${OK}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`],
  'a line that is no header': [`${OK}no header\r\nContent-Length: 2\r\n\r\n{}`],
  'headers without end': [`${OK}A: ${'x'.repeat(70_000)}`],
} satisfies Record<string, Sent>))
  test(`${name}: a failure, as of node:http`, async (t) => {
    const { url } = await startServer(t, sent);
    for (const light of [true, false]) {
      const { said, sent: wasSent } = (await ask(url, light)) as { said: string; sent: boolean };
      assert.match(said, /Parse Error/);
      assert.equal(wasSent, true);
    }
  });

test('the request is the same, but for its connection', async (t) => {
  const { url, received } = await startServer(t, [`${OK}Content-Length: 2\r\n\r\n{}`]);
  const request = {
    method: 'POST',
    headers: { Cookie: 'session=ä', ApiKey: 'k' },
    body: Buffer.from('{"ü":1}'),
  } as const;
  for (const light of [true, false]) await ask(url, light, request);
  assert.deepEqual(linesOf(received[0]).toSorted(), linesOf(received[1]).toSorted());
});

test('a line break in a header is refused before anything is sent', async (t) => {
  const { url, received } = await startServer(t, [`${OK}Content-Length: 2\r\n\r\n{}`]);
  for (const light of [true, false])
    assert.deepEqual(await ask(url, light, { headers: { Cookie: 'a=1\r\nHost: evil' } }), {
      error: 'TypeError',
    });
  assert.equal(received.length, 0);
});

test('where nothing listens nothing was sent, and what takes too long is said', async (t) => {
  const { url } = await startServer(t, []);
  const nobody = new URL('http://127.0.0.1:1/');
  assert.deepEqual(await ask(nobody, true), await ask(nobody, false));
  assert.deepEqual(await ask(url, true, { withinMs: 60 }), await ask(url, false, { withinMs: 60 }));
});

function linesOf(text = ''): string[] {
  return text.split('\r\n').filter((line) => !/^connection:/i.test(line));
}
