/** Stash's rules for names. */
import type { LibraryData, NamedRow, PerformerRow, Table } from './data.ts';

export function checkPerformer(
  data: LibraryData,
  row: Pick<PerformerRow, 'name' | 'disambiguation' | 'aliases' | 'birthdate' | 'deathDate'>,
  id: string | null,
): void {
  if (!row.name) throw new Error('performer name must not be blank');
  if (row.birthdate && row.deathDate && row.deathDate < row.birthdate)
    throw new Error(`death date ${row.deathDate} should be after birthdate ${row.birthdate}`);
  for (const other of data.performers.all())
    if (other.id !== id && same(other.name, row.name) && same(other.disambiguation, row.disambiguation))
      throw new Error(
        row.disambiguation
          ? `performer with name '${row.name}' and disambiguation '${row.disambiguation}' already exists`
          : `performer with name '${row.name}' already exists`,
      );
  for (const [i, alias] of row.aliases.entries())
    if (same(alias, row.name) || row.aliases.slice(0, i).some((aliase) => same(aliase, alias)))
      throw new Error(`performer contains duplicate alias '${alias}'`);
}

/** @param id of the one that is changed */
export function checkName(
  kind: 'tag' | 'studio',
  table: Table<NamedRow>,
  names: readonly string[],
  id: string | null = null,
): void {
  const [own = '', ...aliases] = names;
  if (!own) throw new Error(`${kind} name must not be blank`);
  for (const name of [own, ...aliases])
    for (const other of table.all()) {
      if (other.id === id) continue;
      if (other.name.toLowerCase() === name.toLowerCase())
        throw new Error(`${kind} with name '${name}' already exists`);
      if (other.aliases.some((aliase) => aliase.toLowerCase() === name.toLowerCase()))
        throw new Error(`name '${name}' is used as alias for '${other.name}'`);
    }
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
