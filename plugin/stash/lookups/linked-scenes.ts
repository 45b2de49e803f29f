/** Scenes of performers that have an id of a stash-box, and studios of their scenes. */
import { z } from 'zod';
import type { LinkedScene, LinkedScenes, PlacedScene } from '../../../core/ports/boxes/linked-scenes.ts';
import { idsOfBox } from '../../../core/changes/values.ts';
import type * as types from '../documents.generated.ts';
import type { Graphql } from '../graphql.ts';
import { operation, type Variables } from '../operation.ts';

/** Each is a query of its own in Stash's database. */
const PERFORMERS_AT_ONCE = 25;

const STASH_IDS = 'stash_ids { endpoint stash_id }';
const PLACE = 'id tags { id } files { path }';

/** Variables `find: FindFilterType`, and `f0`, `f1` and so on, each a `SceneFilterType`; answered as `a0`, `a1` and so on. */
function scenesDocument(name: string, count: number, selection: string): string {
  const places = Array.from({ length: count }, (_, n) => n);
  const variables = places.map((n) => `$f${n}: SceneFilterType!`).join(', ');
  const lists = places.map(
    (n) => `a${n}: findScenes(filter: $find, scene_filter: $f${n}) { scenes { ${PLACE} ${selection} } }`,
  );
  return `query ${name}($find: FindFilterType!, ${variables}) { ${lists.join(' ')} }`;
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
const Linked = z
  .object({ scenes: z.array(z.object({ ...Place, stash_ids: StashIds, performers: z.array(Performer) })) })
  .transform(({ scenes }) => scenes);
const WithStudio = z
  .object({ scenes: z.array(z.object({ ...Place, studio: z.object({ stash_ids: StashIds }).nullable() })) })
  .transform(({ scenes }) => scenes);

export function linkedScenesQuery(count: number) {
  return operation<types.LinkedScenesQuery, Variables>()({
    document: scenesDocument('LinkedScenes', count, `${STASH_IDS} performers { id ${STASH_IDS} }`),
    answer: z.record(z.string(), Linked),
  });
}

export function scenesStudiosQuery(count: number) {
  return operation<types.ScenesStudiosQuery, Variables>()({
    document: scenesDocument('ScenesStudios', count, `studio { ${STASH_IDS} }`),
    answer: z.record(z.string(), WithStudio),
  });
}

/** By the id of the performer. @param ask the scenes of some of them, as one of the documents above answers */
async function scenesOfEach<Scene>(
  performerIds: readonly string[],
  ask: (count: number, variables: Variables) => Promise<Readonly<Record<string, readonly Scene[]>>>,
  find: Variables,
  filter: Variables,
): Promise<Map<string, readonly Scene[]>> {
  const found = new Map<string, readonly Scene[]>();
  for (let at = 0; at < performerIds.length; at += PERFORMERS_AT_ONCE) {
    const some = performerIds.slice(at, at + PERFORMERS_AT_ONCE);
    const filters = some.map((id, n) => [
      `f${n}`,
      { performers: { value: [id], modifier: 'INCLUDES' }, ...filter },
    ]);
    const answer = await ask(some.length, { find, ...Object.fromEntries(filters) });
    for (const [n, id] of some.entries()) found.set(id, answer[`a${n}`] ?? []);
  }
  return found;
}

function toPlaced({ id, tags, files }: z.infer<z.ZodObject<typeof Place>>): PlacedScene {
  return { kind: 'scene', id, title: '', tagIds: tags.map((tag) => tag.id), files };
}

export function createStudioIds(graphql: Pick<Graphql, 'query'>): LinkedScenes['studioIds'] {
  return async (performerIds, endpoint, most, isLeftOut = () => false) => {
    const found = await scenesOfEach(
      performerIds,
      async (count, variables) => await graphql.query(scenesStudiosQuery(count), variables),
      { page: 1, per_page: most, sort: 'created_at', direction: 'DESC' },
      { studios: { modifier: 'NOT_NULL' } },
    );
    return new Map(
      [...found].map(([id, scenes]) => {
        const shown = scenes.filter((scene) => !isLeftOut(toPlaced(scene)));
        const ids = shown.flatMap(({ studio }) => idsOfBox(studio?.stash_ids ?? [], endpoint));
        return [id, [...new Set(ids)]];
      }),
    );
  };
}

export function createLinkedScenes(graphql: Pick<Graphql, 'query'>): LinkedScenes['linkedScenes'] {
  return async (performerIds, endpoint, most, isLeftOut = () => false) => {
    const found = await scenesOfEach(
      performerIds,
      async (count, variables) => await graphql.query(linkedScenesQuery(count), variables),
      { page: 1, per_page: most, sort: 'performer_count', direction: 'ASC' },
      { stash_id_endpoint: { endpoint, modifier: 'NOT_NULL' } },
    );
    return new Map(
      [...found].map(([id, scenes]) => {
        const linked = scenes.flatMap((scene): LinkedScene[] => {
          const [stashId] = idsOfBox(scene.stash_ids, endpoint);
          if (stashId === undefined || isLeftOut(toPlaced(scene))) return [];
          return [{ stashId, performers: scene.performers }];
        });
        return [id, linked];
      }),
    );
  };
}
