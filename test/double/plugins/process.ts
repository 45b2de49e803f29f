/** Runs a plugin as Stash does: one process per call, JSON on stdin and stdout, log lines on stderr (Stash: pkg/plugin/raw.go). */
import { spawn, type ChildProcess } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import path from 'node:path';
import { toGoJson } from '../graphql/go-json.ts';
import type { LogLevel, StashLog } from '../stash-log.ts';
import type { Plugin, PluginTask } from './plugins.ts';

export type ServerConnection = {
  readonly Scheme: string;
  readonly Host: string;
  readonly Port: number;
  readonly cookie: string;
  readonly Dir: string;
};
/** `unread`: stdout was not a JSON object, and is returned unchanged. */
export type PluginOutput = {
  readonly error: string | null;
  readonly output: unknown;
  readonly unread: boolean;
};
export type PluginRun = {
  readonly child: ChildProcess;
  /** When stdout has ended and the process is gone. */
  readonly ended: Promise<PluginOutput>;
  /** SIGKILL to this one process, with no warning. */
  readonly kill: () => void;
};

/** @throws Error when it cannot be started, in Stash's words */
export async function startPlugin(
  plugin: Plugin,
  task: PluginTask | null,
  args: Readonly<Record<string, unknown>>,
  server: ServerConnection,
  options: {
    log: StashLog;
    env: NodeJS.ProcessEnv;
    onProgress?: (fraction: number) => void;
  },
): Promise<PluginRun> {
  const { log } = options;
  const { manifest, folder } = plugin;
  const [command = '', ...rest] = [...manifest.exec, ...(task?.execArgs ?? [])];
  // Only the arguments: the name of the program is not looked into.
  const argv = rest.map((argument) => argument.replaceAll('{pluginDir}', folder));
  const program = onPath(command, options.env['PATH'] ?? '') ?? path.join(folder, command);
  const name = manifest.name || plugin.id;

  const child = spawn(program, argv, { env: options.env, stdio: ['pipe', 'pipe', 'pipe'] });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error: NodeJS.ErrnoException) =>
      reject(
        new Error(
          `error running plugin: fork/exec ${program}: ${error.code === 'EACCES' ? 'permission denied' : 'no such file or directory'}`,
        ),
      ),
    );
  });
  child.on('error', () => {});
  log.write('Debug', `Plugin ${name} started: ${[command, ...argv].join(' ')}`);

  child.stdin.on('error', () => {});
  child.stdin.end(toInput(server, folder, { ...task?.defaultArgs, ...args }));
  readLog(child, name, manifest.errLog, log, options.onProgress);

  const stdout: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  const gone = new Promise<string | null>((resolve) => {
    child.once('exit', (status, signal) => resolve(toExitText(status, signal)));
  });
  const closed = new Promise<void>((resolve) => void child.stdout.once('close', resolve));
  return {
    child,
    kill: () => void child.kill('SIGKILL'),
    ended: Promise.all([gone, closed]).then(([exit]) => {
      log.write('Debug', `Plugin ${name} finished`);
      const said = readOutput(Buffer.concat(stdout).toString('utf8'));
      return exit !== null && said.error === null ? { error: exit, output: null, unread: false } : said;
    }),
  };
}

function onPath(command: string, searchPath: string): string | null {
  if (command.includes('/')) return isExecutable(command) ? command : null;
  for (const folder of searchPath.split(path.delimiter)) {
    const file = path.join(folder || '.', command);
    if (isExecutable(file)) return file;
  }
  return null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** One line, no newline; the keys of the connection in the order of Go's structs, those of the args sorted. */
function toInput(server: ServerConnection, folder: string, args: Readonly<Record<string, unknown>>): string {
  const connection = {
    Scheme: server.Scheme,
    Host: server.Host,
    Port: server.Port,
    SessionCookie: sessionCookie(server.cookie),
    Dir: server.Dir,
    PluginDir: folder,
  };
  return `{"server_connection":${JSON.stringify(connection)},"args":${toGoJson(args)}}`;
}

/** All fields of Go's http.Cookie. */
export function sessionCookie(value: string): object {
  return {
    Name: 'session',
    Value: value,
    Quoted: false,
    Path: '',
    Domain: '',
    Expires: '0001-01-01T00:00:00Z',
    RawExpires: '',
    MaxAge: 0,
    Secure: false,
    HttpOnly: false,
    SameSite: 0,
    Partitioned: false,
    Raw: '',
    Unparsed: null,
  };
}

/** What Go's json.Unmarshal makes of stdout: keys in any case, a wrong type leaves the key's zero value and keeps the text. */
function readOutput(text: string): PluginOutput {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { error: null, output: text, unread: true };
  }
  if (value === null) return { error: null, output: null, unread: false };
  if (typeof value !== 'object' || Array.isArray(value)) return { error: null, output: text, unread: true };
  let error: string | null = null;
  let output: unknown = null;
  for (const [key, it] of Object.entries(value)) {
    if (key.toLowerCase() === 'output') output = it;
    if (key.toLowerCase() === 'error' && it !== null) error = typeof it === 'string' ? it : '';
  }
  return { error, output, unread: false };
}

function toExitText(status: number | null, signal: NodeJS.Signals | null): string | null {
  const signals: Record<string, string> = { SIGKILL: 'killed', SIGABRT: 'aborted', SIGTERM: 'terminated' };
  if (signal) return `signal: ${signals[signal] ?? signal}`;
  return status === 0 ? null : `exit status ${status}`;
}

const LEVELS: Record<string, LogLevel> = { t: 'Trace', d: 'Debug', i: 'Info', w: 'Warning', e: 'Error' };
/** Go's bufio.Scanner gives up on a longer line, and nothing more is read. */
const MAX_LINE_BYTES = 64 << 10;

function readLog(
  child: ChildProcess,
  name: string,
  errLog: string,
  log: StashLog,
  onProgress: ((fraction: number) => void) | undefined,
): void {
  const plain = Object.values(LEVELS).find((level) => level.toLowerCase() === errLog.toLowerCase());
  const prefix = `[Plugin / ${name}] `;
  const line = (text: string): void => {
    // oxlint-disable-next-line no-control-regex -- SOH and STX are the protocol
    const [, level = '', message = ''] = /^\u0001(.)\u0002(.*)$/s.exec(text) ?? [];
    if (level === 'p') {
      const fraction = Number(message);
      if (message.trim() === '' || Number.isNaN(fraction))
        log.write('Error', `${prefix}Error parsing plugin progress value ${message}`);
      else onProgress?.(Math.min(1, Math.max(0, fraction)));
    } else if (LEVELS[level]) log.write(LEVELS[level], prefix + message);
    else if (errLog !== 'none' && text !== '') log.write(plain ?? 'Error', prefix + text);
  };
  let rest = Buffer.alloc(0);
  child.stderr?.on('data', (chunk: Buffer) => {
    rest = Buffer.concat([rest, chunk]);
    for (let end = rest.indexOf(10); end >= 0 && end < MAX_LINE_BYTES; end = rest.indexOf(10)) {
      line(rest.subarray(0, end).toString('utf8'));
      rest = rest.subarray(end + 1);
    }
    if (rest.length >= MAX_LINE_BYTES) child.stderr?.destroy();
  });
  child.stderr?.on('end', () => line(rest.toString('utf8')));
}
