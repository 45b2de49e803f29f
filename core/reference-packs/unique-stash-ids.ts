import type { StashIdValue } from '../changes/change.ts';
import { compareText } from './candidate-images.ts';
import { keyOfStashId } from './reference-pack.ts';

/** Each once, the ids in lower case, in an order that does not depend on the given one. */
export function uniqueStashIds(stashIds: readonly StashIdValue[]): StashIdValue[] {
  const byKey = new Map(
    stashIds.map(({ endpoint, stashId }) => {
      const id = { endpoint, stashId: stashId.toLowerCase() };
      return [keyOfStashId(id), id] as const;
    }),
  );
  return [...byKey].toSorted(([a], [b]) => compareText(a, b)).map(([, id]) => id);
}
