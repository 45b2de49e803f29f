import type { SuggestionState } from '../../core/suggestions/suggestion.ts';
import type { Context, Operations } from '../runs/task.ts';
import { undo } from './undo.ts';

export const journalOperations: Pick<Operations, 'journal.list' | 'journal.batch' | 'journal.undo'> = {
  'journal.list': async ({ store }, { entity, batchId, limit, offset }) => {
    const page = await store.journal.list({ entity, batchId }, limit, offset);
    const batches = await store.journal.batches([...new Set(page.items.map((entry) => entry.batchId))]);
    return { ...page, batches };
  },

  'journal.batch': async ({ store }, { batchId }) => {
    const [counts] = await store.journal.batches([batchId]);
    return {
      ...(counts ?? { batchId, total: 0, written: 0, undone: 0 }),
      changes: await store.journal.changesOf(batchId, ['written']),
    };
  },

  'journal.undo': async (context, input) => {
    const report = await undo(context, input);
    const states = await statesOf(context, report.undone);
    return Object.keys(states).length === 0 ? report : { ...report, states };
  },
};

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
