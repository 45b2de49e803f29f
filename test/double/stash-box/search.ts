/** What a stash-box finds by a text: a stand-in for its full-text search. */
import { ArgumentError } from '../plugins/require-map.ts';
import type { BoxData, SceneRow } from './data.ts';

export type SearchArgs = {
  term: string;
  limit?: number | null;
  page?: number | null;
  per_page?: number | null;
};

export function pageOfFound<Row>(
  found: readonly Row[],
  { limit, page, per_page: perPage }: SearchArgs,
): Row[] {
  const size = [perPage, limit].find((one) => one && one > 0) ?? 10;
  const from = (Math.max(page ?? 1, 1) - 1) * size;
  return found.slice(from, from + size);
}

/** Whole ids find deleted ones too; else the title is looked in, for any of the words. */
export function findScenesByText(data: BoxData, term: string): SceneRow[] {
  const wanted = term.trim();
  if (wanted === '') return [];
  const all = [...data.scenes.values()];
  const id = parseId(wanted);
  if (id !== null) return all.filter((row) => row.id === id);
  const isAddress = /^https?:\/\//.test(wanted);
  const words = wanted.toLowerCase().split(/\s+/);
  return all.filter((row) => {
    if (row.deleted) return false;
    if (isAddress) return row.urls.some(({ url }) => url.toLowerCase() === wanted.toLowerCase());
    const title = (row.title ?? '').toLowerCase().split(/\s+/);
    return words.some((word) => title.includes(word));
  });
}

/** Accepted without dashes, in braces, in capitals. */
export function parseId(text: string): string | null {
  const digits = /^\{?([0-9a-f-]{32,36})\}?$/i.exec(text)?.[1]?.replaceAll('-', '').toLowerCase() ?? '';
  return digits.length === 32 ? digits.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-') : null;
}

export function toId(text: string, argument: string): string {
  const id = parseId(text);
  if (id === null)
    throw new ArgumentError(`uuid: incorrect UUID length ${text.length} in string "${text}"`, argument);
  return id;
}
