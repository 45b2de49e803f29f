import type { Ask } from '../../core/contract/operations.ts';

/** `suggested`: about whom something is suggested. `sent`: by Stash's list of performers. Else a list made here; `without`: of those who have no id of a stash-box. */
export type Whom = 'suggested' | 'sent' | 'everybody' | `without:${string}`;

export type Filter = {
  readonly whom: Whom;
  /** Name of the list (`stashIds.list`); null for `suggested`. */
  readonly list: string | null;
  /** Endpoint: only with a suggestion of this stash-box. */
  readonly box: string | null;
  readonly text: string;
  /** Percent, only with a suggestion that is as sure; 0: with any; null: also without. */
  readonly least: number | null;
};

/** Where the page of the list that is shown begins. */
export type Place = {
  /** `next` of the page before; null: at the beginning. */
  readonly after: string | null;
  /** How many performers are before it. */
  readonly from: number;
};

export const PAGE_SIZE = 20;
export const START: Place = { after: null, from: 0 };

/** Parses the URL's query; ignores invalid values. */
export function filterOf(query: URLSearchParams): Filter {
  const list = /^[0-9a-f]{16}$/.exec(query.get('list') ?? '')?.[0] ?? null;
  const whom = query.get('whom');
  return {
    whom: list === null ? 'suggested' : isMade(whom) ? whom : 'sent',
    list,
    box: query.get('box')?.slice(0, 2000) ?? null,
    text: (query.get('q') ?? '').slice(0, 200),
    least: leastOf(query.get('min'), list),
  };
}

/** Those who have no id of the stash-box of that endpoint. */
export function without(endpoint: string): Whom {
  return `without:${endpoint}`;
}

/** The endpoint of {@link without}; null: it is not about a stash-box. */
export function endpointOf(whom: Whom): string | null {
  return whom.startsWith('without:') ? whom.slice('without:'.length) : null;
}

/** Whether the page makes the list itself, of who fits when it is asked for. */
export function isMade(whom: string | null): whom is Extract<Whom, 'everybody' | `without:${string}`> {
  return whom === 'everybody' || whom?.startsWith('without:') === true;
}

function leastOf(text: string | null, list: string | null): number | null {
  const least = Number(text);
  if (text !== null && least >= 0 && least <= 99) return Math.round(least);
  return list === null ? 0 : null;
}

export function placeOf(query: URLSearchParams): Place {
  const from = Number(query.get('past'));
  const after = query.get('after')?.slice(0, 100) ?? null;
  return after === null || !Number.isInteger(from) || from < 0 ? START : { after, from };
}

/** For the page's address; another list begins at its start. */
export function filterChange(change: Partial<Filter>): Record<string, string | null> {
  const words: Record<string, string | null> = placeChange(START);
  if (change.whom !== undefined) words['whom'] = isMade(change.whom) ? change.whom : null;
  if (change.list !== undefined) words['list'] = change.list;
  if (change.box !== undefined) words['box'] = change.box;
  if (change.text !== undefined) words['q'] = change.text;
  if (change.least !== undefined) words['min'] = change.least === null ? null : String(change.least);
  return words;
}

export function placeChange({ after, from }: Place): Record<string, string | null> {
  return { after, past: from === 0 ? null : String(from) };
}

type Conditions = Omit<Ask<'stashIds.performers'>, 'limit' | 'after'>;

/** The conditions of the requests of the list, which hold for its suggestions too. */
export function conditionsOf({ list, box, text, least }: Filter): Conditions {
  return {
    ...(list !== null && { performerList: list }),
    ...(box !== null && { endpoint: box }),
    ...(text.trim() !== '' && { text: text.trim() }),
    // Of a list everybody is shown as long as nothing is asked of their suggestions.
    ...(least !== null && (least > 0 || list !== null) && { minConfidence: least / 100 }),
  };
}
