/** The Query fields about the library. */
import type { Filter } from './criteria.ts';
import { createFind, type FindFilter, type Found } from './find.ts';
import type { LibraryData, Table } from './data.ts';
import type { Views } from './views.ts';

type FindArgs = { filter?: FindFilter; ids?: string[] } & Record<string, unknown>;

export function createLibraryQueries(data: LibraryData, views: Views): Record<string, unknown> {
  const find = createFind(data);

  return {
    findScene: one(data.scenes, views.scene),
    findImage: one(data.images, views.image),
    findGallery: one(data.galleries, views.gallery),
    findPerformer: one(data.performers, views.performer),
    findTag: one(data.tags, views.tag),
    findStudio: one(data.studios, views.studio),
    findSavedFilter: one(data.savedFilters, views.savedFilter),
    findScenes: many('scene', data.scenes, views.scene, 'scene_filter', find.scenes),
    findImages: many('image', data.images, views.image, 'image_filter', find.images),
    findGalleries: many('gallery', data.galleries, views.gallery, 'gallery_filter', find.galleries),
    findPerformers: many('performer', data.performers, views.performer, 'performer_filter', find.performers),
    findTags: many('tag', data.tags, views.tag, 'tag_filter', find.tags),
    findStudios: many('studio', data.studios, views.studio, 'studio_filter', find.studios),
    findSavedFilters: ({ mode }: { mode?: string }) =>
      data.savedFilters
        .all()
        .filter((row) => !mode || row.mode === mode)
        .map(views.savedFilter),
  };
}

function one<Row extends { readonly id: string }>(table: Table<Row>, view: (row: Row) => object) {
  return ({ id }: { id?: string }) => {
    if (id === undefined) return null;
    const row = table.get(toId(id));
    return row ? view(row) : null;
  };
}

function many<Row extends { readonly id: string }>(
  name: string,
  table: Table<Row>,
  view: (row: Row) => object,
  filterName: string,
  look: (filter: Filter | undefined, find: FindFilter | undefined) => Found<Row>,
) {
  return (args: FindArgs) => {
    const found = args.ids?.length
      ? byIds(args.ids, table, name)
      : look(args[filterName] as Filter | undefined, args.filter);
    return { count: found.count, [PLURALS[name] ?? `${name}s`]: () => found.rows.map(view) };
  };
}

const PLURALS: Record<string, string> = { gallery: 'galleries' };

function byIds<Row extends { readonly id: string }>(
  ids: string[],
  table: Table<Row>,
  name: string,
): Found<Row> {
  const rows = ids.map((id) => {
    const row = table.get(toId(id));
    if (!row) throw new Error(`${name} with id ${id} not found`);
    return row;
  });
  return { count: rows.length, rows };
}

/** Stash reads ids with Go's Atoi. */
export function toId(id: string): string {
  if (!/^[+-]?\d+$/.test(id)) throw new Error(`strconv.Atoi: parsing ${JSON.stringify(id)}: invalid syntax`);
  return String(Number(id));
}
