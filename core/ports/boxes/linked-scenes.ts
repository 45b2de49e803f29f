/** What Stash knows of performers that a stash-box knows too: their scenes there, and their studios. */
import type { StashEntity, StashFile, StashPerformer } from '../library.ts';

/** A scene that has an id of a stash-box, which this is, and who is in it. */
export type LinkedScene = {
  readonly stashId: string;
  readonly performers: readonly Pick<StashPerformer, 'id' | 'stashIds'>[];
};

/** By which it is known whether a scene is excluded; `title` is empty. */
export type PlacedScene = Pick<StashEntity, 'kind' | 'id' | 'title' | 'tagIds'> & {
  readonly files: readonly Pick<StashFile, 'path'>[];
};

/** At most `most` of each performer are looked at, and of these none that `isLeftOut`; by the id of the performer. */
export type LinkedScenes = {
  /** Scenes of each of these performers that have an id of this stash-box, those with the fewest performers first. */
  linkedScenes(
    performerIds: readonly string[],
    endpoint: string,
    most: number,
    isLeftOut?: (scene: PlacedScene) => boolean,
  ): Promise<ReadonlyMap<string, readonly LinkedScene[]>>;
  /** Ids at this stash-box of the studios of the newest scenes of each of these performers. */
  studioIds(
    performerIds: readonly string[],
    endpoint: string,
    most: number,
    isLeftOut?: (scene: PlacedScene) => boolean,
  ): Promise<ReadonlyMap<string, readonly string[]>>;
  /**
  Scenes that have an id of this stash-box, with those ids; excluded ones too. A thousand in a query.
  @param stashId only those that have this one
  */
  scenesOfBox(
    endpoint: string,
    stashId?: string,
  ): Promise<readonly { readonly id: string; readonly stashIds: readonly string[] }[]>;
};
