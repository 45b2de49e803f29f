import { messageOf } from './message-of.ts';
import { inEnglish } from './messages/english.ts';
import { message, plain, type Message, type MessageId } from './messages/message.ts';

export { messageOf };

/** A code exists only where some caller treats it differently from the others. */
export type ErrorCode =
  /** What the user or Stash handed us is not what it must be. */
  | 'bad-input'
  /** No answer from Stash, one that is not Stash's, or it does not let us in (401): the run stops and can be started again. */
  | 'stash-unreachable'
  /** Stash answered that it will not: unknown field, refused write. */
  | 'stash-refused'
  /** The thing to be changed is no longer what it was when the change was planned. */
  | 'changed-since'
  | 'not-found'
  /** A weights file is not there, or is not the one the catalogue names. */
  | 'model-missing'
  /** A weights file has other inputs or outputs than the catalogue declares. */
  | 'model-mismatch'
  /** No engine, ffmpeg or Node that could do the work. */
  | 'runtime-missing'
  /** The system refused what any file would have needed: full or read-only disk, no permission, memory or handles. */
  | 'machine-trouble'
  /** Something to be fetched could not be had: what is there goes on working without it. */
  | 'fetch-failed'
  /** A decoder says that this one file cannot be read: counted, listed, not fatal. */
  | 'unreadable-media'
  /** A file of the library that could not be had this time: not there, not permitted, or its reader gave no answer. */
  | 'file-missing'
  /** The store cannot be used: newer version, full disk, damaged. */
  | 'store-unusable'
  /** Another run holds what this one needs. */
  | 'busy'
  | 'stopped';

export type ErrorPolicy = {
  /** `item`: counted for the item in hand, and the run goes on. `run`: every other item would fail too, so the run ends. */
  readonly scope: 'item' | 'run';
  /**
  Of an item: it is tried again, up to its attempts; false: another try would end the same. Of a run: the loop waits a
  little and tries the same item again before it ends.
  */
  readonly retry: boolean;
  /** Ends a write to Stash with the certainty that this step changed nothing. */
  readonly nothingWritten: boolean;
};

/** What follows from each code. The only place that says so. */
export const ERROR_POLICY: Readonly<Record<ErrorCode, ErrorPolicy>> = {
  'bad-input': { scope: 'item', retry: false, nothingWritten: false },
  'stash-unreachable': { scope: 'run', retry: false, nothingWritten: false },
  'stash-refused': { scope: 'item', retry: true, nothingWritten: true },
  'changed-since': { scope: 'item', retry: true, nothingWritten: false },
  'not-found': { scope: 'item', retry: false, nothingWritten: true },
  'model-missing': { scope: 'run', retry: false, nothingWritten: false },
  'model-mismatch': { scope: 'run', retry: false, nothingWritten: false },
  'runtime-missing': { scope: 'run', retry: false, nothingWritten: false },
  'machine-trouble': { scope: 'run', retry: false, nothingWritten: false },
  'fetch-failed': { scope: 'item', retry: true, nothingWritten: false },
  'unreadable-media': { scope: 'item', retry: false, nothingWritten: false },
  'file-missing': { scope: 'item', retry: true, nothingWritten: false },
  'store-unusable': { scope: 'run', retry: false, nothingWritten: false },
  busy: { scope: 'run', retry: true, nothingWritten: false },
  stopped: { scope: 'run', retry: false, nothingWritten: false },
};

/** Anything that was not thrown on purpose is a fault of ours: it fails the item, which is tried again. */
const FAULT_POLICY: ErrorPolicy = { scope: 'item', retry: true, nothingWritten: false };

/** `said` is for the user, a sentence or a part of one; `message` is the same in English for logs, `cause` for the log alone. */
export class SaidError extends Error {
  readonly said: Message;

  constructor(said: Message, options?: { cause?: unknown }) {
    super(inEnglish(said), options);
    this.said = said;
  }
}

/** The only error that leaves its room on purpose. `said` is a sentence: what was expected, what came, what to do. */
export class StashSenseError extends SaidError {
  override name = 'StashSenseError' as const;
  readonly code: ErrorCode;

  constructor(code: ErrorCode, said: Message, options?: { cause?: unknown }) {
    super(said, options);
    this.code = code;
  }
}

export function policyOf(error: unknown): ErrorPolicy {
  if (error instanceof StashSenseError) return ERROR_POLICY[error.code];
  return isSystemTrouble(error) ? ERROR_POLICY['machine-trouble'] : FAULT_POLICY;
}

/** Trouble of the run and not of the item in hand: the loop rethrows these instead of counting them. */
export function isRunWide(error: unknown): boolean {
  return policyOf(error).scope === 'run';
}

export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is StashSenseError {
  return error instanceof StashSenseError && codes.includes(error.code);
}

/** What is said of it to the user. Of an error nobody threw on purpose only its own text is known. */
export function saidOf(error: unknown): Message {
  return error instanceof SaidError ? error.said : plain(messageOf(error));
}

/** What the system's error codes mean that are about the machine and not about one file, and what to do. */
const SYSTEM_TROUBLES: Readonly<Record<string, MessageId>> = {
  ENOSPC: 'machine.diskFull',
  EDQUOT: 'machine.quotaUsedUp',
  EROFS: 'machine.diskReadOnly',
  EACCES: 'machine.notPermitted',
  EPERM: 'machine.notPermitted',
  EMFILE: 'machine.processFiles',
  ENFILE: 'machine.machineFiles',
  EIO: 'machine.diskRefused',
  ENOMEM: 'machine.noMemory',
  EAGAIN: 'machine.noProcess',
};

/** Whether the system itself refused, whatever the file was. */
export function isSystemTrouble(error: unknown): boolean {
  return systemTroubleOf(error) !== null;
}

function systemTroubleOf(error: unknown): MessageId | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(SYSTEM_TROUBLES, code) ? SYSTEM_TROUBLES[code]! : null;
}

/** `doing`: what was tried, to stand before "failed", such as `machine.writingTo`. */
export function machineTrouble(doing: Message, error: unknown): StashSenseError {
  const known = systemTroubleOf(error);
  const trouble =
    known === null
      ? message('machine.other', { reason: messageOf(error).replace(/\.$/, '') })
      : message(known);
  return new StashSenseError('machine-trouble', message('machine.failed', { doing, trouble }), {
    cause: error,
  });
}

/** The system's own refusals as a sentence for the user; anything else as it is. */
export function namingTrouble(doing: Message, error: unknown): unknown {
  return isSystemTrouble(error) ? machineTrouble(doing, error) : error;
}
