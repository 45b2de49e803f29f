/** How Go writes values: its JSON on a plugin's stdin, its %v in Stash's log. */

/** Keys of maps sorted at every level, `<`, `>` and `&` escaped. */
export function toGoJson(value: unknown): string {
  return JSON.stringify(sorted(value))
    .replaceAll('<', String.raw`\u003c`)
    .replaceAll('>', String.raw`\u003e`)
    .replaceAll('&', String.raw`\u0026`)
    .replaceAll('\u2028', String.raw`\u2028`)
    .replaceAll('\u2029', String.raw`\u2029`);
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toSorted(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, it]) => [key, sorted(it)]),
  );
}

/** `map[a:1 b:[x y] c:<nil>]` */
export function toGoText(value: unknown): string {
  if (value === null || value === undefined) return '<nil>';
  if (Array.isArray(value)) return `[${value.map(toGoText).join(' ')}]`;
  if (typeof value !== 'object') return typeof value === 'string' ? value : JSON.stringify(value);
  const pairs = Object.entries(sorted(value) as object).map(([key, it]) => `${key}:${toGoText(it)}`);
  return `map[${pairs.join(' ')}]`;
}
