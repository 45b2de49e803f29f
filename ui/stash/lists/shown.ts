import { query, stash } from '../api.ts';
import type { StashSenseSceneIdsQueryVariables } from '../documents.generated.ts';
import { GALLERY_IDS, IMAGE_IDS, SCENE_IDS } from '../documents.ts';
import type { EntityRef } from '../library.ts';

/** What a list of Stash shows on all of its pages: search, order and conditions, as Stash's own page sends them. */
export type Shown = {
  readonly find: NonNullable<StashSenseSceneIdsQueryVariables['filter']>;
  readonly conditions: Conditions;
};

/** The same type for each kind. */
type Conditions = StashSenseSceneIdsQueryVariables['scene_filter'];

/** Stash's model of what a list shows. */
export type ListFilter = {
  clone(): ListFilter;
  makeFindFilter(): Shown['find'];
  makeFilter(): Shown['conditions'];
};

/** The ids of all that fit, in the order of the list. */
export async function findIds(
  kind: EntityRef['kind'],
  { find: { q, sort, direction }, conditions }: Shown,
): Promise<readonly string[]> {
  const filter = { q, sort, direction, per_page: -1 };
  const found = {
    scene: async () => (await query(SCENE_IDS, { filter, scene_filter: conditions })).findScenes.scenes,
    image: async () => (await query(IMAGE_IDS, { filter, image_filter: conditions })).findImages.images,
    gallery: async () =>
      (await query(GALLERY_IDS, { filter, gallery_filter: conditions })).findGalleries.galleries,
  };
  return (await found[kind]()).map(({ id }) => id);
}

type SceneAnswer = { readonly findScenes?: { readonly scenes?: readonly unknown[] } };
type SceneVariables = { readonly filter?: Shown['find']; readonly scene_filter?: Conditions };

/**
What the list of scenes shows, as its page last asked for it: Stash hands nothing of it to plugins. Null: no such question, or several lists
of which none can be told from the others.

@param onPage how many scenes stand on the page of the list, by which it is told from other lists
*/
export function shownScenes(onPage: number): Shown | null {
  const asked = [
    ...(stash().utils.StashService.getClient().getObservableQueries?.('active').values() ?? []),
  ].filter(({ queryName, variables }) => queryName === 'FindScenes' && variables !== undefined);
  const fitting = asked.filter(
    (one) => (one.getCurrentResult().data as SceneAnswer | undefined)?.findScenes?.scenes?.length === onPage,
  );
  const [only, another] = new Map(
    (fitting.length > 0 ? fitting : asked).map(({ variables }) => [JSON.stringify(variables), variables]),
  ).values();
  if (another !== undefined) return null;
  const { filter, scene_filter: conditions } = (only ?? {}) as SceneVariables;
  return filter === undefined ? null : { find: filter, conditions };
}
