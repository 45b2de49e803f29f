import { messageOf } from './message-of.ts';
import { inEnglish } from './messages/english.ts';
import { joined, message, plain, type Message, type MessageId } from './messages/message.ts';

export { messageOf };

/** A code exists only where some caller treats it differently from the others. */
export type ErrorCode =
  /** Input of the user or of Stash is invalid. */
  | 'bad-input'
  /** Stash gave no answer, something else answered in its place, or the login was refused (401): the run ends and can be restarted. */
  | 'stash-unreachable'
  /** Stash answered with an error: unknown field, refused write. */
  | 'stash-refused'
  /** A stash-box does not answer as one: it has trouble, is not there, or is left alone for a while after failures. */
  | 'stash-box-unreachable'
  /** A stash-box did not take the key, or its user lacks the role. */
  | 'stash-box-refused'
  /** A stash-box answered with an error. */
  | 'stash-box-failed'
  /** The entity to be changed differs from what it was when the change was planned. */
  | 'changed-since'
  | 'not-found'
  /** The settings exclude it: it is not looked at, learnt or named. */
  | 'excluded'
  /** The settings name an exclusion that cannot be found: nothing is looked at, since it could be what is to be excluded. */
  | 'exclusion-unknown'
  /** A weights file is missing, or its hash is not the one in the catalogue. */
  | 'model-missing'
  /** A weights file has other inputs or outputs than the catalogue declares. */
  | 'model-mismatch'
  /** No usable inference engine, ffmpeg or Node. */
  | 'runtime-missing'
  /** The operating system refused something that every item needs: full or read-only disk, no permission, memory or file handles. */
  | 'machine-trouble'
  /** A download failed: the plugin goes on working without it. */
  | 'fetch-failed'
  /** A decoder cannot read this one file: counted and listed, not fatal. */
  | 'unreadable-media'
  /** A file of the library could not be opened this time: missing, not permitted, or reading it timed out. */
  | 'file-missing'
  /** The store cannot be used: newer version, full disk, damaged. */
  | 'store-unusable'
  /** Another process holds the lock or the run that this one needs. */
  | 'busy'
  | 'stopped';

export type ErrorPolicy = {
  /** `item`: the current item fails and the run goes on. `run`: every other item would fail too, so the run ends. */
  readonly scope: 'item' | 'run';
  /**
  For `item`: the item is retried up to its number of attempts; false: a retry would fail the same way. For `run`: the loop
  waits a little and retries the same item before the run ends.
  */
  readonly retry: boolean;
  /** For a write to Stash: this error proves that the step changed nothing. */
  readonly nothingWritten: boolean;
};

/** How each code is handled. The only place that decides it. */
export const ERROR_POLICY: Readonly<Record<ErrorCode, ErrorPolicy>> = {
  'bad-input': { scope: 'item', retry: false, nothingWritten: false },
  'stash-unreachable': { scope: 'run', retry: false, nothingWritten: false },
  'stash-refused': { scope: 'item', retry: true, nothingWritten: true },
  // Each concerns one box: the others, and all work without any, go on.
  'stash-box-unreachable': { scope: 'item', retry: true, nothingWritten: true },
  'stash-box-refused': { scope: 'item', retry: true, nothingWritten: true },
  'stash-box-failed': { scope: 'item', retry: true, nothingWritten: true },
  'changed-since': { scope: 'item', retry: true, nothingWritten: false },
  'not-found': { scope: 'item', retry: false, nothingWritten: true },
  excluded: { scope: 'item', retry: false, nothingWritten: true },
  'exclusion-unknown': { scope: 'run', retry: false, nothingWritten: true },
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

/** Any other error is a fault of the plugin: it fails the item, which is retried. */
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
  return isSystemError(error) ? ERROR_POLICY['machine-trouble'] : FAULT_POLICY;
}

/** Whether every other item would fail too: the loop over items rethrows these instead of counting them. */
export function isRunWide(error: unknown): boolean {
  return policyOf(error).scope === 'run';
}

/** Of several parts that failed each sentence on a line of its own, with the code of the first. @param errors at least one */
export function joinErrors(errors: readonly StashSenseError[]): StashSenseError {
  const [first] = errors;
  if (first === undefined) throw new Error('there is no error to be joined');
  if (errors.length === 1) return first;
  const said = joined(
    errors.map((error) => error.said),
    'joinedByLine',
  );
  return new StashSenseError(first.code, said ?? first.said, { cause: first });
}

export function hasCode(error: unknown, ...codes: readonly ErrorCode[]): error is StashSenseError {
  return error instanceof StashSenseError && codes.includes(error.code);
}

/** For `.catch`, where what is excluded counts as not there. */
export function nullIfExcluded(error: unknown): null {
  if (hasCode(error, 'excluded')) return null;
  throw error;
}

/** The sentence for the user; for an error that is not a `StashSenseError` its own message. */
export function saidOf(error: unknown): Message {
  return error instanceof SaidError ? error.said : plain(messageOf(error));
}

/** What the system's error codes mean that are about the machine and not about one file, and what to do. */
const SYSTEM_PROBLEMS: Readonly<Record<string, MessageId>> = {
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

/** Whether the error has one of the codes of `SYSTEM_PROBLEMS`. */
export function isSystemError(error: unknown): boolean {
  return systemProblem(error) !== null;
}

function systemProblem(error: unknown): MessageId | null {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return Object.hasOwn(SYSTEM_PROBLEMS, code) ? SYSTEM_PROBLEMS[code]! : null;
}

/** `doing`: what was tried, to stand before "failed", such as `machine.writingTo`. */
export function machineError(doing: Message, error: unknown): StashSenseError {
  const known = systemProblem(error);
  const trouble =
    known === null
      ? message('machine.other', {
          reason: error instanceof SaidError ? error.said : messageOf(error).replace(/\.$/, ''),
        })
      : message(known);
  return new StashSenseError('machine-trouble', message('machine.failed', { doing, trouble }), {
    cause: error,
  });
}

/** The system's own refusals as a sentence for the user; anything else as it is. */
export function toMachineError(doing: Message, error: unknown): unknown {
  return isSystemError(error) ? machineError(doing, error) : error;
}
