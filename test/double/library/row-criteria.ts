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
  named: Criteria<NamedRow>;
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
        return !row.fileIds.some((it) =>
          data.files.get(it)?.fingerprints.some(({ type }) => type === 'phash'),
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
    id: (row, it: Criterion<number>) => matchesNumber(Number(row.id), it),
    title: (row, it: Criterion<string>) => matchesString(row.title, it),
    details: (row, it: Criterion<string>) => matchesString(row.details, it),
    path: (row, it: Criterion<string>) =>
      it.modifier.startsWith('NOT') || it.modifier === 'EXCLUDES'
        ? paths(row).every((place) => matchesString(place, it))
        : paths(row).some((place) => matchesString(place, it)),
    is_missing: (row, what: string) => missing(row, what),
    organized: (row, it: boolean) => row.organized === it,
    rating100: (row, it: Criterion<number>) => matchesNumber(row.rating100, it),
    date: (row, it: Criterion<string>) => matchesText(row.date, it),
    duration: (row, it: Criterion<number>) =>
      matchesNumber(Math.trunc(data.files.get(row.fileIds[0] ?? '')?.duration ?? 0), it),
    file_count: (row, it: Criterion<number>) => matchesNumber(row.fileIds.length, it),
    performers: (row, it: MultiCriterion) => matchesIds(row.performerIds, it, single),
    performer_count: (row, it: Criterion<number>) => matchesNumber(row.performerIds.length, it),
    tags: (row, it: MultiCriterion) => matchesIds(row.tagIds, it, belowTag),
    tag_count: (row, it: Criterion<number>) => matchesNumber(row.tagIds.length, it),
    studios: (row, it: MultiCriterion) => matchesIds(row.studioId ? [row.studioId] : [], it, belowStudio),
    galleries: (row, it: MultiCriterion) => matchesIds('galleryIds' in row ? row.galleryIds : [], it, single),
    stash_id_endpoint: (row, it: never) => matchesStashId('stashIds' in row ? row.stashIds : [], it),
    created_at: (row, it: Criterion<string>) => matchesTime(row.createdAt, it),
    updated_at: (row, it: Criterion<string>) => matchesTime(row.updatedAt, it),
  };

  const performers: Criteria<PerformerRow> = {
    name: (row, it: Criterion<string>) => matchesString(row.name, it),
    disambiguation: (row, it: Criterion<string>) => matchesString(row.disambiguation, it),
    aliases: (row, it: Criterion<string>) => row.aliases.some((alias) => matchesString(alias, it)),
    tags: (row, it: MultiCriterion) => matchesIds(row.tagIds, it, belowTag),
    stash_id_endpoint: (row, it: never) => matchesStashId(row.stashIds, it),
    scene_count: (row, it: Criterion<number>) =>
      matchesNumber(data.scenes.all().filter((scene) => scene.performerIds.includes(row.id)).length, it),
    created_at: (row, it: Criterion<string>) => matchesTime(row.createdAt, it),
    updated_at: (row, it: Criterion<string>) => matchesTime(row.updatedAt, it),
    is_missing: (row, what: string) => {
      if (what === 'image') return row.image === null;
      if (what === 'stash_id') return row.stashIds.length === 0;
      if (what === 'scenes') return !data.scenes.all().some((scene) => scene.performerIds.includes(row.id));
      if (what === 'aliases') return row.aliases.length === 0;
      throw new Error(`no such column: performers.${what}`);
    },
  };

  const named: Criteria<NamedRow> = {
    name: (row, it: Criterion<string>) => matchesString(row.name, it),
    aliases: (row, it: Criterion<string>) => row.aliases.some((alias) => matchesString(alias, it)),
  };

  return { items, performers, named };
}

export function pathsOf(data: LibraryData, row: Item): string[] {
  return [
    ...row.fileIds.map((it) => data.files.get(it)?.path ?? ''),
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
        .filter((it) => it.parentIds.some((parent) => level.includes(parent)) && !family.has(it.id))
        .map((it) => it.id);
      for (const it of level) family.add(it);
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
  it: { endpoint?: string | null; stash_id?: string | null; modifier: string },
): boolean {
  const mine = rows.filter((row) => !it.endpoint || row.endpoint === it.endpoint);
  if (it.modifier === 'IS_NULL') return mine.length === 0;
  if (it.modifier === 'NOT_NULL') return mine.length > 0;
  const has = mine.some((row) => row.stash_id === it.stash_id);
  return it.modifier === 'NOT_EQUALS' ? !has : has;
}

/** Text against text; an empty one is before everything. */
function matchesTime(seconds: number, it: Criterion<string>): boolean {
  return matchesText(toTime(seconds), it);
}

export function toTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000Z', 'Z');
}
