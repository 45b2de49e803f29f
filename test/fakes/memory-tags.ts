/** The tags of a Stash in memory: ids by name. */
import type { FieldValues, StashObject } from '../../core/changes/change.ts';
import { scalarOf } from '../../core/changes/values.ts';
import type { StashRef } from '../../core/stash-ref.ts';

export function nameOfTag(tags: ReadonlyMap<string, string>, id: string): string | undefined {
  return [...tags].find(([, tagId]) => tagId === id)?.[0];
}

export function tagObject(tags: ReadonlyMap<string, string>, entity: StashRef): StashObject | null {
  const name = nameOfTag(tags, entity.id);
  if (name === undefined) return null;
  const identity = { contents: [], name, disambiguation: '', stashIds: [] };
  return { entity, title: name, identity, values: { name } };
}

export function nameIn(values: FieldValues): string {
  const name = scalarOf(values, 'name');
  return typeof name === 'string' ? name : '';
}
