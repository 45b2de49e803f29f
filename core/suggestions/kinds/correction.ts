/** What both kinds of suggestions that correct a stash ID propose. */
import { z } from 'zod';
import { StashIdValue, type ListChange } from '../../changes/change.ts';
import { keyOfStashId } from '../../reference-packs/reference-pack.ts';
import type { StashRef } from '../../stash-ref.ts';

export const Correction = z.object({
  wrong: StashIdValue,
  /** What takes its place; null: nothing. */
  right: StashIdValue.nullable(),
});
export type Correction = Readonly<z.infer<typeof Correction>>;

export function keyPartsOfCorrection({ wrong, right }: Correction): string[] {
  return [keyOfStashId(wrong), right === null ? '' : keyOfStashId(right)];
}

export function changesOfCorrection(entity: StashRef, { wrong, right }: Correction): ListChange[] {
  const change = (op: 'add' | 'remove', stashId: StashIdValue): ListChange => ({
    op,
    entity,
    field: 'stashIds',
    values: [stashId],
  });
  return [change('remove', wrong), ...(right === null ? [] : [change('add', right)])];
}
