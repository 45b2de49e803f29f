/** Converts inputs of mutations to rows. */
import type { Table } from './data.ts';
import { toId } from './queries.ts';

export type Input = Record<string, unknown>;
type Mode = 'ADD' | 'REMOVE' | 'SET';
export type Bulk = { mode: Mode; ids?: string[] | null };
export type BulkTexts = { mode: Mode; values?: string[] | null };

export function combine(now: readonly string[], change: Bulk | null | undefined): string[] {
  if (!change) return [...now];
  const ids = (change.ids ?? []).map(toId);
  if (change.mode === 'SET') return [...new Set(ids)];
  return change.mode === 'ADD'
    ? [...new Set([...now, ...ids])]
    : now.filter((current) => !ids.includes(current));
}

export function combineTexts(now: readonly string[], change: BulkTexts | null | undefined): string[] {
  if (!change) return [...now];
  const values = change.values ?? [];
  if (change.mode === 'SET') return [...new Set(values)];
  return change.mode === 'ADD'
    ? [...new Set([...now, ...values])]
    : now.filter((value) => !values.includes(value));
}

/** Converts GraphQL's names to ours. Omits absent fields; null empties a field. */
const ROW_NAMES: Record<string, string> = {
  studio_id: 'studioId',
  performer_ids: 'performerIds',
  tag_ids: 'tagIds',
  gallery_ids: 'galleryIds',
  stash_ids: 'stashIds',
  cover_image: 'cover',
  alias_list: 'aliases',
  ignore_auto_tag: 'ignoreAutoTag',
  custom_fields: 'customFields',
  death_date: 'deathDate',
  sort_name: 'sortName',
  parent_ids: 'parentIds',
};

export function fromInput(
  input: Input,
  fields: Record<string, (value: unknown) => unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields)
      .filter(([name]) => input[name] !== undefined)
      .map(([name, read]) => [ROW_NAMES[name] ?? name, read(input[name])]),
  );
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function listOf(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** With Go's error text for an invalid number. */
export function idsOf(what: string): (value: unknown) => string[] {
  return (value) => {
    try {
      return listOf(value).map(toId);
    } catch (error) {
      throw new Error(`converting ${what} ids: ${(error as Error).message}`, { cause: error });
    }
  };
}

export function existing(
  table: Table<{ readonly id: string }>,
  ids: readonly string[],
  name: string,
): string[] {
  const missing = ids.map(toId).find((id) => !table.get(id));
  if (missing !== undefined) throw new Error(`id ${missing} does not exist in ${name}`);
  return ids.map(toId);
}

/** Also a year, or a year and a month. */
export function dateOf(value: unknown, what = 'date'): unknown {
  if (typeof value === 'string' && value !== '' && !/^\d{4}(-\d{2}(-\d{2})?)?$/.test(value))
    throw new Error(`converting ${what}: failed to parse date ${JSON.stringify(value)}`);
  return value || null;
}

/** Stash takes a picture as a data URL or fetches it; here only what was sent along. */
export function pictureOf(what: string): (value: unknown) => Uint8Array | null {
  return (value) => {
    if (value === null || value === undefined || value === '') return null;
    const [, bytes] = /^data:[^;,]*;base64,(.*)$/s.exec(value as string) ?? [];
    if (bytes !== undefined) return Buffer.from(bytes, 'base64');
    const { host } = new URL(value as string);
    throw new Error(`processing ${what}: Get "${value as string}": dial tcp: lookup ${host}: no such host`);
  };
}

export function addedBy(change: Bulk | null | undefined): readonly string[] {
  return change && change.mode !== 'REMOVE' ? (change.ids ?? []) : [];
}

/** What SQLite says of an id that is not there. */
export function foreignKey(table: string, kind: string, column: string, id: string, value: string): Error {
  const owner = `${kind}_id`;
  return new Error(
    `error executing \`INSERT INTO ${table} (${owner}, ${column}) VALUES (?, ?) ON CONFLICT (${owner}, ${column}) DO NOTHING\` [[${id} ${value}]]: FOREIGN KEY constraint failed`,
  );
}
