/** What one stash-box answers with an error: of one performer it is theirs, of several in a row the box's. */
import { hasCode, messageOf } from '../../core/errors.ts';
import type { Context } from '../runs/task.ts';

export type Failures = {
  /**
  What `ask` says of these, without those of whom the box answers an error: they are asked about one by one then, and by the next
  run once more.
  @throws StashSenseError also `stash-box-failed`, after some in a row
  */
  withoutThose<One, Answer>(
    all: readonly One[],
    ask: (some: readonly One[]) => Promise<readonly Answer[]>,
  ): Promise<readonly Answer[]>;
  /** @throws StashSenseError the last error, where nothing was answered beside it */
  throwIfAllFailed(): void;
};

const FAILED_IN_A_ROW = 3;
/** The client tells those apart of whom the box fails, so that an error about more is the box's. */
const MOST_APART = 5;

export function createFailures({ log }: Pick<Context, 'log'>): Failures {
  let inARow = 0;
  let isAnswered = false;
  let last: unknown = null;

  async function withoutThose<One, Answer>(
    all: readonly One[],
    ask: (some: readonly One[]) => Promise<readonly Answer[]>,
  ): Promise<readonly Answer[]> {
    if (all.length === 0) return [];
    try {
      const answers = await ask(all);
      inARow = 0;
      isAnswered = true;
      return answers;
    } catch (error) {
      if (!hasCode(error, 'stash-box-failed') || all.length > MOST_APART) throw error;
      if (all.length === 1) {
        last = error;
        if (++inARow >= FAILED_IN_A_ROW) throw error;
        log.warn(messageOf(error));
        return [];
      }
      const half = Math.ceil(all.length / 2);
      return [
        ...(await withoutThose(all.slice(0, half), ask)),
        ...(await withoutThose(all.slice(half), ask)),
      ];
    }
  }

  return {
    withoutThose,
    throwIfAllFailed() {
      if (last !== null && !isAnswered) throw last;
    },
  };
}
