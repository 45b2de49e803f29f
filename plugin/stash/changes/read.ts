/** Reads objects of Stash before they are changed, as types of core/changes. */
import type { FieldValues, StashObject } from '../../../core/changes/change.ts';
import { hasCode } from '../../../core/errors.ts';
import { identityOfMedia } from '../../../core/changes/identity.ts';
import type { Library } from '../../../core/ports/library.ts';
import type { StashRef } from '../../../core/stash-ref.ts';
import type { Graphql } from '../graphql.ts';
import * as documents from './documents.ts';
import { usageQuery, type UsageFeatures } from './usage.ts';
import { lackingFields, type FieldFeatures } from './wire.ts';

type Reader = Pick<Library, 'fieldsLacking' | 'object' | 'fieldsOf' | 'usage' | 'findNamed'>;

export function createObjectReader(
  graphql: Pick<Graphql, 'query'>,
  named: Readonly<Record<'tag' | 'studio', (name: string) => Promise<string | null>>>,
  features: () => Promise<UsageFeatures & FieldFeatures>,
): Reader {
  // Of tags alone: nothing else is asked what this Stash has.
  const fieldsLacking: Library['fieldsLacking'] = async (kind) =>
    kind === 'tag' ? lackingFields(kind, await features()) : [];
  return {
    fieldsLacking,
    async object(entity) {
      const query = documents.objectQuery(entity.kind, await fieldsLacking(entity.kind));
      const answer = await graphql.query(query, { id: entity.id });
      return answer && toObject(entity, answer);
    },
    fieldsOf: createFieldsReader(graphql),
    usage: async (kind, id) => await graphql.query(usageQuery(kind, await features()), { id }),
    async findNamed(kind, values) {
      const name = textIn(values, 'name');
      if (kind !== 'performer') return await named[kind](name);
      const disambiguation = fold(textIn(values, 'disambiguation'));
      const found = await graphql.query(documents.performersByNameQuery, { name });
      return (
        found.find((one) => fold(one.name) === fold(name) && fold(one.disambiguation) === disambiguation)
          ?.id ?? null
      );
    },
  };
}

/** Objects of one query. */
const PAGE = 500;
/** Parts of a page that Stash refused, since an object of it is missing. */
const PARTS = 8;

function createFieldsReader(graphql: Pick<Graphql, 'query'>): Library['fieldsOf'] {
  return async (kind, ids, fields) => {
    const found = new Map<string, FieldValues>();
    const read = async (page: readonly string[]): Promise<void> => {
      if (page.length === 0) return;
      try {
        const answer = await graphql.query(documents.fieldsQuery(kind, fields), { ids: [...page] });
        for (const [id, values] of answer) found.set(id, values);
      } catch (error) {
        if (!isMissing(error)) throw error;
        if (page.length === 1) return;
        const size = Math.ceil(page.length / PARTS);
        for (let at = 0; at < page.length; at += size) await read(page.slice(at, at + size));
      }
    };
    const wanted = [...new Set(ids)];
    for (let at = 0; at < wanted.length; at += PAGE) await read(wanted.slice(at, at + PAGE));
    return found;
  };
}

/** "scene with id 9 not found". */
function isMissing(error: unknown): boolean {
  return (
    hasCode(error, 'stash-refused') && /with id \d+ not found|no rows in result set/i.test(error.message)
  );
}

function toObject({ kind, id }: StashRef, answer: documents.ObjectAnswer): StashObject {
  const place = answer.files[0]?.path ?? answer.folder ?? '';
  const hasFiles = kind === 'scene' || kind === 'image' || kind === 'gallery';
  const title = hasFiles ? answer.title || place.split(/[\\/]/).at(-1) || `${kind} ${id}` : answer.name;
  const files = answer.files.map(({ fingerprints }) => ({
    fingerprints: Object.fromEntries(fingerprints.map(({ type, value }) => [type, value])),
  }));
  return {
    entity: { kind, id },
    title,
    identity: hasFiles
      ? identityOfMedia(title, files, answer.folder)
      : {
          contents: [],
          name: answer.name,
          disambiguation: answer.disambiguation,
          stashIds: answer.stashIds,
        },
    values: answer.values,
  };
}

function textIn(values: FieldValues, field: string): string {
  const value = values[field];
  return typeof value === 'string' ? value.trim() : '';
}

function fold(text: string): string {
  return text.trim().toLowerCase();
}
