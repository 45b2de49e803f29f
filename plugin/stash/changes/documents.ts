/** GraphQL documents of the write path, each with the shape of its answer. */
import { z } from 'zod';
import { FIELDS, type Field } from '../../../core/changes/fields.ts';
import type { FieldValues, Identity } from '../../../core/changes/change.ts';
import type { CreatedKind } from '../../../core/ports/library.ts';
import type { StashKind } from '../../../core/stash-ref.ts';
import type * as types from './documents.generated.ts';
import { operation } from '../operation.ts';
import { readValues, selectionOf } from './wire.ts';

/** Type names, as used in the names of queries, mutations and inputs. */
export const NAMES = {
  scene: 'Scene',
  image: 'Image',
  gallery: 'Gallery',
  performer: 'Performer',
  studio: 'Studio',
  tag: 'Tag',
  group: 'Group',
} as const satisfies Record<StashKind, string>;

/** As lists of them are called. */
const PLURALS = {
  scene: 'scenes',
  image: 'images',
  gallery: 'galleries',
  performer: 'performers',
  studio: 'studios',
  tag: 'tags',
  group: 'groups',
} as const satisfies Record<StashKind, string>;

const Text = z
  .string()
  .nullish()
  .transform((text) => text ?? '');
const Files = z
  .array(
    z.object({ path: z.string(), fingerprints: z.array(z.object({ type: z.string(), value: z.string() })) }),
  )
  .default([]);
const FILE = 'path fingerprints { type value }';

/** Fields with an object's title and identity, for each kind. */
const IDENTITY: Readonly<Record<StashKind, string>> = {
  scene: `title files { ${FILE} }`,
  image: `title files: visual_files { ... on ImageFile { ${FILE} } ... on VideoFile { ${FILE} } }`,
  gallery: `title files { ${FILE} } folder { path }`,
  performer: 'name disambiguation stash_ids { endpoint stash_id }',
  studio: 'name stash_ids { endpoint stash_id }',
  tag: 'name',
  group: 'name',
};
const Identified = z.looseObject({
  id: z.string(),
  title: Text,
  name: Text,
  disambiguation: Text,
  files: Files,
  folder: z.object({ path: z.string() }).nullish(),
  stash_ids: z.array(z.looseObject({ endpoint: z.string(), stash_id: z.string() })).default([]),
});

export type ObjectAnswer = {
  readonly id: string;
  readonly title: string;
  readonly name: string;
  readonly disambiguation: string;
  readonly files: z.output<typeof Files>;
  readonly folder: string | null;
  readonly stashIds: Identity['stashIds'];
  readonly values: FieldValues;
};

/** @param lacking fields that this Stash does not have */
export function objectQuery(kind: StashKind, lacking: readonly string[] = []) {
  const fields = Object.keys(FIELDS[kind]).filter((name) => !lacking.includes(name));
  return operation<
    | types.SceneObjectQuery
    | types.ImageObjectQuery
    | types.GalleryObjectQuery
    | types.PerformerObjectQuery
    | types.StudioObjectQuery
    | types.TagObjectQuery
    | types.GroupObjectQuery,
    | types.SceneObjectQueryVariables
    | types.ImageObjectQueryVariables
    | types.GalleryObjectQueryVariables
    | types.PerformerObjectQueryVariables
    | types.StudioObjectQueryVariables
    | types.TagObjectQueryVariables
    | types.GroupObjectQueryVariables
  >()({
    document: `query Object($id: ID!) { object: find${NAMES[kind]}(id: $id) { id ${IDENTITY[kind]} ${selectionOf(kind, fields)} } }`,
    answer: z.object({ object: Identified.nullable() }).transform(({ object }) =>
      object === null
        ? null
        : {
            ...object,
            folder: object.folder?.path ?? null,
            stashIds: object.stash_ids.map(({ endpoint, stash_id: stashId }) => ({ endpoint, stashId })),
            values: readValues(kind, object, fields),
          },
    ),
  });
}

