/** What each criterion of Stash's filters means on a row of ours. */
import {
  matchesIds,
  matchesNumber,
  matchesString,
  matchesText,
  type Criteria,
  type Criterion,
  type MultiCriterion,
} from './criteria.ts';
import type { GalleryRow, ImageRow, LibraryData, NamedRow, PerformerRow, SceneRow } from './data.ts';

export type Item = SceneRow | ImageRow | GalleryRow;

/** For one query: what is below a tag or a studio is looked up once in it. */
export function createRowCriteria(data: LibraryData): {
  items: Criteria<Item>;
  performers: Criteria<PerformerRow>;
  studios: Criteria<NamedRow>;
  tags: Criteria<NamedRow>;
} {
  const belowStudio = memo(below(data.studios));
  const belowTag = memo(below(data.tags));
  const paths = (row: Item): string[] => pathsOf(data, row);

  const missing = (row: Item, what: string): boolean => {
    switch (what) {
      case 'performers':
        return row.performerIds.length === 0;
      case 'tags':
        return row.tagIds.length === 0;
      case 'studio':
        return row.studioId === null;
      case 'galleries':
        return 'galleryIds' in row && row.galleryIds.length === 0;
      case 'stash_id':
        return 'stashIds' in row && row.stashIds.length === 0;
      case 'cover':
        return 'cover' in row && row.cover === null;
      case 'phash':
        return !row.fileIds.some((id) =>
          data.files.get(id)?.fingerprints.some(({ type }) => type === 'phash'),
        );
      case 'url':
        return row.urls.length === 0;
      case 'title':
        return row.title === '';
      case 'details':
        return row.details === '';
      case 'date':
        return row.date === null;
      default:
        throw new Error(
          `error querying aggregate fields: executing query: SELECT COUNT(DISTINCT temp.id) as total: no such column: ${'cover' in row ? 'scenes' : 'folder' in row ? 'galleries' : 'images'}.${what}`,
        );
    }
  };

  const items: Criteria<Item> = {
    id: (row, criterion: Criterion<number>) => matchesNumber(Number(row.id), criterion),
    title: (row, criterion: Criterion<string>) => matchesString(row.title, criterion),
    details: (row, criterion: Criterion<string>) => matchesString(row.details, criterion),
    path: (row, criterion: Criterion<string>) =>
      criterion.modifier.startsWith('NOT') || criterion.modifier === 'EXCLUDES'
        ? paths(row).every((place) => matchesString(place, criterion))
        : paths(row).some((place) => matchesString(place, criterion)),
    is_missing: (row, what: string) => missing(row, what),
    organized: (row, wanted: boolean) => row.organized === wanted,
    rating100: (row, criterion: Criterion<number>) => matchesNumber(row.rating100, criterion),
    date: (row, criterion: Criterion<string>) => matchesText(row.date, criterion),
    duration: (row, criterion: Criterion<number>) =>
      matchesNumber(Math.trunc(data.files.get(row.fileIds[0] ?? '')?.duration ?? 0), criterion),
    file_count: (row, criterion: Criterion<number>) => matchesNumber(row.fileIds.length, criterion),
    performers: (row, criterion: MultiCriterion) => matchesIds(row.performerIds, criterion, single),
    performer_count: (row, criterion: Criterion<number>) => matchesNumber(row.performerIds.length, criterion),
    tags: (row, criterion: MultiCriterion) => matchesIds(row.tagIds, criterion, belowTag),
    tag_count: (row, criterion: Criterion<number>) => matchesNumber(row.tagIds.length, criterion),
    studios: (row, criterion: MultiCriterion) =>
      matchesIds(row.studioId ? [row.studioId] : [], criterion, belowStudio),
    galleries: (row, criterion: MultiCriterion) =>
      matchesIds('galleryIds' in row ? row.galleryIds : [], criterion, single),
    stash_id_endpoint: (row, criterion: never) =>
      matchesStashId('stashIds' in row ? row.stashIds : [], criterion),
    created_at: (row, criterion: Criterion<string>) => matchesTime(row.createdAt, criterion),
    updated_at: (row, criterion: Criterion<string>) => matchesTime(row.updatedAt, criterion),
  };

  const performers: Criteria<PerformerRow> = {
    name: (row, criterion: Criterion<string>) => matchesString(row.name, criterion),
    disambiguation: (row, criterion: Criterion<string>) => matchesString(row.disambiguation, criterion),
    aliases: (row, criterion: Criterion<string>) =>
      row.aliases.some((alias) => matchesString(alias, criterion)),
    tags: (row, criterion: MultiCriterion) => matchesIds(row.tagIds, criterion, belowTag),
    stash_id_endpoint: (row, criterion: never) => matchesStashId(row.stashIds, criterion),
    ...itemCounts<PerformerRow>(data, ({ performerIds }) => performerIds),
    created_at: (row, criterion: Criterion<string>) => matchesTime(row.createdAt, criterion),
    updated_at: (row, criterion: Criterion<string>) => matchesTime(row.updatedAt, criterion),
    is_missing: (row, what: string) => {
      if (what === 'image') return row.image === null;
      if (what === 'stash_id') return row.stashIds.length === 0;
      if (what === 'scenes') return !data.scenes.all().some((scene) => scene.performerIds.includes(row.id));
      if (what === 'aliases') return row.aliases.length === 0;
      throw new Error(`no such column: performers.${what}`);
    },
  };

  const named: Criteria<NamedRow> = {
    name: (row, criterion: Criterion<string>) => matchesString(row.name, criterion),
    aliases: (row, criterion: Criterion<string>) =>
      row.aliases.some((alias) => matchesString(alias, criterion)),
  };

  const studios: Criteria<NamedRow> = {
    ...named,
    ...itemCounts<NamedRow>(data, ({ studioId }) => (studioId === null ? [] : [studioId])),
    child_count: count((row) => data.studios.all().filter(({ parentIds }) => parentIds.includes(row.id))),
  };

  const tags: Criteria<NamedRow> = {
    ...named,
    ...itemCounts<NamedRow>(data, ({ tagIds }) => tagIds),
    child_count: count((row) => data.tags.all().filter(({ parentIds }) => parentIds.includes(row.id))),
    performer_count: count((row) => data.performers.all().filter(({ tagIds }) => tagIds.includes(row.id))),
    // Markers are not kept here.
    marker_count: count(() => []),
    parents: (row, criterion: MultiCriterion) => matchesIds(row.parentIds, criterion, belowTag),
  };

  return { items, performers, studios, tags };
}

