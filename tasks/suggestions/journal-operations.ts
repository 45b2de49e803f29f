import type { Operations } from '../runs/task.ts';
import { undo } from './undo.ts';

export const journalOperations: Pick<Operations, 'journal.list' | 'journal.undo'> = {
  'journal.list': async ({ store }, { entity, limit, offset }) =>
    await store.journal.list(entity === undefined ? {} : { entity }, limit, offset),
  'journal.undo': async (context, input) => await undo(context, input),
};
