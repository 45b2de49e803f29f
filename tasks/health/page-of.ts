/** Pages of what is read at once. */
import type { StashRange } from '../../core/ports/suggestions.ts';
import type { StashKind } from '../../core/stash-ref.ts';

/** Reads at the first call alone. */
export function once<T>(read: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => (answer ??= read());
}

/**
The rows with the lowest ids behind `after` (null: from the first one).
`looked`: the range of ids that the page covers: no other row has an id in it.
`next`: where the next page begins; null: this is the last one.
*/
export function pageOf<Row extends { readonly id: string }>(
  kind: StashKind,
  rows: readonly Row[],
  after: string | null,
  size: number,
): { readonly page: readonly Row[]; readonly looked: StashRange; readonly next: string | null } {
  const from = after ?? '0';
  const left = rows
    .filter(({ id }) => Number(id) > Number(from))
    .toSorted((a, b) => Number(a.id) - Number(b.id));
  const page = left.slice(0, size);
  const next = left.length > size ? (page.at(-1)?.id ?? null) : null;
  return { page, looked: { kind, after: from, upTo: next }, next };
}
