import type { Ask } from '../../core/contract/operations.ts';
import type { SuggestionKind } from '../../core/suggestions/kinds/index.ts';
import { isKind } from './kinds/index.ts';
import type { SuggestionPlace, SuggestionPosition } from '../../core/ports/suggestions.ts';
import { SUGGESTION_ORDERS, type SuggestionOrder } from '../../core/suggestions/orders.ts';
import type { Severity, SuggestionState } from '../../core/suggestions/suggestion.ts';

export type Filter = {
  /** `open`: all that waits for a decision, those that were taken off since among them. */
  readonly state: 'open' | 'removed' | 'accepted' | 'rejected';
  /** What they are about; of performers their stash IDs are suggested. */
  readonly kind: 'scene' | 'image' | 'gallery' | 'performer' | 'studio' | 'tag' | null;
  /** The kind of suggestion. */
  readonly what: SuggestionKind | null;
  readonly severity: Severity | null;
  /** Made in as many days; 0: whenever. */
  readonly days: number;
  readonly studioId: string | null;
  /** Only people of reference packs, and questions with one of them. */
  readonly ofPacks: boolean;
  readonly text: string;
  /** Percent; 0 is any. */
  readonly min: number;
  readonly order: SuggestionOrder;
  readonly performerId: string | null;
};

const KINDS = ['scene', 'image', 'gallery', 'performer', 'studio', 'tag'] as const;
const SEVERITIES = ['error', 'warning', 'info'] as const;
export const DAYS = [0, 1, 7, 30] as const;
const HOUR_MS = 3_600_000;
export const PAGE_SIZE = 40;

/** Parses the URL's query; ignores invalid values. */
export function filterOf(query: URLSearchParams): Filter {
  const [state, kind, what] = [query.get('state'), query.get('kind'), query.get('what')];
  const min = Number(query.get('min'));
  return {
    state: state === 'removed' || state === 'accepted' || state === 'rejected' ? state : 'open',
    kind: KINDS.find((one) => one === kind) ?? null,
    what: isKind(what) ? what : null,
    severity: SEVERITIES.find((one) => one === query.get('severity')) ?? null,
    days: DAYS.find((one) => String(one) === query.get('days')) ?? 0,
    studioId: /^\d+$/.exec(query.get('studio') ?? '')?.[0] ?? null,
    ofPacks: query.get('who') === 'packs',
    text: (query.get('q') ?? '').slice(0, 200),
    min: min >= 1 && min <= 99 ? Math.round(min) : 0,
    order: SUGGESTION_ORDERS.find((one) => one === query.get('order')) ?? 'confidence',
    performerId: /^\d+$/.exec(query.get('performer') ?? '')?.[0] ?? null,
  };
}

/** For the page's address; whatever changes, the list begins at its start again. */
export function filterChange(change: Partial<Filter>): Record<string, string | null> {
  const words: Record<string, string | null> = { from: null, after: null, before: null };
  if (change.state !== undefined) words['state'] = change.state === 'open' ? null : change.state;
  if (change.kind !== undefined) words['kind'] = change.kind;
  if (change.what !== undefined) words['what'] = change.what;
  if (change.severity !== undefined) words['severity'] = change.severity;
  if (change.days !== undefined) words['days'] = change.days === 0 ? null : String(change.days);
  if (change.studioId !== undefined) words['studio'] = change.studioId;
  if (change.ofPacks !== undefined) words['who'] = change.ofPacks ? 'packs' : null;
  if (change.text !== undefined) words['q'] = change.text;
  if (change.min !== undefined) words['min'] = change.min === 0 ? null : String(change.min);
  if (change.order !== undefined) words['order'] = change.order === 'confidence' ? null : change.order;
  if (change.performerId !== undefined) words['performer'] = change.performerId;
  return words;
}

const STATES: readonly SuggestionState[] = ['open', 'removed', 'accepted', 'rejected', 'stale'];

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
export function conditionsOf(
  filter: Filter,
): Omit<Ask<'suggestions.list'>, 'limit' | 'offset' | 'order' | 'place'> {
  const { state, kind, what, severity, days, studioId, ofPacks, text, min, performerId } = filter;
  // By the hour, so that the list is not asked for anew all the time.
  const hour = Math.floor(Date.now() / HOUR_MS);
  return {
    state: state === 'open' ? [...TO_DECIDE] : state,
    ...(kind === null ? {} : { entityKind: kind }),
    ...(what === null ? {} : { kind: what }),
    ...(ofPacks ? { kind: 'pack-person-seen' as const } : {}),
    ...(severity === null ? {} : { severity }),
    ...(days === 0 ? {} : { createdAfter: (hour - 24 * days) * HOUR_MS }),
    ...(studioId === null ? {} : { studioId }),
    ...(text.trim() === '' ? {} : { text: text.trim() }),
    ...(min === 0 ? {} : { minConfidence: min / 100 }),
    ...(performerId === null ? {} : { performerId }),
  };
}

/** Something may be left out of the list; the order leaves nothing out. */
export function hasConditions(filter: Filter): boolean {
  const { state, kind, what, severity, days, studioId, ofPacks, text, min, performerId } = filter;
  return (
    ofPacks ||
    what !== null ||
    severity !== null ||
    days > 0 ||
    studioId !== null ||
    state !== 'open' ||
    kind !== null ||
    text.trim() !== '' ||
    min > 0 ||
    performerId !== null
  );
}

/** Where the page begins or ends, as the address has it: `?after=open_0.93_1234`. */
export function placeOf(query: URLSearchParams): SuggestionPlace | null {
  const after = positionOf(query.get('after'));
  if (after !== null) return { after };
  const before = positionOf(query.get('before'));
  return before === null ? null : { before };
}

function positionText({ state, confidence, id }: SuggestionPosition): string {
  return `${state}_${confidence}_${id}`;
}

function positionOf(text: string | null): SuggestionPosition | null {
  const [, state, confidence, id] = /^([a-z]+)_([\d.e-]+)_(\w{1,20})$/.exec(text ?? '') ?? [];
  const known = STATES.find((one) => one === state);
  if (known === undefined || id === undefined || !Number.isFinite(Number(confidence))) return null;
  return { state: known, confidence: Number(confidence), id };
}

/** For the page's address: the one behind the last suggestion of a page, or in front of its first; null: the beginning. */
export function placeChange(offset: number, place: SuggestionPlace | null): Record<string, string | null> {
  return {
    from: offset === 0 ? null : String(offset),
    after: place !== null && 'after' in place ? positionText(place.after) : null,
    before: place !== null && 'before' in place ? positionText(place.before) : null,
  };
}

export function offsetOf(query: URLSearchParams): number {
  const from = Number(query.get('from'));
  return Number.isInteger(from) && from > 0 ? from : 0;
}
