import type { EntityRef } from '../content-id.ts';
import type { JournalEntry } from '../suggestions/suggestion.ts';

export type Journal = {
  /** Before the write. @returns the entry's id */
  plan(entry: Omit<JournalEntry, 'id' | 'state' | 'at' | 'undoneAt'>): Promise<string>;
  /** After the write, with what really was added and removed. */
  settle(
    id: string,
    state: 'written' | 'undone' | 'void',
    changed?: Pick<JournalEntry, 'added' | 'removed'>,
  ): Promise<void>;
  /** What a crash left behind. */
  planned(): Promise<JournalEntry[]>;
  get(id: string): Promise<JournalEntry | null>;
  list(
    /** `before`: only entries below this id, to go through a long list page by page without counting from its start. */
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
