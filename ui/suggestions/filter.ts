import type { Ask } from '../../core/contract/operations.ts';

export type Filter = {
  readonly state: 'open' | 'accepted' | 'rejected';
  readonly kind: 'scene' | 'image' | 'gallery' | null;
  readonly text: string;
  /** Percent; 0 is any. */
  readonly min: number;
  readonly order: 'confidence' | 'newest';
  readonly performerId: string | null;
};

export const PAGE_SIZE = 40;

/** Parses the URL's query; ignores invalid values. */
export function filterOf(query: URLSearchParams): Filter {
  const [state, kind, min] = [query.get('state'), query.get('kind'), Number(query.get('min'))];
  return {
    state: state === 'accepted' || state === 'rejected' ? state : 'open',
    kind: kind === 'scene' || kind === 'image' || kind === 'gallery' ? kind : null,
    text: (query.get('q') ?? '').slice(0, 200),
    min: min >= 1 && min <= 99 ? Math.round(min) : 0,
    order: query.get('order') === 'newest' ? 'newest' : 'confidence',
    performerId: /^\d+$/.exec(query.get('performer') ?? '')?.[0] ?? null,
  };
}

/** For the page's address; whatever changes, the list begins at its start again. */
export function filterChange(change: Partial<Filter>): Record<string, string | null> {
  const words: Record<string, string | null> = { from: null };
  if (change.state !== undefined) words['state'] = change.state === 'open' ? null : change.state;
  if (change.kind !== undefined) words['kind'] = change.kind;
  if (change.text !== undefined) words['q'] = change.text;
  if (change.min !== undefined) words['min'] = change.min === 0 ? null : String(change.min);
  if (change.order !== undefined) words['order'] = change.order === 'confidence' ? null : change.order;
  if (change.performerId !== undefined) words['performer'] = change.performerId;
  return words;
}

/** The conditions of the requests of the list and of "accept all". */
export function conditionsOf(filter: Filter): Omit<Ask<'suggestions.list'>, 'limit' | 'offset' | 'order'> {
  const { state, kind, text, min, performerId } = filter;
  return {
    state,
    ...(kind === null ? {} : { entityKind: kind }),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(min === 0 ? {} : { minConfidence: min / 100 }),
    ...(performerId === null ? {} : { performerId }),
  };
}

/** Something may be left out of the list; the order leaves nothing out. */
export function hasConditions({ state, kind, text, min, performerId }: Filter): boolean {
  return state !== 'open' || kind !== null || text.trim() !== '' || min > 0 || performerId !== null;
}

export function offsetOf(query: URLSearchParams): number {
  const from = Number(query.get('from'));
  return Number.isInteger(from) && from > 0 ? from : 0;
}
