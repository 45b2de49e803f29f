import type { FieldValues } from '../../core/changes/change.ts';
import type { ValuesOf } from '../../core/changes/standing.ts';
import { entityKey } from '../../core/content-id.ts';
import type { Library } from '../../core/ports/library.ts';
import type { StashKind, StashRef } from '../../core/stash-ref.ts';

/** Fields of objects that were just read, by `entityKey`. */
export type KnownValues = ReadonlyMap<string, FieldValues>;

/**
These fields of these objects: of each kind of object the ids together, as few fields as there are.
@param wanted a field that is null asks only whether Stash has the object
*/
export async function readFields(
  library: Pick<Library, 'fieldsOf'>,
  wanted: readonly { readonly entity: StashRef; readonly field: string | null }[],
  known: KnownValues = new Map(),
): Promise<ValuesOf> {
  const asked = new Map<StashKind, { ids: Set<string>; fields: Set<string> }>();
  for (const { entity, field } of wanted) {
    const values = known.get(entityKey(entity));
    if (values !== undefined && (field === null || field in values)) continue;
    const { ids, fields } = asked.get(entity.kind) ?? { ids: new Set(), fields: new Set() };
    if (field !== null) fields.add(field);
    asked.set(entity.kind, { ids: ids.add(entity.id), fields });
  }
  const read = new Map<string, FieldValues>();
  for (const [kind, { ids, fields }] of asked)
    for (const [id, values] of await library.fieldsOf(kind, [...ids], [...fields]))
      read.set(entityKey({ kind, id }), values);
  return (entity) => read.get(entityKey(entity)) ?? known.get(entityKey(entity)) ?? null;
}
