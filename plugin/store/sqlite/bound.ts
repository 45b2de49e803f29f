import type { Value } from './database.ts';

/** Values keyed by parameter: `?1`, `?2`… */
export type Named = Readonly<Record<string, Value>>;

/**
The arguments by which node:sqlite binds a statement's values. Numbered parameters are bound by name: Node 22 and 24.0 to
24.4 bind positional values to plain `?` only and fail with "column index out of range" for `?1`.
@throws Error when a statement has both kinds of parameters, which versions of Node number differently
*/
export function bound(sql: string, values: readonly Value[]): readonly Value[] {
  const kind = kindOf(sql);
  if (kind === 'mixed') throw new Error(`A statement has both ? and ?1: ${sql}`);
  // The types of node:sqlite have no union of the two kinds of argument lists.
  return kind === 'numbered' ? [named(values, 1) as unknown as Value] : values;
}

/** `first`: the parameter number of the first value. */
export function named(values: readonly Value[], first: number): Named {
  return Object.fromEntries(values.map((value, n) => [`?${n + first}`, value]));
}

const kinds = new Map<string, 'numbered' | 'plain' | 'mixed'>();

function kindOf(sql: string): 'numbered' | 'plain' | 'mixed' {
  let kind = kinds.get(sql);
  if (!kind) {
    const code = sql.replaceAll(/'[^']*'/g, '');
    const isNumbered = /\?\d/.test(code);
    kind = !isNumbered ? 'plain' : /\?(?!\d)/.test(code) ? 'mixed' : 'numbered';
    kinds.set(sql, kind);
  }
  return kind;
}
