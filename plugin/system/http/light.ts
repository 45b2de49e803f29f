/**
One request over http on a connection of its own, read by hand. To load `node:http`, which compiles its functions at each start,
takes a tenth of a question of the page, and that asks its Stash two or three things. What works longer uses `node:http`.
*/
import { connect } from 'node:net';
import { toConnectHost } from '../local-address.ts';
import { answerWith, lookUp, type Admit } from './agent.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import { createReader } from './light-answer.ts';

type Call = {
  readonly request: HttpRequest;
  readonly admit: Admit;
  /** Called when the server may have received something. */
  readonly onSent: () => void;
  /** Of the time without data, and of the whole: what fails then. */
  readonly onSilence: () => Error;
  readonly silenceMs: number;
  readonly onTooLong: () => Error;
};

/** @throws as a request of `node:http` does, in its words */
export function sendLightly({
  request,
  admit,
  onSent,
  onSilence,
  silenceMs,
  onTooLong,
}: Call): Promise<HttpResponse> {
  const bytes = toBytes(request);
  const host = request.url.hostname;
  return new Promise((resolve, fail) => {
    lookUp(host, (failure, addresses) => {
      if (failure !== null) {
        fail(failure);
        return;
      }
      let admitted;
      try {
        admitted = admit(host, addresses, false);
      } catch (error) {
        fail(error);
        return;
      }
      const socket = connect({
        host: toConnectHost(host),
        port: Number(request.url.port || 80),
        lookup: answerWith(admitted.addresses),
        noDelay: true,
      });
      const reader = createReader(request.maxBytes);
      const timer =
        request.withinMs === undefined
          ? undefined
          : setTimeout(() => socket.destroy(onTooLong()), request.withinMs);
      const finish = (): void => {
        clearTimeout(timer);
        socket.destroy();
      };
      const read = (chunk: Buffer | null): void => {
        try {
          const answer = chunk === null ? reader.end() : reader.add(chunk);
          if (answer === null) return;
          resolve(answer);
        } catch (error) {
          fail(error);
        }
        finish();
      };
      socket.setTimeout(silenceMs, () => socket.destroy(onSilence()));
      socket.on('connect', () => {
        onSent();
        socket.write(bytes);
      });
      socket.on('data', read);
      socket.on('end', () => read(null));
      socket.on('error', (error) => {
        fail(error);
        finish();
      });
      // After a complete answer both do nothing.
      socket.on('close', () => read(null));
    });
  });
}

function toBytes({ method, url, headers, body }: HttpRequest): Buffer {
  const all = {
    Host: url.host,
    ...headers,
    ...(body && { 'Content-Length': String(body.length) }),
    Connection: 'close',
  };
  const lines = Object.entries(all).map(([name, value]) => {
    // As `node:http` refuses them: a line break would begin a header of somebody else.
    if (!/^[\w!#$%&'*+.^`|~-]+$/.test(name) || /[^\t\u{20}-\u{7e}\u{80}-\u{ff}]/u.test(value))
      throw new TypeError(`Invalid character in header content ["${name}"]`);
    return `${name}: ${value}\r\n`;
  });
  const head = Buffer.from(
    `${method} ${url.pathname}${url.search} HTTP/1.1\r\n${lines.join('')}\r\n`,
    'latin1',
  );
  return body === undefined ? head : Buffer.concat([head, body]);
}
