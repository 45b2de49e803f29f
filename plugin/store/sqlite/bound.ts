import type { Value } from './database.ts';

/** Values by the names of their parameters: `?1`, `?2`… */
export type Named = Readonly<Record<string, Value>>;

/**
What node:sqlite takes for a statement's values, in the order of the parameters. Values of numbered parameters go by name:
Node 22 and 24.0 to 24.4 bind values in order to plain `?` alone and answer "column index out of range" for `?1`.
@throws Error where a statement has parameters of both kinds, which Nodes number differently
*/
export function bound(sql: string, values: readonly Value[]): readonly Value[] {
  const kind = kindOf(sql);
  if (kind === 'mixed') throw new Error(`A statement has both ? and ?1: ${sql}`);
  // The types of node:sqlite have no argument list that is either of the two.
  return kind === 'numbered' ? [named(values, 1) as unknown as Value] : values;
}

/** `first`: the number of the parameter that takes the first value. */
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