/** Variable `ids`, at least one. Stash refuses the whole query when one of the objects is missing. */
export function fieldsQuery(kind: StashKind, fields: readonly string[]) {
  const plural = PLURALS[kind];
  return operation<
    | types.SceneFieldsQuery
    | types.ImageFieldsQuery
    | types.GalleryFieldsQuery
    | types.PerformerFieldsQuery
    | types.StudioFieldsQuery
    | types.TagFieldsQuery
    | types.GroupFieldsQuery,
    types.SceneFieldsQueryVariables
  >()({
    document: `query Fields($ids: [ID!]) { found: find${plural.charAt(0).toUpperCase()}${plural.slice(1)}(ids: $ids) { objects: ${plural} { id ${selectionOf(kind, fields)} } } }`,
    answer: z
      .object({ found: z.object({ objects: z.array(z.looseObject({ id: z.string() })) }) })
      .transform(
        ({ found }) => new Map(found.objects.map((one) => [one.id, readValues(kind, one, fields)] as const)),
      ),
  });
}

/** Variable `input`: `{ ids, tag_ids: { mode, ids }, urls: { mode, values } }`. */
export function bulkMutation(kind: StashKind) {
  return operation<
    | types.SceneChangeMutation
    | types.ImageChangeMutation
    | types.GalleryChangeMutation
    | types.PerformerChangeMutation,
    | types.SceneChangeMutationVariables
    | types.ImageChangeMutationVariables
    | types.GalleryChangeMutationVariables
    | types.PerformerChangeMutationVariables
  >()({
    document: `mutation Change($input: Bulk${NAMES[kind]}UpdateInput!) { changed: bulk${NAMES[kind]}Update(input: $input) { id } }`,
    answer: z.unknown(),
  });
}

/**
Stash has no compare-and-set. The first field, with `look`, changes nothing: it returns the values directly before the write,
since GraphQL executes the fields of a mutation in order.

Variables `look`: `{ id }`, `input`.
*/
export function updateMutation(kind: StashKind) {
  const name = `${kind}Update`;
  const type = `${NAMES[kind]}UpdateInput!`;
  return operation<
    | types.SceneUpdateMutation
    | types.ImageUpdateMutation
    | types.GalleryUpdateMutation
    | types.PerformerUpdateMutation,
    | types.SceneUpdateMutationVariables
    | types.ImageUpdateMutationVariables
    | types.GalleryUpdateMutationVariables
    | types.PerformerUpdateMutationVariables
  >()({
    document: `mutation Update($look: ${type}, $input: ${type}) { seen: ${name}(input: $look) { id ${selectionOf(kind)} } changed: ${name}(input: $input) { id } }`,
    answer: z.object({ seen: z.looseObject({}).nullable() }).transform(({ seen }, { issues }) => {
      if (seen !== null) return readValues(kind, seen);
      issues.push({ code: 'custom', input: seen, path: ['seen'], message: 'nothing was changed' });
      return z.NEVER;
    }),
  });
}

const Made = z
  .object({ made: z.object({ id: z.string() }).nullable() })
  .transform(({ made }) => made?.id ?? null);

export function createMutation(kind: CreatedKind) {
  return operation<
    types.PerformerCreateMutation | types.StudioCreateMutation | types.TagCreateMutation,
    | types.PerformerCreateMutationVariables
    | types.StudioCreateMutationVariables
    | types.TagCreateMutationVariables
  >()({
    document: `mutation Create($input: ${NAMES[kind]}CreateInput!) { made: ${kind}Create(input: $input) { id } }`,
    answer: Made,
  });
}

export function destroyMutation(kind: CreatedKind) {
  return operation<
    types.PerformerDestroyMutation | types.StudioDestroyMutation | types.TagDestroyMutation,
    | types.PerformerDestroyMutationVariables
    | types.StudioDestroyMutationVariables
    | types.TagDestroyMutationVariables
  >()({ document: `mutation Destroy($ids: [ID!]!) { ${kind}sDestroy(ids: $ids) }`, answer: z.unknown() });
}

/** EQUALS is SQL's LIKE (see `tagsByNameQuery`), so the caller compares the names itself. */
export const performersByNameQuery = operation<
  types.PerformersByNameQuery,
  types.PerformersByNameQueryVariables
>()({
  document:
    'query PerformersByName($name: String!) { found: findPerformers(filter: { per_page: -1 }, performer_filter: { name: { value: $name, modifier: EQUALS } }) { performers { id name disambiguation } } }',
  answer: z
    .object({
      found: z.object({
        performers: z.array(z.object({ id: z.string(), name: z.string(), disambiguation: Text })),
      }),
    })
    .transform(({ found }) => found.performers),
});

/** Kinds that have a built field with this way of writing. */
export function kindsWith(mode: Field['write']): StashKind[] {
  return (Object.keys(FIELDS) as StashKind[]).filter((kind) =>
    Object.values<Field>(FIELDS[kind]).some(({ built, write }) => built && write === mode),
  );
}
