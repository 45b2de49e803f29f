import type { Ask } from '../../../core/contract/operations.ts';
import { messageOf } from '../../../core/message-of.ts';
import type { Calls } from '../../shared/hooks/use-stoppable.ts';
import type { ask as askNode } from '../../stash/operations.ts';

export type Conditions = Extract<Ask<'suggestions.accept'>, { all: unknown }>['all'];

export type AcceptAllReport = {
  readonly accepted: number;
  readonly refused: number;
  readonly dryRun: boolean;
  readonly wasStopped: boolean;
  /** Why it ended before all was done; what was accepted until then stays. */
  readonly problem: string | null;
};

/** Suggestions per call: few enough that "Stop" takes effect within seconds and that no proxy times out. */
const SUGGESTIONS_PER_CALL = 40;

/** Accepts all matching suggestions in several calls, highest confidence first; refused ones stay in the list and are skipped. */
export async function acceptInCalls(
  ask: typeof askNode,
  all: Conditions,
  { onProgress, isStopped }: Calls,
): Promise<AcceptAllReport> {
  let report: AcceptAllReport = { accepted: 0, refused: 0, dryRun: false, wasStopped: false, problem: null };
  let batchId: string | undefined;
  try {
    for (;;) {
      if (isStopped()) return { ...report, wasStopped: true };
      // In a dry run accepted ones stay in the list too.
      const offset = report.refused + (report.dryRun ? report.accepted : 0);
      const call = await ask('suggestions.accept', {
        all,
        limit: SUGGESTIONS_PER_CALL,
        offset,
        // All of it can be undone together.
        ...(batchId !== undefined && { batchId }),
      });
      batchId = call.batchId;
      report = {
        ...report,
        accepted: report.accepted + call.accepted.length,
        refused: report.refused + call.refused.length,
        dryRun: call.dryRun,
      };
      onProgress(report.accepted);
      if (call.accepted.length + call.refused.length < SUGGESTIONS_PER_CALL) return report;
    }
  } catch (error) {
    return { ...report, problem: messageOf(error) };
  }
}
