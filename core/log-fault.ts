import { isSystemError, StashSenseError } from './errors.ts';
import type { Log } from './ports/log.ts';

/**
Logs the stack of an error that was not thrown on purpose. Every `catch` that does not rethrow calls it. Does nothing for
a `StashSenseError` and for system errors, whose sentence is enough.
*/
export function logFault(log: Pick<Log, 'error'>, error: unknown): void {
  if (error instanceof StashSenseError || isSystemError(error)) return;
  // The work was cancelled.
  if (error instanceof Error && error.name === 'AbortError') return;
  log.error(`Stash Sense has a fault, please report it: ${stackOf(error)}`);
}

/** The stack of the error and of its causes. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? String(error);
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackOf(error.cause)}`;
}
