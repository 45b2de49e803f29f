/** Fault injection: which error, for which requests, how often. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export type Fault = {
  /** `status`: only a status; `cut`: resets the connection; `half`: ends in the middle of the answer; `hang`: no answer; `drip`: a byte now and then, for ever; `slow`: a correct answer after a delay; `meanwhile`: a correct answer after `work`; `page`: HTML instead of JSON; `answer`: this answer. */
  readonly kind: 'status' | 'cut' | 'half' | 'hang' | 'drip' | 'slow' | 'meanwhile' | 'page' | 'answer';
  readonly status?: number;
  readonly delayMs?: number;
  readonly work?: () => void;
  readonly answer?: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** `graphql`, `media`, or a pattern for the path or the GraphQL text. */
  readonly where?: 'graphql' | 'media' | RegExp;
  /** How many requests; all when left out. */
  readonly times?: number;
  /** Applied after the request was executed: the write is done and its answer is lost. */
  readonly afterwards?: boolean;
};

export type Faults = {
  add(fault: Fault): void;
  clear(): void;
  /** The first matching fault; counts this use. */
  take(path: string, body: string, afterwards: boolean): Fault | null;
};

export function createFaults(): Faults {
  let faults: { fault: Fault; left: number }[] = [];
  return {
    add(fault) {
      faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY });
    },
    clear() {
      faults = [];
    },
    take(path, body, afterwards) {
      const found = faults.find(
        ({ fault, left }) =>
          left > 0 && (fault.afterwards ?? false) === afterwards && fits(fault, path, body),
      );
      if (!found) return null;
      found.left--;
      return found.fault;
    },
  };
}

function fits({ where }: Fault, path: string, body: string): boolean {
  if (where === undefined) return true;
  const isGraphql = path.startsWith('/graphql');
  if (where instanceof RegExp) return where.test(isGraphql ? body : path);
  return (where === 'graphql') === isGraphql;
}

/** @returns whether the fault has answered the request */
export async function suffer(
  fault: Fault,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<boolean> {
  switch (fault.kind) {
    case 'status':
      response.writeHead(fault.status ?? 500).end();
      return true;
    case 'cut':
      request.socket.resetAndDestroy();
      return true;
    case 'half':
      response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': '1000000' });
      response.write('{"data":{"found":{"items":[');
      await sleep(5);
      response.destroy();
      return true;
    case 'hang':
      return true;
    case 'drip':
      response.writeHead(200, { 'Content-Type': 'application/json' });
      while (!response.destroyed) {
        response.write(' ');
        await sleep(20);
      }
      return true;
    case 'page':
      response.writeHead(200, { 'Content-Type': 'text/html' }).end('<html><body>Bad gateway</body></html>');
      return true;
    case 'answer':
      response.writeHead(fault.status ?? 200, fault.answer?.headers).end(fault.answer?.body);
      return true;
    case 'meanwhile':
      fault.work?.();
      return false;
    case 'slow':
      await sleep(fault.delayMs ?? 1000);
      return false;
    default:
      throw new Error(`no such fault: ${String(fault.kind)}`);
  }
}
