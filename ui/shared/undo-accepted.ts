import type { Output } from '../../core/contract/operations.ts';
import { ask } from '../stash/operations.ts';

type Undone = { readonly count: number; readonly refused: Output<'journal.undo'>['refused'] };

/** Takes back what was accepted together: what was written by its batch, and what was only learnt, which the journal does not have. */
export async function undoAccepted({
  accepted,
  batchId,
}: Pick<Output<'suggestions.accept'>, 'accepted' | 'batchId'>): Promise<Undone> {
  const ids = accepted.filter(({ journalId }) => journalId === null).map(({ id }) => id);
  const reopened = ids.length === 0 ? [] : (await ask('suggestions.reopen', { ids })).reopened;
  if (ids.length === accepted.length) return { count: reopened.length, refused: [] };
  const { undone, refused } = await ask('journal.undo', { batchId });
  return { count: undone.length + reopened.length, refused };
}
