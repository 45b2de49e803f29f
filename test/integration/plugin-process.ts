/** The bundle as Stash starts it, with a line to Stash on which it can be killed at any request. */
import { execFile, spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { existsSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { OperationFailure } from '../../core/contract/operation-failure.ts';

export const bundle = path.resolve(process.env['STASH_SENSE_BUNDLE'] ?? 'dist/stash-sense/main.mjs');

/**
When to send SIGKILL: at the n-th request, which is then `lost` on the way, `late` (Stash does it when we are dead), or
`answered` (and killed so much later); after a time; or when somebody else says so, such as another server that it asks.
*/
export type KillPoint =
  | { readonly request: number; readonly moment: Moment; readonly thenMs: number }
  | { readonly afterMs: number }
  | { readonly by: (kill: () => void) => void };

export type Moment = 'lost' | 'late' | 'answered';

export type Ended = {
  readonly killed: boolean;
  readonly output: unknown;
  readonly error: string | null;
  /** Requests it made. */
  readonly requests: number;
  readonly ms: number;
  readonly stdout: string;
  readonly stderr: string;
};

export type Line = {
  readonly url: string;
  /** Called with the number of each request before Stash sees it and after it has answered; false: it goes no further. */
  onRequest: (n: number, when: 'before' | 'after', body: string) => Promise<boolean>;
  close(): Promise<void>;
};

/** Hands everything on to Stash and back. */
export async function openLine(stashUrl: string): Promise<Line> {
  const target = new URL(stashUrl);
  let count = 0;
  const line: Line = {
    url: '',
    onRequest: () => Promise.resolve(true),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => void server.close(resolve));
    },
  };
  const pass = async (
    n: number,
    request: http.IncomingMessage,
    response: http.ServerResponse,
  ): Promise<void> => {
    const body = await bytesOf(request);
    if (!(await line.onRequest(n, 'before', body.toString('utf8')))) response.destroy();
    else {
      const answer = await new Promise<http.IncomingMessage>((resolve, reject) => {
        http
          .request(
            {
              host: target.hostname,
              port: target.port,
              method: request.method,
              path: request.url,
              headers: request.headers,
            },
            resolve,
          )
          .on('error', reject)
          .end(body);
      });
      const answered = await bytesOf(answer);
      await line.onRequest(n, 'after', body.toString('utf8'));
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.end(answered);
    }
  };
  const server = http.createServer((request, response) => {
    pass(++count, request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return Object.assign(line, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function bytesOf(message: http.IncomingMessage): Promise<Buffer> {
  const parts: Buffer[] = [];
  for await (const part of message as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts);
}

/** Starts the plugin once and waits for its end, killed or not. */
export async function runPlugin(
  {
    stashUrl,
    configDir,
    env = {},
    cookie = null,
  }: {
    stashUrl: string;
    configDir: string;
    env?: Readonly<Record<string, string>>;
    /** Value of the session's. */
    cookie?: string | null;
  },
  args: Readonly<Record<string, unknown>>,
  kill: KillPoint | null = null,
  options: { bundle?: string } = {},
): Promise<Ended> {
  const file = options.bundle ?? bundle;
  if (!existsSync(file)) throw new Error(`${file} is not there: run npm run build first.`);
  const ended = await runOnLine(stashUrl, kill, (url) => {
    const { hostname, port } = new URL(url);
    const child = spawn(process.execPath, ['--no-warnings', file, '--stash'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { ...process.env, ...env },
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(
      JSON.stringify({
        server_connection: {
          Scheme: 'http',
          Host: hostname,
          Port: Number(port),
          SessionCookie: cookie === null ? null : { Name: 'session', Value: cookie },
          Dir: configDir,
          PluginDir: path.dirname(file),
        },
        args,
      }),
    );
    return child;
  });
  if (ended.killed) return { ...ended, output: null, error: null };
  try {
    const { output = null, error = null } = JSON.parse(ended.stdout) as { output?: unknown; error?: string };
    // An operation answers its failure; of a task it is the error.
    const { operationError } = (output ?? {}) as Partial<OperationFailure>;
    return operationError === undefined
      ? { ...ended, output, error }
      : { ...ended, output: null, error: operationError.text };
  } catch {
    throw new Error(`The plugin wrote no JSON but "${ended.stdout}"; ${ended.stderr}`);
  }
}

/** Starts a process that reaches Stash over a line of its own, and waits for its end, killed or not. */
export async function runOnLine(
  stashUrl: string,
  kill: KillPoint | null,
  start: (url: string) => ChildProcessWithoutNullStreams,
): Promise<Omit<Ended, 'output' | 'error'>> {
  const line = await openLine(stashUrl);
  const began = performance.now();
  const child = start(line.url);
  let killed = false;
  let requests = 0;
  const end = (): void => {
    killed = child.kill('SIGKILL');
  };
  if (kill !== null && 'afterMs' in kill) setTimeout(end, kill.afterMs).unref();
  if (kill !== null && 'by' in kill) kill.by(end);
  line.onRequest = async (n, when) => {
    requests = Math.max(requests, n);
    if (kill === null || !('request' in kill) || n !== kill.request) return true;
    if ((when === 'before') !== (kill.moment !== 'answered')) return true;
    // Also a moment later, when the answer is there and being worked on.
    if (kill.thenMs > 0 && when === 'after') setTimeout(end, kill.thenMs).unref();
    else {
      end();
      await new Promise((resolve) => void child.once('exit', resolve));
    }
    return kill.moment !== 'lost';
  };
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (part: Buffer) => stdout.push(part));
  child.stderr.on('data', (part: Buffer) => stderr.push(part));
  const signal = await new Promise<NodeJS.Signals | null>(
    (resolve) => void child.once('close', (_code, its) => resolve(its)),
  );
  const ms = performance.now() - began;
  await line.close();
  killed = signal === 'SIGKILL';
  return {
    killed,
    requests,
    ms,
    stdout: Buffer.concat(stdout).toString('utf8'),
    stderr: Buffer.concat(stderr).toString('utf8'),
  };
}

export type Answered = {
  /** Its exit code, or the signal that ended it. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
};

/** A command as it is given in a terminal. */
export async function runCommand(
  args: readonly string[],
  {
    env = {},
    cwd,
    timeoutMs = 0,
  }: { env?: Readonly<Record<string, string>>; cwd?: string; timeoutMs?: number } = {},
): Promise<Answered> {
  return await new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--no-warnings', bundle, ...args],
      { cwd, env: { ...process.env, ...env }, timeout: timeoutMs, killSignal: 'SIGKILL' },
      (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : (error.signal ?? Number(error.code)), stdout, stderr }),
    );
  });
}
