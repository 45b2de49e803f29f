/** Many writes in one call: in chunks under the write lock, and each refused on its own. */
import { isRunWide, StashSenseError } from '../../core/errors.ts';
import type { Message } from '../../core/messages/message.ts';
import type { Context } from '../runs/task.ts';

/** Writes made under one acquisition of the write lock: another process waits for it as long as these take. */
export const WRITES_PER_LOCK = 20;
/** How long the lock is left free in between: longer than a waiting writer sleeps between two tries. */
export const LOCK_FREE_MS = 60;

/** The items in chunks, each to be written under the lock, with a pause for other writers in between. */
export async function* chunksPerLock<T>(
  { sleep }: Pick<Context, 'sleep'>,
  items: readonly T[],
): AsyncGenerator<readonly T[]> {
  for (let at = 0; at < items.length; at += WRITES_PER_LOCK) {
    if (at > 0) await sleep(LOCK_FREE_MS);
    yield items.slice(at, at + WRITES_PER_LOCK);
  }
}

/** The reason for refusing one item; rethrows errors that would affect every item. */
export function reasonOf(error: unknown): Message {
  if (!(error instanceof StashSenseError) || isRunWide(error)) throw error;
  return error.said;
}
