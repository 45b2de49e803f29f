import { messageOf } from '../../core/message-of.ts';
import type { Message } from '../../core/messages/message.ts';
import type { ask as askNode } from '../stash/operations.ts';
import type { Calls } from './hooks/use-stoppable.ts';

export type UndoReport = {
  readonly undone: number;
  readonly refused: number;
  /** Why not, each once. */
  readonly reasons: readonly Message[];
  readonly wasStopped: boolean;
  /** Why it ended before all was tried; what was undone until then stays so. */
  readonly problem: string | null;
};

/** Changes per call: few enough that "Stop" takes effect within seconds and that no proxy times out. */
const CHANGES_PER_CALL = 40;

/** Undoes a batch in several calls, the newest change first. */
export async function undoInCalls(
  ask: typeof askNode,
  batchId: string,
  { onProgress, isStopped }: Calls,
): Promise<UndoReport> {
  let undone = 0;
  let refused = 0;
  const reasons = new Map<string, Message>();
  const report = (end: Partial<UndoReport> = {}): UndoReport => ({
    undone,
    refused,
    reasons: [...reasons.values()],
    wasStopped: false,
    problem: null,
    ...end,
  });
  let before: string | undefined;
  try {
    do {
      if (isStopped()) return report({ wasStopped: true });
      const call = await ask('journal.undo', {
        batchId,
        limit: CHANGES_PER_CALL,
        ...(before !== undefined && { before }),
      });
      undone += call.undone.length;
      refused += call.refused.length;
      for (const { reason } of call.refused) reasons.set(JSON.stringify(reason), reason);
      onProgress(undone);
      before = call.next;
    } while (before !== undefined);
    return report();
  } catch (error) {
    return report({ problem: messageOf(error) });
  }
}
