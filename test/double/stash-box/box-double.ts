/** A stash-box for tests: GraphQL, keys and pictures over HTTP as v0.10.2 was seen to serve them, and its troubles on demand. */
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { buildSchema } from 'graphql';
import { readBody } from '../entrance.ts';
import { makeSelfSigned } from '../self-signed.ts';
import { createFaults, suffer, type Fault } from '../faults.ts';
import { answerGraphql, type GraphqlCall } from '../graphql/http.ts';
import { createBoxData, type BoxData } from './data.ts';
import { createBoxQueries, type BoxContext } from './queries.ts';
import { readBoxSchema, type BoxVersion } from './schema.ts';
import { asThePornDb, withMidnight } from './theporndb.ts';

export type BoxDoubleOptions = {
  readonly version?: BoxVersion;
  /** The one key that it knows. */
  readonly key?: string;
  readonly userName?: string;
  readonly roles?: readonly string[];
  /** The owner has switched resizing on. Default: true. */
  readonly resizes?: boolean;
  /** With a certificate that nobody vouches for. */
  readonly https?: boolean;
  readonly now?: () => number;
  /** Queries that it does not have. */
  readonly lacks?: readonly string[];
  /** It has only what ThePornDB surely has, and writes dates as that was seen to. */
  readonly isThePornDb?: boolean;
  /** Bits in which perceptual hashes may differ, as its owner has set it. Default: 0. */
  readonly phashDistance?: number;
};

export type BoxRequest = {
  /** Unix milliseconds of the machine. */
  readonly at: number;
  readonly kind: 'graphql' | 'picture' | 'other';
  readonly method: string;
  readonly path: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
};

export type BoxDouble = {
  /** Of its GraphQL, as it stands in Stash's settings. */
  readonly endpoint: string;
  /** The one key that it knows; another one from now on where it is set. */
  key: string;
  readonly data: BoxData;
  readonly requests: readonly BoxRequest[];
  /** Operations that were executed. */
  readonly calls: readonly GraphqlCall[];
  /** As when its database does not answer: every key is refused, and pictures fail. */
  databaseIsDown: boolean;
  /** The most requests of this kind within any such time. */
  mostWithin(ms: number, kind?: BoxRequest['kind']): number;
  addFault(fault: Fault): void;
  clearFaults(): void;
  close(): Promise<void>;
};

const KEY = 'eyJhbGciOiJIUzI1NiJ9.eyJ1aWQiOiJib3gifQ.c2lnbmF0dXJlLW9mLXRoZS1ib3g';
const SIZES = new Set([300, 600, 1280]);
const HTML = '<!doctype html><html><head><title>stash-box</title></head><body></body></html>';

