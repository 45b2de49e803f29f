import type { Ask } from '../../core/contract/operations.ts';
import type { SuggestionState } from '../../core/suggestions/suggestion.ts';

export type Filter = {
  /** `open`: all that waits for a decision, those that were taken off since among them. */
  readonly state: 'open' | 'removed' | 'accepted' | 'rejected';
  /** What they are about; of performers their stash IDs are suggested. */
  readonly kind: 'scene' | 'image' | 'gallery' | 'performer' | null;
  /** Only people of reference packs, and questions with one of them. */
  readonly ofPacks: boolean;
  readonly text: string;
  /** Percent; 0 is any. */
  readonly min: number;
  readonly order: 'confidence' | 'newest';
  readonly performerId: string | null;
};

const KINDS = ['scene', 'image', 'gallery', 'performer'] as const;
export const PAGE_SIZE = 40;

/** Parses the URL's query; ignores invalid values. */
export function filterOf(query: URLSearchParams): Filter {
  const [state, kind, min] = [query.get('state'), query.get('kind'), Number(query.get('min'))];
  return {
    state: state === 'removed' || state === 'accepted' || state === 'rejected' ? state : 'open',
    kind: KINDS.find((one) => one === kind) ?? null,
    ofPacks: query.get('who') === 'packs',
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
  if (change.ofPacks !== undefined) words['who'] = change.ofPacks ? 'packs' : null;
  if (change.text !== undefined) words['q'] = change.text;
  if (change.min !== undefined) words['min'] = change.min === 0 ? null : String(change.min);
  if (change.order !== undefined) words['order'] = change.order === 'confidence' ? null : change.order;
  if (change.performerId !== undefined) words['performer'] = change.performerId;
  return words;
}

/** In this order. */
const TO_DECIDE: readonly SuggestionState[] = ['removed', 'open'];

/** Whether a suggestion of this state waits for a decision. */
export function isToDecide(state: SuggestionState): boolean {
  return TO_DECIDE.includes(state);
}

/** Whether a suggestion of this state is in the list of this filter. */
export function isListed(filter: Pick<Filter, 'state'>, state: SuggestionState): boolean {
  return filter.state === 'open' ? isToDecide(state) : state === filter.state;
}

/** The conditions of the requests of the list. */
export function conditionsOf(filter: Filter): Omit<Ask<'suggestions.list'>, 'limit' | 'offset' | 'order'> {
  const { state, kind, ofPacks, text, min, performerId } = filter;
  return {
    state: state === 'open' ? [...TO_DECIDE] : state,
    ...(kind === null ? {} : { entityKind: kind }),
    ...(ofPacks ? { kind: 'pack-person-seen' as const } : {}),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(min === 0 ? {} : { minConfidence: min / 100 }),
    ...(performerId === null ? {} : { performerId }),
  };
}

/** Something may be left out of the list; the order leaves nothing out. */
export function hasConditions({ state, kind, ofPacks, text, min, performerId }: Filter): boolean {
  return (
    ofPacks || state !== 'open' || kind !== null || text.trim() !== '' || min > 0 || performerId !== null
  );
}

export function offsetOf(query: URLSearchParams): number {
  const from = Number(query.get('from'));
  return Number.isInteger(from) && from > 0 ? from : 0;
}
