/** Scenes that have an id of a stash-box. */
import { z } from 'zod';
import type { Library } from '../../../core/ports/library.ts';
import type * as types from '../documents.generated.ts';
import type { Graphql } from '../graphql.ts';
import { operation } from '../operation.ts';

const PER_PAGE = 1000;

export const scenesOfBoxQuery = operation<types.ScenesOfBoxQuery, types.ScenesOfBoxQueryVariables>()({
  document: `query ScenesOfBox($find: FindFilterType!, $filter: SceneFilterType!) { findScenes(filter: $find, scene_filter: $filter) { scenes { id stash_ids { endpoint stash_id } } } }`,
  answer: z
    .object({
      findScenes: z.object({
        scenes: z.array(
          z.object({
            id: z.string(),
            stash_ids: z.array(z.object({ endpoint: z.string(), stash_id: z.string() })),
          }),
        ),
      }),
    })
    .transform(({ findScenes }) => findScenes.scenes),
});

export function createScenesOfBox(graphql: Pick<Graphql, 'query'>): Library['scenesOfBox'] {
  return async (endpoint, stashId) => {
    const criterion =
      stashId === undefined
        ? { endpoint, modifier: 'NOT_NULL' as const }
        : { endpoint, stash_id: stashId, modifier: 'EQUALS' as const };
    const found = new Map<string, { readonly id: string; readonly stashIds: readonly string[] }>();
    for (let page = 1; ; page++) {
      const scenes = await graphql.query(scenesOfBoxQuery, {
        find: { page, per_page: PER_PAGE, sort: 'id', direction: 'ASC' },
        filter: { stash_id_endpoint: criterion },
      });
      for (const { id, stash_ids: all } of scenes)
        found.set(id, {
          id,
          stashIds: all.flatMap((one) => (one.endpoint === endpoint ? [one.stash_id] : [])),
        });
      if (scenes.length < PER_PAGE) return [...found.values()];
    }
  };
}
