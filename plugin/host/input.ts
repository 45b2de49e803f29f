import { fstatSync, readSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { StashSenseError } from '../../core/errors.ts';
import { message, type Message } from '../../core/messages/message.ts';
import type { Cookie } from '../stash/session.ts';

/** The JSON that Stash writes to stdin of each process it starts, validated. */
export type PluginInput = {
  /** Address at which this process reaches the Stash that started it. */
  readonly baseUrl: string;
  /** Valid for an hour after its last renewal; null when Stash sent none. */
  readonly cookie: Cookie | null;
  /** Folder of config.yml, absolute. */
  readonly configDir: string;
  /** `defaultArgs` of stash-sense.yml arrive as strings, the caller's `args_map` with its types. */
  readonly args: Readonly<Record<string, unknown>>;
};

const StdinJson = z.object({
  server_connection: z.object({
    Scheme: z.enum(['http', 'https']),
    Host: z.string().nullish(),
    Port: z.int().min(1).max(65535),
    // Go's http.Cookie; newer versions of Go add fields.
    SessionCookie: z.object({ Name: z.string(), Value: z.string(), Quoted: z.boolean().nullish() }).nullish(),
    Dir: z.string().min(1),
  }),
  args: z.record(z.string(), z.unknown()).nullish(),
});

type Stdin = AsyncIterable<Uint8Array | string> & { isTTY?: boolean; destroy?(): unknown };

const MAX_INPUT_BYTES = 32 << 20;
/** Stash writes immediately and closes stdin; an unused open pipe would block for ever. */
const MAX_WAIT_MS = 30_000;

/**
Standard input of a process that Stash started. Stash writes all of it at once, so it is waited for without a stream: to load Node's
takes a twentieth of a question of the page. So `MAX_WAIT_MS` does not hold here. A terminal is left to who reads it.
*/
export function inputFromStash(): Stdin {
  return fstatSync(STDIN).isCharacterDevice() ? process.stdin : readWaiting();
}

const STDIN = 0;
const CHUNK_BYTES = 64 << 10;

async function* readWaiting(): AsyncGenerator<Uint8Array | string> {
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const length = readSync(STDIN, chunk);
      if (length === 0) return;
      yield chunk.subarray(0, length);
    }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // Windows says so at the end of a pipe.
    if (code === 'EOF') return;
    if (code !== 'EAGAIN') throw error;
  }
  // The other end was made one that does not wait, for all who read from it.
  yield* process.stdin as AsyncIterable<Uint8Array>;
}

/** @throws StashSenseError `bad-input` */
export async function readPluginInput(stdin: Stdin): Promise<PluginInput> {
  const text = await readAll(stdin);
  const parsed = StdinJson.safeParse(parseJson(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const field = issue?.path.join('.') ?? '';
    throw badInput(message('host.cameOther', { field, problem: issue?.message ?? '' }), parsed.error);
  }
  const { server_connection: server, args } = parsed.data;
  const cookie = server.SessionCookie;
  return {
    baseUrl: `${server.Scheme}://${toReachableHost(server.Host ?? '')}:${server.Port}`,
    cookie: cookie ? { name: cookie.Name, value: cookie.Quoted ? `"${cookie.Value}"` : cookie.Value } : null,
    configDir: path.resolve(server.Dir),
    args: args ?? {},
  };
}

/**
Host to connect to, from the host Stash listens on: loopback for "all addresses". Removes an IPv6 zone (`%eth0`), which a URL
cannot hold; `toConnectHost` adds it.
*/
function toReachableHost(host: string): string {
  const bare = host
    .trim()
    .replace(/^\[|\]$/g, '')
    .replace(/%.*$/, '');
  if (bare === '' || bare === '0.0.0.0') return '127.0.0.1';
  if (bare === '::') return '[::1]';
  return bare.includes(':') ? `[${bare}]` : bare;
}

async function readAll(stdin: Stdin): Promise<string> {
  if (stdin.isTTY) throw badInput(message('host.cameTerminal'));
  const chunks: Buffer[] = [];
  let size = 0;
  const timeout = new Promise<never>((_, reject) => {
    setTimeout(() => {
      reject(badInput(message('host.cameNothingWithin', { seconds: MAX_WAIT_MS / 1000 })));
      stdin.destroy?.();
    }, MAX_WAIT_MS).unref();
  });
  const read = async (): Promise<string> => {
    for await (const chunk of stdin) {
      const bytes = Buffer.from(chunk as Uint8Array);
      size += bytes.length;
      if (size > MAX_INPUT_BYTES)
        throw badInput(message('host.cameTooMuch', { megabytes: MAX_INPUT_BYTES >> 20 }));
      chunks.push(bytes);
    }
    return Buffer.concat(chunks).toString('utf8');
  };
  return await Promise.race([read(), timeout]);
}

function parseJson(text: string): unknown {
  if (text.trim() === '') throw badInput(message('host.cameNothing'));
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw badInput(message('host.cameNoJson'), cause);
  }
}

function badInput(came: Message, cause?: unknown): StashSenseError {
  return new StashSenseError('bad-input', message('host.noInput', { came }), { cause });
}
