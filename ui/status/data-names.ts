import type { DataKind } from '../../core/contract/data.ts';
import type { Output } from '../../core/contract/operations.ts';

export type DataInfo = Output<'data.info'>;

/** What is kept, as the user knows it. */
export const DATA_NAMES: Readonly<Record<DataKind, string>> = {
  faces: 'What was seen in your files, with face pictures',
  people: 'Whom it knows, with their pictures',
  decisions: 'Suggestions and what you decided',
  journal: 'History of changes made in Stash',
  fetched: 'Fetched programs and models',
};
