/** Stash's lists: filters, sorts and pages rows. */
import { keep, type Criterion, type Filter } from './criteria.ts';
import type { GalleryRow, ImageRow, LibraryData, NamedRow, PerformerRow, SceneRow } from './data.ts';
import { createRowCriteria, pathsOf, type Item } from './row-criteria.ts';

export type FindFilter = {
  q?: string | null;
  page?: number | null;
  per_page?: number | null;
  sort?: string | null;
  direction?: 'ASC' | 'DESC' | null;
};
export type Found<Row> = { count: number; rows: Row[] };

export type Find = ReturnType<typeof createFind>;

export function createFind(data: LibraryData) {
  const criteria = () => createRowCriteria(data);
  const itemText = (row: Item): string => [row.title, row.details, ...pathsOf(data, row)].join(' ');
  const itemSort = (row: Item, sort: string): number | string => {
    switch (sort) {
      case 'created_at':
        return row.createdAt;
      case 'updated_at':
        return row.updatedAt;
      case 'date':
        return row.date ?? '';
      case 'title':
        return row.title || (pathsOf(data, row)[0] ?? '');
      case 'performer_count':
        return row.performerIds.length;
      case 'path':
        return pathsOf(data, row)[0] ?? '';
      default:
        return Number(row.id);
    }
  };
  return {
    scenes: (filter: Filter | null | undefined, find: FindFilter | null | undefined) =>
      page<SceneRow>(
        keep(afterId(data.scenes.all(), filter), filter, criteria().items),
        find,
        itemText,
        itemSort,
      ),
    images: (filter: Filter | null | undefined, find: FindFilter | null | undefined) =>
      page<ImageRow>(
        keep(afterId(data.images.all(), filter), filter, criteria().items),
        find,
        itemText,
        itemSort,
      ),
    galleries: (filter: Filter | null | undefined, find: FindFilter | null | undefined) =>
      page<GalleryRow>(
        keep(afterId(data.galleries.all(), filter), filter, criteria().items),
        find,
        itemText,
        itemSort,
      ),
    performers: (filter: Filter | null | undefined, find: FindFilter | null | undefined) =>
      page<PerformerRow>(
        keep(data.performers.all(), filter, criteria().performers),
        find,
        (row) => [row.name, ...row.aliases].join(' '),
        nameSort,
      ),
    tags: (filter: Filter | null | undefined, find: FindFilter | null | undefined) =>
      page<NamedRow>(keep(data.tags.all(), filter, criteria().tags), find, nameText, nameSort),
    studios: (filter: Filter | null | undefined, find: FindFilter | null | undefined) =>
      page<NamedRow>(keep(data.studios.all(), filter, criteria().studios), find, nameText, nameSort),
  };
}

type Dated = { id: string; name: string; createdAt: number; updatedAt: number };

function nameSort(row: Dated, sort: string): number | string {
  switch (sort) {
    case 'id':
      return Number(row.id);
    case 'updated_at':
      return row.updatedAt;
    case 'created_at':
      return row.createdAt;
    default:
      return row.name.toLowerCase();
  }
}

function nameText(row: NamedRow): string {
  return [row.name, ...row.aliases].join(' ');
}

/** Shortcut for paging by id: otherwise each page of a large library would filter all rows. */
function afterId<Row extends Item>(rows: Row[], filter: Filter | null | undefined): Row[] {
  const id = filter?.['id'] as Criterion<number> | undefined;
  if (!id || id.modifier !== 'GREATER_THAN' || filter?.OR) return rows;
  let low = 0;
  for (let high = rows.length; low < high;) {
    const middle = (low + high) >> 1;
    if (Number(rows[middle]!.id) > id.value) high = middle;
    else low = middle + 1;
  }
  return rows.slice(low);
}

function page<Row extends { id: string }>(
  rows: Row[],
  find: FindFilter | null | undefined,
  text: (row: Row) => string,
  order: (row: Row, sort: string) => number | string,
): Found<Row> {
  const { q, sort, direction, page: number = 1, per_page: size = 25 } = find ?? {};
  const found = q ? rows.filter((row) => hasAllWords(text(row), q)) : rows;
  const count = found.length;
  if (size === 0) return { count, rows: [] };
  const sign = direction === 'DESC' ? -1 : 1;
  const by = sort ?? '';
  // Tables are in order of id already.
  const sorted =
    by === 'id' && sign === 1
      ? found
      : found
          .map((row) => ({ row, key: order(row, by), tie: order(row, 'title') }))
          .toSorted((a, b) => sign * compare(a.key, b.key) || compare(a.tie, b.tie))
          .map((entry) => entry.row);
  if (size === null || size < 0) return { count, rows: sorted };
  const start = (Math.max(1, number ?? 1) - 1) * size;
  return { count, rows: sorted.slice(start, start + size) };
}

function compare(a: number | string, b: number | string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function hasAllWords(text: string, q: string): boolean {
  const lower = text.toLowerCase();
  return q
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word));
}
