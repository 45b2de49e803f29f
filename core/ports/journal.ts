import type { EntityRef } from '../content-id.ts';
import type { JournalEntry } from '../suggestions/suggestion.ts';

export type Journal = {
  /** Adds an entry in state `planned`, before the write. @returns the entry's id */
  plan(entry: Omit<JournalEntry, 'id' | 'state' | 'at' | 'undoneAt'>): Promise<string>;
  /** Sets the final state, after the write, with what was actually added and removed. */
  settle(
    id: string,
    state: 'written' | 'undone' | 'void',
    changed?: Pick<JournalEntry, 'added' | 'removed'>,
  ): Promise<void>;
  /** Entries in state `planned`: their process ended before it could settle them. */
  planned(): Promise<JournalEntry[]>;
  get(id: string): Promise<JournalEntry | null>;
  list(
    /** `before`: only entries with a smaller id, for paging through a long list without an offset. */
    filter: {
      entity?: EntityRef;
      batchId?: string;
      state?: JournalEntry['state'];
      before?: string | undefined;
    },
    limit: number,
    offset: number,
  ): Promise<{ total: number; items: JournalEntry[] }>;
};