export async function startBoxDouble(options: BoxDoubleOptions = {}): Promise<BoxDouble> {
  const version = options.version ?? 'v0.10.2';
  const data = createBoxData(options.now ?? Date.now);
  const sdl = readBoxSchema(version, options.lacks);
  const schema = buildSchema(options.isThePornDb ? asThePornDb(sdl) : sdl);
  const rootValue = createBoxQueries(data, version, {
    phashDistance: options.phashDistance ?? 0,
    writeDate: options.isThePornDb ? withMidnight : (date) => date,
  });
  const faults = createFaults();
  const requests: BoxRequest[] = [];
  const calls: GraphqlCall[] = [];
  const state = { key: options.key ?? KEY, databaseIsDown: false };
  const user = {
    id: '01a20a66-b428-7d1f-ad6e-960acf91dea7',
    name: options.userName ?? 'reader',
    roles: options.roles ?? ['READ', 'VOTE', 'EDIT'],
  };

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const body = await readBody(request);
    const url = new URL(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
    const isGraphql = /^\/graphql\/?$/.test(url.pathname);
    const kind = isGraphql ? 'graphql' : url.pathname.startsWith('/images') ? 'picture' : 'other';
    const { method = '', headers } = request;
    requests.push({ at: Date.now(), kind, method, path: url.pathname + url.search, headers, body });
    response.setHeader('Vary', 'Origin');
    const fault = faults.take(url.pathname + url.search, body, false);
    if (fault && (await suffer(fault, request, response))) return;
    const key = headers['apikey'];
    // An empty one counts as none.
    if (key && (key !== state.key || state.databaseIsDown)) return void response.writeHead(401).end();
    if (isGraphql && method === 'POST')
      return await answerQuery(body, request, response, key ? user : null, url);
    if (kind === 'picture') return answerPicture(url, method, response);
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(HTML);
  }

  async function answerQuery(
    body: string,
    request: http.IncomingMessage,
    response: http.ServerResponse,
    who: BoxContext['user'],
    url: URL,
  ): Promise<void> {
    const context: BoxContext = { user: who, baseUrl: url.origin };
    const result = await answerGraphql(
      schema,
      rootValue,
      context,
      { method: 'POST', url, contentType: request.headers['content-type'] ?? 'none', body },
      (call) => void calls.push(call),
      () => undefined,
    );
    const zips = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
    const text = Buffer.from(result.body);
    response.writeHead(result.status, {
      'Content-Type': result.type,
      ...(zips && { 'Content-Encoding': 'gzip' }),
    });
    response.end(zips ? gzipSync(text) : text);
  }

  function answerPicture(url: URL, method: string, response: http.ServerResponse): void {
    const plain = (status: number, text: string): void =>
      void response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(`${text}\n`);
    if (method !== 'GET') return void response.writeHead(405, { Allow: 'GET' }).end();
    if (state.databaseIsDown) return plain(500, 'failed to connect to `user=stashbox database=stashbox`');
    const id = url.pathname.replace(/^\/images\/?/, '');
    if (id === '') return plain(404, '404 page not found');
    if (!/^[0-9a-f-]{36}$/.test(id))
      return plain(400, `uuid: incorrect UUID length ${id.length} in string "${id}"`);
    const row = data.images.get(id);
    if (!row) return plain(404, '404 page not found');
    if (!row.bytes) return plain(404, `stat images/${id}: no such file or directory`);
    const wanted = url.searchParams.get('size') ?? 'full';
    if (wanted !== 'full' && !/^\d+$/.test(wanted))
      return plain(400, `strconv.Atoi: parsing "${wanted}": invalid syntax`);
    const resizes = options.resizes !== false && SIZES.has(Number(wanted));
    const { bytes, type } = (resizes ? row.sizes[Number(wanted)] : undefined) ?? {
      bytes: row.bytes,
      type: row.type,
    };
    response.writeHead(200, {
      'Content-Type': type,
      'Content-Length': bytes.length,
      'Cache-Control': 'max-age=604800000',
      ...(type === 'image/svg+xml' && { 'Content-Security-Policy': "script-src 'none'" }),
    });
    response.end(bytes);
  }

  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    answer(request, response).catch((error: Error) => {
      if (!response.headersSent) response.writeHead(500);
      response.end(String(error.stack));
    });
  };
  const server = options.https ? https.createServer(makeSelfSigned(), listener) : http.createServer(listener);
  server.keepAliveTimeout = 0;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;

  return {
    endpoint: `${options.https ? 'https' : 'http'}://127.0.0.1:${port}/graphql`,
    get key() {
      return state.key;
    },
    set key(key: string) {
      state.key = key;
    },
    get databaseIsDown() {
      return state.databaseIsDown;
    },
    set databaseIsDown(isDown: boolean) {
      state.databaseIsDown = isDown;
    },
    data,
    requests,
    calls,
    mostWithin(ms, kind = 'graphql') {
      const times = requests.filter((one) => one.kind === kind).map((one) => one.at);
      return Math.max(0, ...times.map((from) => times.filter((at) => at >= from && at < from + ms).length));
    },
    addFault: (fault) => faults.add(fault),
    clearFaults: () => faults.clear(),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
}
