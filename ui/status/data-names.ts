import type { DataKind } from '../../core/contract/data.ts';
import type { Output } from '../../core/contract/operations.ts';
import { say } from '../stash/intl.tsx';

export type DataInfo = Output<'data.info'>;

/** What is kept, as the user knows it. */
export function dataName(what: DataKind): string {
  return say(`data.kind.${what}`);
}
