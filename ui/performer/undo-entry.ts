import type { StashRef } from '../../core/stash-ref.ts';
import { say } from '../stash/intl.tsx';
import { refreshAfterWrite } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import type { Toast } from '../stash/toast.tsx';

/** Undoes an entry of the journal. @returns what to say of it; null: it was refused, which is said */
export async function undoEntry(toast: Toast, journalId: string, entity: StashRef): Promise<string | null> {
  const [first] = (await ask('journal.undo', { ids: [journalId] })).refused;
  await refreshAfterWrite([], [], [entity]);
  if (!first) return say('undo.done');
  toast.warn(say('undo.refused', { reason: first.reason }));
  return null;
}
