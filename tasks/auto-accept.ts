import type { Subject } from '../core/content-id.ts';
import { acceptSuggestions } from './accept.ts';
import type { Context, Slice } from './task.ts';

const PAGE = 200;

/**
Writes matches by itself from the confidence on that the user chose; off unless they did.

What somebody has undone is not written again.
*/
export async function acceptByItself(context: Context, slice: Slice, subject?: Subject): Promise<void> {
  const { settings, store, log } = context;
  if (settings.autoAcceptConfidence <= 0) return;
  const minConfidence = settings.autoAcceptConfidence / 100;
  const ids: string[] = [];
  for (let offset = 0; ; offset += PAGE) {
    const { items } = await store.suggestions.list(
      { state: 'open', minConfidence, ...(subject === undefined ? {} : { subject }) },
      'newest',
      PAGE,
      offset,
    );
    for (const { id, subject: its } of items) {
      const undone = await store.journal.list({ subject: its, state: 'undone' }, PAGE, 0);
      if (!undone.items.some(({ suggestionId }) => suggestionId === id)) ids.push(id);
    }
    if (items.length < PAGE) break;
  }
  if (ids.length === 0) return;
  const { accepted, refused, dryRun } = await acceptSuggestions(context, ids, {
    by: 'scan',
    dryRun: false,
    batchId: batchOf(slice),
    tagName: settings.autoAcceptTag,
  });
  log.info(
    `${dryRun ? 'Dry run: would have added' : 'Added'} ${accepted.length} performers by itself${refused.length > 0 ? `; refused: ${refused.map(({ reason }) => reason).join(' ')}` : '.'}`,
  );
}

/** All that one run wrote can be undone together. */
export function batchOf({ run }: Slice): string {
  return `run-${run.id}`;
}
