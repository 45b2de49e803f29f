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

/** The only error thrown on purpose. `message` is for the user (expected, came, what to do), `cause` for the log. */
export class StashSenseError extends Error {
  override name = 'StashSenseError' as const;
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.code = code;
  }
}

export function isRunWide(error: unknown): boolean {
  return error instanceof StashSenseError && RUN_WIDE.has(error.code);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
