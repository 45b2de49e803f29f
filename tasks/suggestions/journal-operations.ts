import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import { messageOf } from '../../core/errors.ts';
import { logFault } from '../../core/log-fault.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import type { Context, Operations } from '../runs/task.ts';
import { countLeft, goneSince } from './left-to-undo.ts';
import { undo } from './undo.ts';

export const journalOperations: Pick<Operations, 'journal.list' | 'journal.batch' | 'journal.undo'> = {
  'journal.list': async (context, { entity, batchId, limit, offset }) => {
    const { store } = context;
    const page = await store.journal.list({ entity, batchId }, limit, offset);
    const batches = await store.journal.batches([...new Set(page.items.map((entry) => entry.batchId))]);
    return { ...page, batches, gone: await goneUnlessItFails(context, page.items) };
  },

  'journal.batch': async (context, { batchId }) => {
    const [counts] = await context.store.journal.batches([batchId]);
    return {
      ...(counts ?? { batchId, total: 0, written: 0, undone: 0 }),
      ...(await countLeft(context, batchId)),
    };
  },

  'journal.undo': async (context, input) => {
    const report = await undo(context, input);
    const states = await statesOf(context, report.undone);
    return Object.keys(states).length === 0 ? report : { ...report, states };
  },
};

/** The list is shown without it where Stash does not answer. */
async function goneUnlessItFails(
  context: Pick<Context, 'store' | 'library' | 'log'>,
  entries: readonly JournalEntry[],
): Promise<string[]> {
  try {
    return [...(await goneSince(context, entries))];
  } catch (error) {
    context.log.debug(messageOf(error));
    logFault(context.log, error);
    return [];
  }
}

/** What became of the suggestions that these entries were written for. */
async function statesOf(
  { store }: Pick<Context, 'store'>,
  journalIds: readonly string[],
): Promise<Record<string, SuggestionState>> {
  const states: Record<string, SuggestionState> = {};
  for (const journalId of journalIds) {
    const id = (await store.journal.get(journalId))?.suggestionId;
    const suggestion = id == null ? null : await store.suggestions.get(id);
    if (suggestion !== null) states[suggestion.id] = suggestion.state;
  }
  return states;
}
