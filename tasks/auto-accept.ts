import type { Subject } from '../core/content-id.ts';
import { messageOf, StashSenseError } from '../core/errors.ts';
import { acceptSuggestions, inPieces, type AcceptReport } from './accept.ts';
import { SCAN_LIST } from '../core/runs/tasks.ts';
import type { Context, Slice } from './task.ts';

const PAGE = 200;

/**
Writes matches by itself from the confidence on that the user chose; off unless they did.

What somebody has undone is not written again.
*/
export async function acceptByItself(
  context: Context,
  slice: Slice,
  subject?: Subject,
): Promise<'done' | 'slice over'> {
  const { settings, log } = context;
  if (settings.autoAcceptConfidence <= 0) return 'done';
  // Of a dry run the first turn has said it all.
  if (settings.dryRun && subject === undefined && slice.run.slices > 1) return 'done';
  for await (const some of inPieces(await openAboveTheBar(context, subject))) {
    // What is left is still open.
    if (subject === undefined && (await slice.over())) return 'slice over';
    const report = await writeUnlessBusy(context, some, slice);
    if (report === null) return 'done';
    const { accepted, refused, dryRun } = report;
    log.info(
      `${dryRun ? 'Dry run: would have added' : 'Added'} ${accepted.length} performers by itself${refused.length > 0 ? `; refused: ${refused.map(({ reason }) => reason).join(' ')}` : '.'}`,
    );
  }
  return 'done';
}

/** What is open of this subject; without one, of everything that the scan's settings name. */
async function openAboveTheBar({ settings, store }: Context, subject?: Subject): Promise<string[]> {
  const minConfidence = settings.autoAcceptConfidence / 100;
  const ids: string[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.suggestions.list(
      { state: 'open', minConfidence, ...(subject === undefined ? {} : { subject }) },
      'newest',
      PAGE,
      offset,
    );
    for (const { id, subject: its, performerId } of items) {
      if (subject === undefined && (await store.work.get(SCAN_LIST, its.kind, its.id)) === null) continue;
      const undone = await store.journal.list({ subject: its, state: 'undone' }, PAGE, 0);
      if (!undone.items.some(({ added }) => added.performerIds.includes(performerId))) ids.push(id);
    }
    if (items.length < PAGE) return ids;
  }
}

/** Null: somebody else writes for long; the next scan takes these up. */
async function writeUnlessBusy(
  context: Context,
  ids: readonly string[],
  slice: Slice,
): Promise<AcceptReport | null> {
  const { settings, log } = context;
  try {
    return await acceptSuggestions(context, ids, {
      by: 'scan',
      dryRun: false,
      batchId: batchOf(slice),
      tagName: settings.autoAcceptTag,
    });
  } catch (error) {
    if (!(error instanceof StashSenseError && error.code === 'busy')) throw error;
    log.debug(messageOf(error));
    return null;
  }
}

/** All that one run wrote can be undone together. */
export function batchOf({ run }: Slice): string {
  return `run-${run.id}`;
}
