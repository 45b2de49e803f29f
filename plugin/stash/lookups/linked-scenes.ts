/** Scenes of performers that have an id of a stash-box, and studios of their scenes. */
import { z } from 'zod';
import type { LinkedScene, LinkedScenes, PlacedScene } from '../../../core/ports/boxes/linked-scenes.ts';
import type * as types from '../documents.generated.ts';
import type { Graphql } from '../graphql.ts';
import { operation, type Variables } from '../operation.ts';

/** Each is a query of its own in Stash's database. */
const PERFORMERS_AT_ONCE = 25;

const STASH_IDS = 'stash_ids { endpoint stash_id }';
const PLACE = 'id tags { id } files { path }';

/** Variables `find: FindFilterType`, and `f0`, `f1` and so on, each a `SceneFilterType`; answered as `a0`, `a1` and so on. */
export function linkedScenesQuery(count: number) {
  const places = Array.from({ length: count }, (_, n) => n);
  const variables = places.map((n) => `$f${n}: SceneFilterType!`).join(', ');
  const lists = places.map(
    (n) =>
      `a${n}: findScenes(filter: $find, scene_filter: $f${n}) { scenes { ${PLACE} ${STASH_IDS} performers { id ${STASH_IDS} } } }`,
  );
  return operation<types.LinkedScenesQuery, Variables>()({
    document: `query LinkedScenes($find: FindFilterType!, ${variables}) { ${lists.join(' ')} }`,
    answer: z.record(z.string(), Found),
  });
}

const Place = {
  id: z.string(),
  tags: z.array(z.object({ id: z.string() })),
  files: z.array(z.object({ path: z.string() })),
};
const StashIds = z
  .array(z.object({ endpoint: z.string(), stash_id: z.string() }))
  .transform((rows) => rows.map(({ endpoint, stash_id: stashId }) => ({ endpoint, stashId })));
const Performer = z
  .object({ id: z.string(), stash_ids: StashIds })
  .transform(({ id, stash_ids: stashIds }) => ({ id, stashIds }));
const Found = z
  .object({ scenes: z.array(z.object({ ...Place, stash_ids: StashIds, performers: z.array(Performer) })) })
  .transform(({ scenes }) => scenes);

/** Variables as above. */
export function scenesStudiosQuery(count: number) {
  const places = Array.from({ length: count }, (_, n) => n);
  const variables = places.map((n) => `$f${n}: SceneFilterType!`).join(', ');
  const lists = places.map(
    (n) =>
      `a${n}: findScenes(filter: $find, scene_filter: $f${n}) { scenes { ${PLACE} studio { ${STASH_IDS} } } }`,
  );
  return operation<types.ScenesStudiosQuery, Variables>()({
    document: `query ScenesStudios($find: FindFilterType!, ${variables}) { ${lists.join(' ')} }`,
    answer: z.record(z.string(), OfStudios),
  });
}

const OfStudios = z
  .object({ scenes: z.array(z.object({ ...Place, studio: z.object({ stash_ids: StashIds }).nullable() })) })
  .transform(({ scenes }) => scenes);

function toPlaced({ id, tags, files }: z.infer<z.ZodObject<typeof Place>>): PlacedScene {
  return { kind: 'scene', id, title: '', tagIds: tags.map((tag) => tag.id), files };
}

export function createStudioIds(graphql: Pick<Graphql, 'query'>): LinkedScenes['studioIds'] {
  return async (performerIds, endpoint, most, isLeftOut = () => false) => {
    const found = new Map<string, readonly string[]>();
    const find = { page: 1, per_page: most, sort: 'created_at', direction: 'DESC' };
    for (let at = 0; at < performerIds.length; at += PERFORMERS_AT_ONCE) {
      const some = performerIds.slice(at, at + PERFORMERS_AT_ONCE);
      const filters = some.map((id, n) => [
        `f${n}`,
        { performers: { value: [id], modifier: 'INCLUDES' }, studios: { modifier: 'NOT_NULL' } },
      ]);
      const answer = await graphql.query(scenesStudiosQuery(some.length), {
        find,
        ...Object.fromEntries(filters),
      });
      for (const [n, id] of some.entries()) {
        const ids = (answer[`a${n}`] ?? [])
          .filter((scene) => !isLeftOut(toPlaced(scene)))
          .flatMap(({ studio }) => studio?.stash_ids ?? [])
          .flatMap((one) => (one.endpoint === endpoint ? one.stashId : []));
        found.set(id, [...new Set(ids)]);
      }
    }
    return found;
  };
}

export function createLinkedScenes(graphql: Pick<Graphql, 'query'>): LinkedScenes['linkedScenes'] {
  return async (performerIds, endpoint, most, isLeftOut = () => false) => {
    const found = new Map<string, readonly LinkedScene[]>();
    const find = { page: 1, per_page: most, sort: 'performer_count', direction: 'ASC' };
    for (let at = 0; at < performerIds.length; at += PERFORMERS_AT_ONCE) {
      const some = performerIds.slice(at, at + PERFORMERS_AT_ONCE);
      const filters = some.map((id, n) => [`f${n}`, filterOf(id, endpoint)]);
      const answer = await graphql.query(linkedScenesQuery(some.length), {
        find,
        ...Object.fromEntries(filters),
      });
      for (const [n, id] of some.entries())
        found.set(
          id,
          (answer[`a${n}`] ?? []).flatMap((scene) => {
            const own = scene.stash_ids.find((one) => one.endpoint === endpoint);
            const isOut = own === undefined || isLeftOut(toPlaced(scene));
            return isOut ? [] : [{ stashId: own.stashId, performers: scene.performers }];
          }),
        );
    }
    return found;
  };
}

function filterOf(performerId: string, endpoint: string): Record<string, unknown> {
  return {
    performers: { value: [performerId], modifier: 'INCLUDES' },
    stash_id_endpoint: { endpoint, modifier: 'NOT_NULL' },
  };
}
