import { z } from 'zod';

/** What people may have erased, each by itself: `ErasableData` of the store, and what was fetched. */
export const DataKind = z.enum(['faces', 'people', 'decisions', 'journal', 'fetched']);

export type DataKind = z.infer<typeof DataKind>;
