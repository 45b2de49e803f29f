import type { Output } from '../../core/contract/operations.ts';
import { ask } from '../stash/operations.ts';

type Undone = { readonly count: number; readonly refused: Output<'journal.undo'>['refused'] };

type Accepted = Output<'suggestions.accept'>['accepted'];

/**
Ids of the journal entries, the newest first. Not by their batch: what another page or a process that was killed has written
stands in an older one, and the batch of this answer may have no entry.
*/
export function writesOf(accepted: Accepted): string[] {
  return accepted.reduceRight<string[]>(
    (ids, { journalId }) => (journalId === null ? ids : [...ids, journalId]),
    [],
  );
}

/** Takes back what was accepted together: what was written, and what was only learnt, which the journal does not have. */
export async function undoAccepted({ accepted }: { readonly accepted: Accepted }): Promise<Undone> {
  const ids = accepted.filter(({ journalId }) => journalId === null).map(({ id }) => id);
  const reopened = ids.length === 0 ? [] : (await ask('suggestions.reopen', { ids })).reopened;
  if (ids.length === accepted.length) return { count: reopened.length, refused: [] };
  const { undone, refused } = await ask('journal.undo', { ids: writesOf(accepted) });
  return { count: undone.length + reopened.length, refused };
}
