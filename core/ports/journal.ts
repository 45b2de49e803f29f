import type { BatchCounts, ChangeCount } from '../changes/batch.ts';
import type { JournalEntry } from '../changes/journal-entry.ts';
import type { StashRef } from '../stash-ref.ts';

export type Journal = {
  /** Adds an entry in state `planned`, before the write. @returns the entry's id */
  plan(entry: Omit<JournalEntry, 'id' | 'state' | 'at' | 'undoneAt'>): Promise<string>;
  /** Sets the final state, after the write, with what was actually changed and, of a creation, the entity that was made. */
  settle(
    id: string,
    state: 'written' | 'undone' | 'void',
    changed?: Pick<JournalEntry, 'changes'> & Partial<Pick<JournalEntry, 'entity'>>,
  ): Promise<void>;
  /** Entries in state `planned`: their process ended before it could settle them. */
  planned(): Promise<JournalEntry[]>;
  get(id: string): Promise<JournalEntry | null>;
  list(
    /** `before`: only entries with a smaller id, for paging through a long list without an offset. */
    filter: {
      entity?: StashRef | undefined;
      batchId?: string | undefined;
      state?: JournalEntry['state'];
      before?: string | undefined;
    },
    limit: number,
    offset: number,
  ): Promise<{ total: number; items: JournalEntry[] }>;
  /** The counts of these batches, without those that have no entry. */
  batches(ids: readonly string[]): Promise<BatchCounts[]>;
  /** What the entries of a batch in these states changed, most first. */
  changesOf(batchId: string, states: readonly JournalEntry['state'][]): Promise<ChangeCount[]>;
};
