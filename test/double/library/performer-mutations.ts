/** The Mutation fields that change performers. */
import {
  PERFORMER_TEXTS,
  PERFORMER_VALUES,
  type LibraryData,
  type PerformerRow,
  type StashIdRow,
} from './data.ts';
import { toId } from './queries.ts';
import {
  addedBy,
  combine,
  combineTexts,
  dateOf,
  existing,
  foreignKey,
  fromInput,
  listOf,
  pictureOf,
  text,
  type Bulk,
  type BulkTexts,
  type Input,
} from './mutation-inputs.ts';
import { checkPerformer } from './name-rules.ts';
import type { Views } from './views.ts';

export function createPerformerMutations(
  data: LibraryData,
  views: Views,
  stashIds: (given: unknown) => StashIdRow[],
): Record<string, unknown> {
  const now = data.seconds;
  const checkTags = (id: string, tagIds: readonly string[]): void => {
    for (const tagId of tagIds)
      if (!data.tags.get(tagId)) throw foreignKey('performers_tags', 'performer', 'tag_id', id, tagId);
  };
  const performerFields = {
    name: (it: unknown) => text(it).trim(),
    disambiguation: (it: unknown) => text(it).trim(),
    alias_list: trimmed,
    gender: (it: unknown) => it,
    birthdate: (it: unknown) => dateOf(it, 'birthdate'),
    death_date: (it: unknown) => dateOf(it, 'death date'),
    favorite: Boolean,
    ignore_auto_tag: Boolean,
    rating100: (it: unknown) => it,
    urls: listOf,
    tag_ids: listOf,
    stash_ids: stashIds,
    custom_fields: (it: unknown) => it ?? {},
    image: pictureOf('image'),
  };
  return {
    performerCreate: ({ input }: { input: Input & { name: string } }) => {
      const changes = fromInput(input, performerFields) as Pick<PerformerRow, 'name'> & Partial<PerformerRow>;
      checkPerformer(
        data,
        { disambiguation: '', aliases: [], birthdate: null, deathDate: null, ...changes },
        null,
      );
      checkTags(String(data.performers.size + 1), listOf(input['tag_ids']));
      return views.performer(data.addPerformer({ ...changes, more: moreOf(input) }));
    },
    performerUpdate: ({ input }: { input: Input & { id: string } }) => {
      const row = data.performers.get(toId(input.id));
      if (!row) throw new Error(`performer with id ${input.id} not found`);
      const changes = fromInput(input, performerFields);
      checkPerformer(data, { ...row, ...changes }, row.id);
      checkTags(row.id, listOf(input['tag_ids']));
      Object.assign(row, changes, { more: { ...row.more, ...moreOf(input) }, updatedAt: now() });
      return views.performer(row);
    },
    bulkPerformerUpdate: ({
      input,
    }: {
      input: { ids?: string[]; tag_ids?: Bulk; urls?: BulkTexts; alias_list?: BulkTexts };
    }) => {
      const rows = (input.ids ?? []).map((id) => {
        const row = data.performers.get(toId(id));
        if (!row) throw new Error(`performer with id ${id} not found`);
        return row;
      });
      const planned = rows.map((row) => ({
        row,
        changes: {
          tagIds: combine(row.tagIds, input.tag_ids),
          urls: combineTexts(row.urls, input.urls),
          aliases: trimmed(combineTexts(row.aliases, input.alias_list)),
        },
      }));
      for (const { row, changes } of planned) {
        checkTags(row.id, addedBy(input.tag_ids));
        checkPerformer(data, { ...row, ...changes }, row.id);
      }
      for (const { row, changes } of planned) Object.assign(row, changes, { updatedAt: now() });
      return rows.map(views.performer);
    },
    performersDestroy: ({ ids }: { ids: string[] }) => {
      for (const id of existing(data.performers, ids, 'performers')) data.deletePerformer(id);
      return true;
    },
  };
}

function trimmed(value: unknown): string[] {
  return listOf(value).map((alias) => alias.trim());
}

/** Kept by their own names. */
function moreOf(input: Input): Record<string, unknown> {
  return Object.fromEntries([
    ...PERFORMER_TEXTS.filter((name) => input[name] !== undefined).map((name) => [name, text(input[name])]),
    ...PERFORMER_VALUES.filter((name) => input[name] !== undefined).map((name) => [name, input[name]]),
  ]);
}
