/** How much was written together, counted from the journal. */
import { z } from 'zod';

/** Such as 60 performers added: values of a list field, scalar fields that were set, or objects that were made. */
export const ChangeCount = z.object({
  op: z.enum(['add', 'remove', 'set', 'create', 'merge', 'destroy']),
  /** The field; of an object that was made its kind. */
  what: z.string(),
  count: z.int(),
});
export type ChangeCount = z.infer<typeof ChangeCount>;

/** Entries of one batch. */
export const BatchCounts = z.object({
  batchId: z.string(),
  /** All but those that were never written. */
  total: z.int(),
  /** Those that can be undone. */
  written: z.int(),
  undone: z.int(),
});
export type BatchCounts = z.infer<typeof BatchCounts>;
