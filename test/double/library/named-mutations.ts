/** The Mutation fields that change tags and studios. */
import type { LibraryData, NamedRow, StashIdRow, Table } from './data.ts';
import { existing, foreignKey, fromInput, listOf, text, type Input } from './mutation-inputs.ts';
import { checkName } from './name-rules.ts';
import { toId } from './queries.ts';
import type { Views } from './views.ts';

type Created = Input & { readonly name: string };

export function createNamedMutations(
  data: LibraryData,
  views: Views,
  stashIds: (given: unknown) => StashIdRow[],
): Record<string, unknown> {
  const fields = {
    name: (it: unknown) => text(it).trim(),
    description: text,
    aliases: listOf,
    parent_ids: listOf,
    stash_ids: stashIds,
    sort_name: text,
    urls: listOf,
    tag_ids: listOf,
    rating100: (it: unknown) => it ?? null,
    favorite: Boolean,
    ignore_auto_tag: Boolean,
  };
  const toRow = (input: Input): Partial<NamedRow> => fromInput(withOneName(input), fields);

  const checkParents = (kind: 'tag' | 'studio', { parentIds = [] }: Partial<NamedRow>): void => {
    const table = kind === 'tag' ? data.tags : data.studios;
    const parent = parentIds.find((id) => !table.get(id));
    if (parent === undefined) return;
    const owner = String(table.size + 1);
    throw kind === 'tag'
      ? foreignKey('tags_relations', 'child', 'parent_id', owner, parent)
      : foreignKey('studios', 'studio', 'parent_id', owner, parent);
  };
  const create =
    (kind: 'tag' | 'studio', table: Table<NamedRow>) =>
    ({ input }: { input: Created }) => {
      const row = { ...toRow(input), name: input.name.trim() };
      checkName(kind, table, [row.name, ...(row.aliases ?? [])]);
      checkParents(kind, row);
      return kind === 'tag' ? views.tag(data.addTag(row)) : views.studio(data.addStudio(row));
    };
  const update =
    (kind: 'tag' | 'studio', table: Table<NamedRow>) =>
    ({ input }: { input: Input & { readonly id: string } }) => {
      const row = table.get(toId(input.id));
      if (!row) throw new Error(`${kind} with id ${input.id} not found`);
      const changes = toRow(input);
      const { name, aliases } = { ...row, ...changes };
      checkName(kind, table, [name, ...aliases], row.id);
      checkParents(kind, changes);
      Object.assign(row, changes, { updatedAt: data.seconds() });
      return kind === 'tag' ? views.tag(row) : views.studio(row);
    };

  return {
    tagCreate: create('tag', data.tags),
    tagUpdate: update('tag', data.tags),
    tagsDestroy: ({ ids }: { ids: string[] }) => {
      for (const id of existing(data.tags, ids, 'tags')) data.deleteTag(id);
      return true;
    },
    studioCreate: create('studio', data.studios),
    studioUpdate: update('studio', data.studios),
    studiosDestroy: ({ ids }: { ids: string[] }) => {
      for (const id of existing(data.studios, ids, 'studios')) data.deleteStudio(id);
      return true;
    },
  };
}

/** What a studio calls otherwise than a tag, and what was one before it was a list. */
function withOneName({ details, parent_id: parentId, url, ...input }: Input): Input {
  return {
    ...input,
    ...(details !== undefined && { description: details }),
    ...(parentId !== undefined && { parent_ids: parentId ? [parentId] : [] }),
    ...(url !== undefined && { urls: url ? [url] : [] }),
  };
}
