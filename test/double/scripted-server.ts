/** A server with scripted answers, for those that a real Stash never gives. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';
import type { Log } from '../../core/ports/log.ts';
import { createConnection, type Connection, type ConnectionOptions } from '../../plugin/stash/connection.ts';
import { createSecrets } from '../../plugin/system/redactor.ts';

export const LOG: Log = { debug() {}, info() {}, warn() {}, error() {}, progress() {} };

export type Answer = (response: http.ServerResponse, request: http.IncomingMessage, body: string) => void;

/** A server that answers the n-th request with the n-th answer, and every further one with the last. */
export async function startScripted(
  t: TestContext,
  answers: readonly Answer[],
  options: Partial<ConnectionOptions> = {},
): Promise<{ connection: Connection; seen: http.IncomingMessage[]; url: string }> {
  const seen: http.IncomingMessage[] = [];
  const server = http.createServer((request, response) => {
    const answer = answers[Math.min(seen.length, answers.length - 1)]!;
    seen.push(request);
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => answer(response, request, body));
  });
  // The client ends a connection, not this server.
  server.keepAliveTimeout = 600_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const connection = createConnection({
    baseUrl: url,
    secrets: createSecrets(),
    log: LOG,
    retryDelaysMs: [1, 1, 1],
    ...options,
  });
  return { connection, seen, url };
}

export const json =
  (body: unknown, status = 200, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (response) => {
    response.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
export const status =
  (code: number, headers: http.OutgoingHttpHeaders = {}): Answer =>
  (response) => {
    response.writeHead(code, headers).end();
  };
export const reset: Answer = (response) => response.socket?.resetAndDestroy();
export const half: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000' });
  response.write('{"data":{"version"');
  setTimeout(() => response.destroy(), 5);
};
export const halfChunked: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.write('{"data":{"version"');
  setTimeout(() => response.destroy(), 5);
};
export const html: Answer = (response) => {
  response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html>Bad gateway</html>');
};
