import { messageOf } from './message-of.ts';
import { inEnglish } from './messages/english.ts';
import { plain, type Message } from './messages/message.ts';

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
  /** Something to be fetched could not be had: what is there goes on working without it. */
  | 'fetch-failed'
  /** One file that cannot be read: counted, listed, not fatal. */
  | 'unreadable-media'
  /** A file that Stash names and the disk has not: it may come back with the disk, so it is not given up at once. */
  | 'file-missing'
  /** The store cannot be used: newer version, full disk, damaged. */
  | 'store-unusable'
  /** Another run holds what this one needs. */
  | 'busy'
  | 'stopped';

/** Trouble of the run and not of the item in hand: the loop rethrows these instead of counting them. */
const RUN_WIDE: ReadonlySet<ErrorCode> = new Set([
  'stash-unreachable',
  'model-missing',
  'model-mismatch',
  'runtime-missing',
  'store-unusable',
  'stopped',
]);

/**
The only error thrown on purpose. `said` is for the user (expected, came, what to do), `message` the same in English for
logs, `cause` for the log alone.
*/
export class StashSenseError extends Error {
  override name = 'StashSenseError' as const;
  readonly code: ErrorCode;
  readonly said: Message;

  /** @param said a text is said as it stands, in whatever language */
  constructor(code: ErrorCode, said: Message | string, options?: { cause?: unknown }) {
    const sentence = typeof said === 'string' ? plain(said) : said;
    super(inEnglish(sentence), options);
    this.code = code;
    this.said = sentence;
  }
}

export function isRunWide(error: unknown): boolean {
  return error instanceof StashSenseError && RUN_WIDE.has(error.code);
}

/** What is said of it to the user. Of an error nobody threw on purpose only its own text is known. */
export function saidOf(error: unknown): Message {
  return error instanceof StashSenseError ? error.said : plain(messageOf(error));
}

export { messageOf };
