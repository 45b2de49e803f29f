import { isSystemTrouble, StashSenseError } from './errors.ts';
import type { Log } from './ports/log.ts';

/**
Writes the stack of what was not thrown on purpose to the log, whatever becomes of the error otherwise. To be called in
every `catch` that does not rethrow. Does nothing for errors whose sentence says it all.
*/
export function logFault(log: Pick<Log, 'error'>, error: unknown): void {
  if (error instanceof StashSenseError || isSystemTrouble(error)) return;
  // Somebody asked it to end.
  if (error instanceof Error && error.name === 'AbortError') return;
  log.error(`Stash Sense has a fault, please report it: ${stackOf(error)}`);
}

/** With the stacks of its causes. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? String(error);
  return error.cause === undefined ? own : `${own}\nCaused by: ${stackOf(error.cause)}`;
}
