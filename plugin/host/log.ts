import type { Log } from '../../core/ports/log.ts';
import { toBlankedLine, toPrintableLine } from '../../core/printable.ts';
import type { Secrets } from '../system/redactor.ts';

type Sink = Pick<NodeJS.WriteStream, 'write' | 'on'>;

/** Stash stops reading stderr for good at a line of 64 KiB; 8000 characters are at most 32 kB. */
const MAX_LINE_CHARACTERS = 8000;
/** Stash may drop a progress message, since it forwards them without blocking: the last one is repeated. */
const PROGRESS_EVERY_MS = 1000;
const PROGRESS_AT_MOST_EVERY_MS = 200;

/** A log on stderr in Stash's format: each line is SOH, level, STX, text (Stash: pkg/logger/plugin.go). */
export function createStashLog(secrets: Pick<Secrets, 'redact'>, stderr: Sink = process.stderr): Log {
  const write = createWriter(stderr);
  const at =
    (level: string) =>
    (message: string): void => {
      for (const line of toLines(secrets.redact(message), toBlankedLine))
        write(`\u0001${level}\u0002${line}\n`);
    };
  return {
    debug: at('d'),
    info: at('i'),
    warn: at('w'),
    error: at('e'),
    progress: createProgress((fraction) => write(`\u0001p\u0002${fraction.toFixed(4)}\n`)),
  };
}

/** Ignores write errors: a closed pipe (EPIPE) must not end the process. */
function createWriter(stderr: Sink): (text: string) => void {
  stderr.on('error', () => {});
  return (text) => {
    try {
      stderr.write(text);
    } catch {
      // stderr was closed meanwhile, so the error cannot be reported.
    }
  };
}

function createProgress(send: (fraction: number) => void): (fraction: number) => void {
  let last = 0;
  let sentAt = 0;
  let timer: NodeJS.Timeout | null = null;
  const sendNow = (): void => {
    sentAt = performance.now();
    send(last);
  };
  return (fraction) => {
    if (!Number.isFinite(fraction)) return;
    last = Math.min(1, Math.max(0, fraction));
    timer ??= setInterval(sendNow, PROGRESS_EVERY_MS).unref();
    if (sentAt === 0 || performance.now() - sentAt >= PROGRESS_AT_MOST_EVERY_MS) sendNow();
  };
}

/** Splits into lines and shortens long ones. `show` replaces control characters, which names of files may hold. */
function toLines(message: string, show: (line: string) => string): string[] {
  return message
    .split(/\r\n|\n|\r/)
    .map((part) => show(part).trimEnd())
    .filter((part) => part !== '')
    .map((part) => (part.length > MAX_LINE_CHARACTERS ? `${part.slice(0, MAX_LINE_CHARACTERS - 1)}…` : part));
}

/** A log for the command line: plain lines; on a terminal the progress is one line that is overwritten. */
export function createTerminalLog(
  secrets: Pick<Secrets, 'redact'>,
  options: { verbose?: boolean } = {},
  stderr: Sink & { isTTY?: boolean } = process.stderr,
): Log {
  const write = createWriter(stderr);
  const canOverwrite = stderr.isTTY === true;
  let progressShown = false;
  let lastTenth = -1;
  const clear = (): void => {
    if (progressShown) write('\r\u001b[K');
    progressShown = false;
  };
  const at =
    (prefix: string) =>
    (message: string): void => {
      clear();
      for (const line of toLines(secrets.redact(message), toPrintableLine)) write(`${prefix}${line}\n`);
    };
  return {
    debug: options.verbose ? at('  ') : () => {},
    info: at(''),
    warn: at('warning: '),
    error: at('error: '),
    progress(fraction) {
      if (!Number.isFinite(fraction)) return;
      const percent = Math.floor(Math.min(1, Math.max(0, fraction)) * 100);
      if (canOverwrite) {
        write(`\r\u001b[K${percent} %`);
        progressShown = true;
        if (percent === 100) clear();
      } else if (Math.floor(percent / 10) > lastTenth) {
        lastTenth = Math.floor(percent / 10);
        write(`${percent} %\n`);
      }
    },
  };
}
