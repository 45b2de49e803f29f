import { z } from 'zod';
import { StashRef } from '../stash-ref.ts';
import { Change, Identity } from './change.ts';
import { Message } from '../messages/schema.ts';

/** `planned`: about to be written; after a crash the write path finds out whether it was. `void`: it was not. */
export const JournalState = z.enum(['planned', 'written', 'undone', 'void']);

/** One write to Stash, exactly what it changed, so that exactly that can be undone. */
export const JournalEntry = z.object({
  id: z.string(),
  /** One accept, one "accept all", one run: what can be undone together. */
  batchId: z.string(),
  state: JournalState,
  /** What was changed or made; without an id until it was made. */
  entity: StashRef,
  entityTitle: z.string(),
  /** Planned ones, and from `written` on those that really happened. */
  changes: z.array(Change),
  /** Of the entity as it was read just before. */
  identity: Identity,
  /** For people: "added Jane Doe". */
  summary: Message,
  suggestionId: z.string().nullable(),
  by: z.enum(['person', 'scan']),
  at: z.number(),
  undoneAt: z.number().nullable(),
});
export type JournalEntry = z.infer<typeof JournalEntry>;
