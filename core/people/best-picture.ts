import type { StoredReference } from '../ports/people.ts';

/** Of a performer's references that count and whose crop is kept, the one of the best quality: by it the page shows who they are. */
export function bestPictureOf(references: readonly StoredReference[]): StoredReference | undefined {
  const [best] = references
    .filter(({ state, crop }) => state === 'used' && crop !== null)
    .toSorted((a, b) => b.quality - a.quality || Number(a.id) - Number(b.id));
  return best;
}
