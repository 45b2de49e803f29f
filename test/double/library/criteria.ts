/** Stash's criteria on values, as its SQL reads them (Stash: pkg/sqlite/criterion_handlers.go). */

export type Criterion<T> = { modifier: string; value: T; value2?: T | null };
export type MultiCriterion = {
  modifier: string;
  value?: string[] | null;
  excludes?: string[] | null;
  depth?: number | null;
};

export function matchesNumber(
  actual: number | null,
  { modifier, value, value2 }: Criterion<number>,
): boolean {
  if (modifier === 'IS_NULL') return actual === null;
  if (modifier === 'NOT_NULL') return actual !== null;
  if (actual === null) return false;
  return inOrder(actual, value, value2 ?? 0, modifier);
}

/** Compares as strings, times too: an invalid time is compared like any other text, and an empty one comes before all others. */
export function matchesText(actual: string | null, { modifier, value, value2 }: Criterion<string>): boolean {
  if (modifier === 'IS_NULL') return !actual;
  if (modifier === 'NOT_NULL') return Boolean(actual);
  return actual !== null && inOrder(actual, value, value2 ?? '', modifier);
}

function inOrder<T extends number | string>(actual: T, value: T, value2: T, modifier: string): boolean {
  switch (modifier) {
    case 'EQUALS':
      return actual === value;
    case 'NOT_EQUALS':
      return actual !== value;
    case 'GREATER_THAN':
      return actual > value;
    case 'LESS_THAN':
      return actual < value;
    case 'BETWEEN':
      return actual >= value && actual <= value2;
    case 'NOT_BETWEEN':
      return actual < value || actual > value2;
    default:
      throw new Error(`unsupported modifier ${modifier}`);
  }
}

export function matchesString(actual: string, { modifier, value }: Criterion<string>): boolean {
  switch (modifier) {
    case 'EQUALS':
      return like(value).test(actual);
    case 'NOT_EQUALS':
      return !like(value).test(actual);
    case 'INCLUDES':
      return words(value).some((word) => like(`%${word}%`).test(actual));
    case 'EXCLUDES':
      return words(value).every((word) => !like(`%${word}%`).test(actual));
    case 'IS_NULL':
      return actual.trim() === '';
    case 'NOT_NULL':
      return actual.trim() !== '';
    case 'MATCHES_REGEX':
      return new RegExp(value).test(actual);
    case 'NOT_MATCHES_REGEX':
      return !new RegExp(value).test(actual);
    default:
      throw new Error(`unsupported string filter modifier ${modifier}`);
  }
}

/** Quotes around a value keep its blanks. */
function words(value: string): string[] {
  const trimmed = value.trim();
  const quoted = /^"(.*)"$/.exec(trimmed)?.[1];
  return quoted === undefined ? trimmed.split(/\s+/) : [quoted];
}

/** SQLite's LIKE: any case of ASCII, `_` is one character, `%` any number. */
function like(pattern: string): RegExp {
  const source = pattern
    .replace(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
    .replaceAll('%', '[^]*')
    .replaceAll('_', '[^]');
  return new RegExp(`^${source}$`, 'i');
}

/** `expand`: an id with those below it, for `depth`. */
export function matchesIds(
  actual: readonly string[],
  { modifier, value, excludes, depth }: MultiCriterion,
  expand: (id: string, depth: number) => ReadonlySet<string>,
): boolean {
  const has = (id: string): boolean => {
    const family = expand(id, depth ?? 0);
    return actual.some((text) => family.has(text));
  };
  const wanted = value ?? [];
  if ((excludes ?? []).some(has)) return false;
  switch (modifier) {
    case 'INCLUDES':
      return wanted.length === 0 || wanted.some(has);
    case 'INCLUDES_ALL':
      return wanted.every(has);
    case 'EXCLUDES':
      return !wanted.some(has);
    case 'EQUALS':
      return wanted.every(has) && actual.length === wanted.length;
    case 'NOT_EQUALS':
      return !(wanted.every(has) && actual.length === wanted.length);
    case 'IS_NULL':
      return actual.length === 0;
    case 'NOT_NULL':
      return actual.length > 0;
    default:
      throw new Error(`invalid modifier ${modifier}`);
  }
}

export type Criteria<Row> = Record<string, (row: Row, criterion: never) => boolean>;

/** The rows that match a filter with AND, OR, NOT and criteria. */
export function keep<Row>(
  rows: readonly Row[],
  filter: Filter | null | undefined,
  criteria: Criteria<Row>,
): Row[] {
  if (!filter) return [...rows];
  const joined = joinedAs(filter, firstEndpoint(filter));
  return rows.filter((row) => passes(row, joined, criteria));
}

type StashIdCriterion = { readonly endpoint?: string | null };

/** Stash joins the stash IDs once, with the endpoint of the first criterion on them; undefined: there is no such criterion. */
function firstEndpoint({ AND, OR, NOT, stash_id_endpoint: own }: Filter): string | null | undefined {
  if (own) return (own as StashIdCriterion).endpoint ?? null;
  const next = OR ?? AND ?? NOT;
  return next && firstEndpoint(next);
}

function joinedAs(filter: Filter, endpoint: string | null | undefined): Filter {
  if (endpoint === undefined) return filter;
  const { AND, OR, NOT, stash_id_endpoint: own } = filter;
  return {
    ...filter,
    ...(AND && { AND: joinedAs(AND, endpoint) }),
    ...(OR && { OR: joinedAs(OR, endpoint) }),
    ...(NOT && { NOT: joinedAs(NOT, endpoint) }),
    ...(own ? { stash_id_endpoint: { ...own, endpoint } } : {}),
  };
}

export type Filter = { AND?: Filter; OR?: Filter; NOT?: Filter } & Record<string, unknown>;

function passes<Row>(row: Row, { AND, OR, NOT, ...rest }: Filter, criteria: Criteria<Row>): boolean {
  const own = Object.entries(rest).every(
    ([name, criterion]) =>
      criterion === null || criterion === undefined || criteria[name]!(row, criterion as never),
  );
  if (OR) return own || passes(row, OR, criteria);
  if (AND) return own && passes(row, AND, criteria);
  if (NOT) return own && !passes(row, NOT, criteria);
  return own;
}
