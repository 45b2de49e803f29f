import { z } from 'zod';

const DATA_KINDS = ['faces', 'people', 'decisions', 'journal', 'fetched'] as const;

export const DataKind = z.enum(DATA_KINDS);

export type DataKind = z.infer<typeof DataKind>;
