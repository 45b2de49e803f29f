import { z } from 'zod';

/** Kinds of data that can be erased independently: `ErasableData` of the store, and the fetched artifacts. */
export const DataKind = z.enum(['faces', 'people', 'decisions', 'journal', 'fetched']);

export type DataKind = z.infer<typeof DataKind>;
