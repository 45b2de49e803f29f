import type { Operations } from '../runs/task.ts';
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

  'journal.undo': async (context, input) => await undo(context, input),
};
