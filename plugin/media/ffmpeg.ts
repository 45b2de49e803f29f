import { accessSync, constants } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { hasCode, machineError, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import type { Ffmpeg } from '../../core/ports/media.ts';
import { type ChildProcess, killProcess, startProcess } from '../system/child-process.ts';

/** Paths of two binaries that can be started; they can be in different folders. */
export type FfmpegPaths = { readonly ffmpeg: string; readonly ffprobe: string };

/** A running child process; the caller reads its stdout. */
export type FfmpegProcess = {
  readonly child: ChildProcess;
  /** The last message on stderr, as one line; empty when there was none. */
  lastMessageOnStderr(): string;
  /** The stored end of stderr, for searching error texts in it. */
  stderrTail(): string;
  /** Why it could not be started; null when it was. */
  startError(): NodeJS.ErrnoException | null;
  /** The signal that ended it, unless sent by `kill`, on Windows the code of a crash; null when there was none. */
  endedBy(): string | null;
  /** Exit code, null when it was killed or could not be started. */
  readonly ended: Promise<number | null>;
  /** Does nothing when it has ended. */
  kill(): void;
};

const STDERR_KEPT_CHARACTERS = 4000;

/** Where the binaries are searched: configured paths, PATH, further paths of the caller. */
export type FfmpegLocations = {
  /** Paths from the Stash that started the plugin, or from the user. Never paths from another machine, since they would be executed. */
  readonly named?: { readonly ffmpegPath: string | null; readonly ffprobePath: string | null } | null;
  /** The PATH to search, as the environment has it. */
  readonly pathVariable?: string | undefined;
  readonly fallback?: FfmpegPaths | null;
};

/** The first ffmpeg and the first ffprobe that can be started. Null: one of the two is missing. */
export async function findFfmpeg(places: FfmpegLocations): Promise<FfmpegPaths | null> {
  const candidates = candidatesIn(places);
  const ffmpeg = await firstThatStarts(candidates.ffmpeg);
  const ffprobe = await firstThatStarts(candidates.ffprobe);
  return ffmpeg !== null && ffprobe !== null ? { ffmpeg, ffprobe } : null;
}

/** The first existing file of each; none is started. */
export async function locateFfmpeg(places: FfmpegLocations): Promise<FfmpegPaths | null> {
  const candidates = candidatesIn(places);
  const ffmpeg = await firstOf(candidates.ffmpeg, isExecutable);
  const ffprobe = await firstOf(candidates.ffprobe, isExecutable);
  return ffmpeg !== null && ffprobe !== null ? { ffmpeg, ffprobe } : null;
}

function candidatesIn({
  named,
  pathVariable,
  fallback,
}: FfmpegLocations): Record<keyof FfmpegPaths, string[]> {
  const folders = (pathVariable ?? '').split(path.delimiter).filter((folder) => folder !== '');
  const onPath = (name: string): string[] => folders.map((folder) => path.join(folder, executable(name)));
  const besideNamed = named?.ffmpegPath
    ? [path.join(path.dirname(named.ffmpegPath), executable('ffprobe'))]
    : [];
  return {
    ffmpeg: [...list(named?.ffmpegPath), ...onPath('ffmpeg'), ...list(fallback?.ffmpeg)],
    ffprobe: [...list(named?.ffprobePath), ...besideNamed, ...onPath('ffprobe'), ...list(fallback?.ffprobe)],
  };
}

/** The npm packages with ffmpeg in a checkout, for tests and the demo; `from` is a file in the checkout. Released packages have none. */
export function developmentFfmpeg(from: string): FfmpegPaths | null {
  try {
    const require = createRequire(from);
    const { path: ffmpeg } = require('@ffmpeg-installer/ffmpeg') as { path: string };
    const { path: ffprobe } = require('@ffprobe-installer/ffprobe') as { path: string };
    return { ffmpeg, ffprobe };
  } catch {
    return null;
  }
}

export function createFfmpeg(ffmpegPath: string): Ffmpeg {
  return {
    path: ffmpegPath,
    run: async (args, options) => await runToEnd(ffmpegPath, args, options),
  };
}

/** Runs ffmpeg or ffprobe to its end and returns its stdout; errors as in `Ffmpeg.run`. */
export async function runToEnd(
  binary: string,
  args: readonly string[],
  {
    maxBytes,
    timeoutMs,
    ...options
  }: StartOptions & { readonly maxBytes: number; readonly timeoutMs: number },
): Promise<Uint8Array> {
  const running = startFfmpeg(binary, args, options);
  const parts: Buffer[] = [];
  let bytes = 0;
  let tooMuch = false;
  let tooLong = false;
  const timer = setTimeout(() => {
    tooLong = true;
    running.kill();
  }, timeoutMs);
  running.child.stdout?.on('data', (part: Buffer) => {
    bytes += part.length;
    if (bytes > maxBytes) {
      tooMuch = true;
      running.kill();
    } else parts.push(part);
  });
  const code = await running.ended;
  clearTimeout(timer);
  const name = path.basename(binary);
  options.signal?.throwIfAborted();
  if (tooLong)
    throw new StashSenseError(
      'file-missing',
      message('media.noAnswerWithin', { program: name, seconds: timeoutMs / 1000 }),
    );
  if (tooMuch)
    throw new StashSenseError(
      'unreadable-media',
      message('media.wroteTooMuch', { program: name, bytes: maxBytes }),
    );
  if (code !== 0) throw toProcessError(binary, 'media.itCannotBeRead', running);
  return Buffer.concat(parts);
}

type StartOptions = {
  readonly input?: Uint8Array | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onStderrLine?: (line: string) => void;
};

/**
Starts a child without inherited stdio that ends with this process: it is killed at exit, and
after a SIGKILL of this process its next write to the closed pipe ends it.
*/
export function startFfmpeg(
  binary: string,
  args: readonly string[],
  { input, signal, onStderrLine }: StartOptions = {},
): FfmpegProcess {
  signal?.throwIfAborted();
  const child = startProcess(binary, args, { stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
  let startError: NodeJS.ErrnoException | null = null;
  let endedBy: string | null = null;
  let killed = false;
  let tail = '';
  let line = '';
  const kill = (): void => {
    killed = true;
    killProcess(child);
  };

  const ended = new Promise<number | null>((resolve) => {
    child.once('error', (error) => {
      startError = error;
      resolve(null);
    });
    child.once('close', (code, by) => {
      if (!killed) endedBy = by ?? crashOnWindows(code);
      resolve(code);
    });
  });
  process.on('exit', kill);
  signal?.addEventListener('abort', kill, { once: true });
  void ended.finally(() => {
    process.off('exit', kill);
    signal?.removeEventListener('abort', kill);
  });

  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (line + text).split(/[\r\n]+/);
    line = (lines.pop() ?? '').slice(-STDERR_KEPT_CHARACTERS);
    for (const complete of lines) {
      onStderrLine?.(complete);
      tail = `${tail}\n${complete}`.slice(-STDERR_KEPT_CHARACTERS);
    }
  });
  child.stderr?.on('end', () => {
    if (line !== '') onStderrLine?.(line);
    tail = `${tail}\n${line}`;
  });
  if (input && child.stdin) {
    // ffmpeg can exit before reading all of stdin: its exit code decides, not the pipe error.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  }
  return {
    child,
    ended,
    kill,
    stderrTail: () => tail,
    lastMessageOnStderr: () => startError?.message ?? lastMessage(tail),
    startError: () => startError,
    endedBy: () => endedBy,
  };
}

/** System errors in ffmpeg's last line of stderr, and their codes. */
const SYSTEM_ERRORS: readonly (readonly [RegExp, string])[] = [
  [/(^|: )No space left on device$/, 'ENOSPC'],
  [/(^|: )Disk quota exceeded$/, 'EDQUOT'],
  [/(^|: )Read-only file system$/, 'EROFS'],
  [/(^|: )Too many open files$/, 'EMFILE'],
  [/(^|: )Too many open files in system$/, 'ENFILE'],
];
/** Errors of opening the input file. */
const FILE_ERRORS: readonly (readonly [RegExp, string])[] = [
  [/(^|: )Permission denied$/, 'EACCES'],
  [/(^|: )No such file or directory$/, 'ENOENT'],
  [/(^|: )Input\/output error$/, 'EIO'],
  [/(^|: )Stale (NFS )?file handle$/, 'ESTALE'],
];

/**
The error for a failed process of ffmpeg or ffprobe. Only a message of the decoder blames the file: a binary that cannot be
started, or a system without disk space or handles, would fail with any file. A lack of memory does blame the file, because
damaged files cause impossible allocations.
*/
export function toProcessError(
  binary: string,
  unreadable: 'media.itCannotBeRead' | 'media.videoCannotBeRead',
  ended: Pick<FfmpegProcess, 'lastMessageOnStderr' | 'stderrTail' | 'startError' | 'endedBy'>,
): StashSenseError {
  const name = path.basename(binary);
  const cause = ended.stderrTail();
  const startError = ended.startError();
  if (startError !== null && /^(ENOENT|EACCES|EPERM|ENOEXEC)$/.test(startError.code ?? ''))
    return new StashSenseError(
      'runtime-missing',
      message('media.programCannotStart', { program: binary, reason: startError.code ?? '' }),
      { cause: startError },
    );
  if (startError !== null) return machineError(message('machine.starting', { program: binary }), startError);
  const lastMessageOnStderr = ended.lastMessageOnStderr();
  const systems = codeOf(SYSTEM_ERRORS, lastMessageOnStderr);
  if (systems !== null) return machineError(message('machine.readingWith', { program: name }), systems);
  // The kernel's out-of-memory killer.
  const by = ended.endedBy();
  if (by === 'SIGKILL' || by === 'SIGTERM')
    return new StashSenseError(
      'file-missing',
      message('media.programWasEnded', { program: name, signal: by }),
      {
        cause,
      },
    );
  if (by !== null)
    return new StashSenseError(
      'unreadable-media',
      message('media.programCrashed', { program: name, signal: by }),
      {
        cause,
      },
    );
  const files = codeOf(FILE_ERRORS, lastMessageOnStderr);
  return new StashSenseError(
    files === null ? 'unreadable-media' : 'file-missing',
    message(unreadable, {
      program: name,
      complaint: lastMessageOnStderr.replace(/\.$/, '') || message('media.saidNothing'),
    }),
    { cause: files ?? cause },
  );
}

/** Whether the program failed in itself, which another one may not do. */
export function isCrash(error: unknown): boolean {
  return error instanceof StashSenseError && error.said.id === 'media.programCrashed';
}

/** Exit codes from 0xC0000000 on are exceptions, such as an access violation. */
function crashOnWindows(code: number | null): string | null {
  const isException = code !== null && code >= 0xc000_0000 && code <= 0xc000_ffff;
  return isException ? `0x${code.toString(16)}` : null;
}

/** The system error as Node would have thrown it. */
function codeOf(words: typeof SYSTEM_ERRORS, lastMessageOnStderr: string): Error | null {
  const [, code] = words.find(([pattern]) => pattern.test(lastMessageOnStderr)) ?? [];
  return code === undefined ? null : Object.assign(new Error(lastMessageOnStderr), { code });
}

/** An absolute path, so that ffmpeg cannot read the name as an option or a protocol. */
export function fileArgument(file: string): string {
  return `file:${path.resolve(file)}`;
}

async function firstThatStarts(candidates: readonly string[]): Promise<string | null> {
  return await firstOf(candidates, async (candidate) => {
    if (!isExecutable(candidate)) return false;
    try {
      const words = await runToEnd(candidate, ['-version'], { maxBytes: 1e6, timeoutMs: 20_000 });
      return /^ff(mpeg|probe) version/.test(Buffer.from(words).toString('utf8'));
    } catch (error) {
      if (hasCode(error, 'machine-trouble')) throw error;
      // A binary of another platform, or no ffmpeg: the next path is tried.
      return false;
    }
  });
}

async function firstOf(
  candidates: readonly string[],
  fits: (candidate: string) => boolean | Promise<boolean>,
): Promise<string | null> {
  for (const candidate of new Set(candidates)) if (await fits(candidate)) return candidate;
  return null;
}

/** Synchronously, as the sizes of weights are read (models/catalog/weights.ts). */
function isExecutable(file: string): boolean {
  try {
    accessSync(file, process.platform === 'win32' ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function executable(name: string): string {
  return process.platform === 'win32' ? `${name}.exe` : name;
}

function list(value: string | null | undefined): string[] {
  return value ? [value] : [];
}

/** The last line of stderr has the reason; object addresses and the path are removed. */
function lastMessage(tail: string): string {
  const lines = tail
    .split('\n')
    .map((line) =>
      line
        .replace(/^\[[^\]]* @ 0x[0-9a-f]+\]\s*/, '')
        .replace(/^file:.*?: (?=[^:]+$)/, '')
        .trim(),
    )
    .filter((text) => text !== '' && !text.startsWith('[Parsed_'));
  return lines.at(-1)?.slice(0, 300) ?? '';
}
