/** Pages of suggestions, and how many there are. */
import type {
  SuggestionFilter,
  SuggestionPlace,
  SuggestionPosition,
  Suggestions,
} from '../../../../core/ports/suggestions.ts';
import type { SuggestionKind } from '../../../../core/suggestions/kinds/index.ts';
import type { SuggestionOrder } from '../../../../core/suggestions/orders.ts';
import type { Suggestion, SuggestionState } from '../../../../core/suggestions/suggestion.ts';
import type { StoreParts } from '../../parts.ts';
import type { Connection, Row, Value } from '../../sqlite/database.ts';
import { OF_KNOWN_KIND } from '../suggestion-checks.ts';
import { ACCEPTABLE, toCondition, type OneState } from './suggestion-conditions.ts';
import { toSuggestion } from '../suggestion-rows.ts';

/** By what the rows are sorted, all in one direction: the column of the order, and the id. */
const ORDERS: Readonly<
  Record<SuggestionOrder, { readonly column: string | null; readonly direction: 'ASC' | 'DESC' }>
> = {
  confidence: { column: 'confidence', direction: 'DESC' },
  weakest: { column: 'confidence', direction: 'ASC' },
  newest: { column: null, direction: 'DESC' },
  scene: { column: 'entity_place', direction: 'DESC' },
  performer: { column: 'performer_place', direction: 'DESC' },
};

export function createSuggestionLists({
  database,
}: Pick<StoreParts, 'database'>): Pick<Suggestions, 'list' | 'countKinds' | 'countAcceptable'> {
  return {
    list: <Kind extends SuggestionKind = SuggestionKind>(
      filter: SuggestionFilter<Kind>,
      order: SuggestionOrder,
      limit: number,
      place: number | SuggestionPlace,
    ) =>
      database.read((sql) => {
        // One state after the other: rows of several states would have to be sorted, with their evidence.
        const states = [filter.state].flat();
        const counts = states.map((state) => countOf(sql, { ...filter, state }));
        const items =
          limit === 0
            ? []
            : typeof place === 'number'
              ? fromOffset(sql, filter, counts, order, limit, place)
              : (fromPlace(sql, filter, order, limit, place) ??
                fromOffset(sql, filter, counts, order, limit, place.offset ?? 0));
        return {
          total: counts.reduce((sum, count) => sum + count, 0),
          items: items.map((row) => toSuggestion(row) as Extract<Suggestion, { kind: Kind }>),
        };
      }),

    countKinds: (states) =>
      database.read((sql) =>
        sql
          .all(
            `SELECT kind, sum(total) AS total FROM suggestion_counts
            WHERE state IN (SELECT value FROM json_each(?)) AND total > 0 AND ${OF_KNOWN_KIND} GROUP BY kind`,
            JSON.stringify(states),
          )
          .map((row) => ({ kind: String(row['kind']) as SuggestionKind, total: Number(row['total']) })),
      ),

    countAcceptable: ({ state, ...filter }) =>
      database.read((sql) => {
        const { where, values } = toCondition({ ...filter, withoutChoice: false });
        return sql
          .all(
            `SELECT kind, count(*) AS total, sum(${ACCEPTABLE}) AS acceptable FROM suggestions ${where}
              ${state === undefined ? '' : 'AND state IN (SELECT value FROM json_each(?))'} GROUP BY kind`,
            ...values,
            ...(state === undefined ? [] : [JSON.stringify([state].flat())]),
          )
          .map((row) => ({
            kind: String(row['kind']) as SuggestionKind,
            total: Number(row['total']),
            acceptable: Number(row['acceptable']),
          }));
      }),
  };
}

/** Where the filter asks for nothing but state and kind, the number is read from `suggestion_counts`, which each write keeps up to date. */
function countOf(sql: Connection, filter: OneState): number {
  const { state, kind: _, ...others } = filter;
  const isCounted = state !== undefined && Object.values(others).every((value) => value === undefined);
  const { where, values } = toCondition(filter);
  const counted = isCounted
    ? `SELECT coalesce(sum(total), 0) AS n FROM suggestion_counts ${where}`
    : `SELECT count(*) AS n FROM suggestions ${where}`;
  return Number(sql.get(counted, ...values)?.['n']);
}

function fromOffset(
  sql: Connection,
  filter: SuggestionFilter,
  counts: readonly number[],
  order: SuggestionOrder,
  limit: number,
  offset: number,
): Row[] {
  const items: Row[] = [];
  let passed = 0;
  for (const [n, state] of [filter.state].flat().entries()) {
    const skipped = Math.max(0, offset - passed);
    passed += counts[n]!;
    if (items.length < limit)
      items.push(...rowsOf(sql, { ...filter, state }, order, limit - items.length, { skipped }));
  }
  return items;
}

/** Before a place the rows are read backwards. Null: the suggestion is gone, and with it what it was sorted by. */
function fromPlace(
  sql: Connection,
  filter: SuggestionFilter,
  order: SuggestionOrder,
  limit: number,
  place: SuggestionPlace,
): Row[] | null {
  const states: readonly (SuggestionState | undefined)[] = [filter.state].flat();
  const isBefore = 'before' in place;
  const position = isBefore ? place.before : place.after;
  const at = placeIn(sql, ORDERS[order].column, position);
  if (at === null) return null;
  // Of a state that is not asked for, nothing is before or behind: from the beginning.
  const own = Math.max(0, states.indexOf(position.state));
  const asked = isBefore ? states.slice(0, own + 1).toReversed() : states.slice(own);
  const items: Row[] = [];
  for (const state of asked) {
    if (items.length >= limit) break;
    const from = state === states[own] ? { at, isBefore } : { isBefore };
    items.push(...rowsOf(sql, { ...filter, state }, order, limit - items.length, from));
  }
  return isBefore ? items.toReversed() : items;
}

type From = {
  readonly skipped?: number;
  /** By what the rows are sorted, of the one that stands there. */
  readonly at?: readonly Value[];
  /** What is in front of `at`, or of the end of the list, read in reversed order; else what is behind `at`. */
  readonly isBefore?: boolean;
};

function rowsOf(
  sql: Connection,
  filter: OneState,
  order: SuggestionOrder,
  limit: number,
  { skipped = 0, at = [], isBefore = false }: From,
): Row[] {
  const { where, values } = toCondition(filter);
  const { column, direction: forwards } = ORDERS[order];
  const direction = isBefore === (forwards === 'ASC') ? 'DESC' : 'ASC';
  const columns = column === null ? ['id'] : [column, 'id'];
  const beyond =
    at.length === 0
      ? ''
      : `AND (${columns.join(', ')}) ${direction === 'ASC' ? '>' : '<'} (${at.map(() => '?').join(', ')})`;
  const sorted = columns.map((one) => `${one} ${direction}`).join(', ');
  return sql.all(
    `SELECT * FROM suggestions ${where} ${beyond} ORDER BY ${sorted} LIMIT ? OFFSET ?`,
    ...values,
    ...at,
    limit,
    skipped,
  );
}

/** What the columns of an order hold at this place. */
function placeIn(
  sql: Connection,
  column: string | null,
  { confidence, id }: Pick<SuggestionPosition, 'confidence' | 'id'>,
): readonly Value[] | null {
  if (column === null) return [Number(id)];
  if (column === 'confidence') return [confidence, Number(id)];
  const row = sql.get(`SELECT ${column} AS place FROM suggestions WHERE id = ?`, Number(id));
  return row === undefined ? null : [Number(row['place']), Number(id)];
}
