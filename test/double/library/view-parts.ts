/** What of a row is a plain value in GraphQL. */
import {
  PERFORMER_TEXTS,
  PERFORMER_VALUES,
  type NamedRow,
  type PerformerRow,
  type SavedFilterRow,
  type StashIdRow,
} from './data.ts';
import { toTime } from './row-criteria.ts';

/** `baseUrl`: what the asker called us by, or the external host; Stash makes its URLs from it. */
export type Asking = { readonly baseUrl: string; readonly apiKey: string };

export function performerValues(row: PerformerRow): object {
  return {
    id: row.id,
    name: row.name,
    disambiguation: row.disambiguation,
    alias_list: row.aliases.toSorted(),
    gender: row.gender,
    birthdate: row.birthdate,
    death_date: row.deathDate,
    ...Object.fromEntries(PERFORMER_TEXTS.map((name) => [name, row.more[name] ?? ''])),
    ...Object.fromEntries(PERFORMER_VALUES.map((name) => [name, row.more[name] ?? null])),
    favorite: row.favorite,
    ignore_auto_tag: row.ignoreAutoTag,
    rating100: row.rating100,
    urls: row.urls,
    custom_fields: row.customFields,
    created_at: toTime(row.createdAt),
    updated_at: toTime(row.updatedAt),
  };
}

/** Nothing here gives a tag or studio a picture. */
export function defaultImage(kind: 'studio' | 'tag', row: NamedRow) {
  return (_: unknown, { baseUrl }: Asking): string =>
    `${baseUrl}/${kind}/${row.id}/image?t=${row.updatedAt}&default=true`;
}

export function withKey(apiKey: string): string {
  return apiKey ? `?apikey=${apiKey}` : '';
}

export function present<Row>(row: Row | undefined): row is Row {
  return row !== undefined;
}

export function stashIds(rows: readonly StashIdRow[]): object[] {
  return rows.map((it) => ({ ...it, updated_at: toTime(it.updatedAt) }));
}

export function named(row: NamedRow) {
  return {
    id: row.id,
    name: row.name,
    aliases: row.aliases,
    created_at: toTime(row.createdAt),
    updated_at: toTime(row.updatedAt),
  };
}

export function savedFilter(row: SavedFilterRow): object {
  return {
    id: row.id,
    name: row.name,
    mode: row.mode,
    find_filter: row.findFilter,
    object_filter: row.objectFilter,
    ui_options: row.uiOptions,
  };
}
