import { messageOf } from '../../core/message-of.ts';
import type { Message } from '../../core/messages/message.ts';
import type { ask as askNode } from '../stash/operations.ts';
import type { Calls } from './hooks/use-stoppable.ts';

export type UndoReport = {
  readonly undone: number;
  readonly refused: number;
  /** Of the first refusal. */
  readonly reason: Message | null;
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
  let report: UndoReport = { undone: 0, refused: 0, reason: null, wasStopped: false, problem: null };
  let before: string | undefined;
  try {
    do {
      if (isStopped()) return { ...report, wasStopped: true };
      const call = await ask('journal.undo', {
        batchId,
        limit: CHANGES_PER_CALL,
        ...(before !== undefined && { before }),
      });
      report = {
        ...report,
        undone: report.undone + call.undone.length,
        refused: report.refused + call.refused.length,
        reason: report.reason ?? call.refused[0]?.reason ?? null,
      };
      onProgress(report.undone);
      before = call.next;
    } while (before !== undefined);
    return report;
  } catch (error) {
    return { ...report, problem: messageOf(error) };
  }
}