/** By how many things a row has. */
function count<Row>(thingsOf: (row: Row) => readonly unknown[]) {
  return (row: Row, criterion: Criterion<number>): boolean => matchesNumber(thingsOf(row).length, criterion);
}

/** By how many scenes, images and galleries a performer, studio or tag has; all are counted at the first one. */
function itemCounts<Row extends { readonly id: string }>(
  data: LibraryData,
  idsOf: (item: Item) => readonly string[],
) {
  const by = (items: () => readonly Item[]) => {
    let counted: Map<string, number> | null = null;
    return (row: Row, criterion: Criterion<number>): boolean => {
      if (counted === null) {
        counted = new Map();
        for (const id of items().flatMap((item) => [...new Set(idsOf(item))]))
          counted.set(id, (counted.get(id) ?? 0) + 1);
      }
      return matchesNumber(counted.get(row.id) ?? 0, criterion);
    };
  };
  return {
    scene_count: by(() => data.scenes.all()),
    image_count: by(() => data.images.all()),
    gallery_count: by(() => data.galleries.all()),
  };
}

export function pathsOf(data: LibraryData, row: Item): string[] {
  return [
    ...row.fileIds.map((id) => data.files.get(id)?.path ?? ''),
    ...('folder' in row && row.folder ? [row.folder] : []),
  ];
}

function single(id: string): ReadonlySet<string> {
  return new Set([id]);
}

/** The row with those below it, as deep as `depth` (-1: all). */
function below(table: LibraryData['tags']) {
  return (id: string, depth: number): ReadonlySet<string> => {
    const family = new Set([id]);
    let level = [id];
    for (let left = depth; left !== 0 && level.length > 0; left--) {
      level = table
        .all()
        .filter((row) => row.parentIds.some((parent) => level.includes(parent)) && !family.has(row.id))
        .map((row) => row.id);
      for (const entry of level) family.add(entry);
    }
    return family;
  };
}

function memo(expand: (id: string, depth: number) => ReadonlySet<string>) {
  const known = new Map<string, ReadonlySet<string>>();
  return (id: string, depth: number): ReadonlySet<string> => {
    const key = `${id}/${depth}`;
    const family = known.get(key) ?? expand(id, depth);
    known.set(key, family);
    return family;
  };
}

function matchesStashId(
  rows: readonly { endpoint: string; stash_id: string }[],
  criterion: { endpoint?: string | null; stash_id?: string | null; modifier: string },
): boolean {
  const mine = rows.filter((row) => !criterion.endpoint || row.endpoint === criterion.endpoint);
  if (criterion.modifier === 'IS_NULL') return mine.length === 0;
  if (criterion.modifier === 'NOT_NULL') return mine.length > 0;
  const has = mine.some((row) => row.stash_id === criterion.stash_id);
  return criterion.modifier === 'NOT_EQUALS' ? !has : has;
}

/** Text against text; an empty one is before everything. */
function matchesTime(seconds: number, criterion: Criterion<string>): boolean {
  return matchesText(toTime(seconds), criterion);
}

export function toTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
