import type { ContentId, EntityRef } from '../content-id.ts';
import type { AddedEmbeddings } from '../faces/face.ts';
import type { Fusion } from '../packs/fusion.ts';
import type { TitledEntity } from './identifications.ts';
import type { ObservationWithCrops, Observation, PersonCrop } from '../faces/observation.ts';

export type Observations = {
  /** The observation of this file by this face pack, of which there is at most one. */
  get(contentId: ContentId, packId: string): Promise<Observation | null>;
  /** `get` for many files; files without observation are absent from the result. */
  getMany(contentIds: readonly ContentId[], packId: string): Promise<Map<ContentId, Observation>>;
  /** Replaces an observation of the same file and pack, with its crops, in one transaction. */
  put(observation: ObservationWithCrops): Promise<void>;
  crops(contentId: ContentId, packId: string): Promise<PersonCrop[]>;
  /** Stores which files an entity had when it was observed. */
  link(entity: EntityRef, title: string, contentIds: readonly ContentId[]): Promise<void>;
  contentOf(entity: EntityRef): Promise<ContentId[]>;
  /** `contentOf` for many entities, keyed `kind:id`; entities that were never linked are absent. */
  contentOfMany(entities: readonly EntityRef[]): Promise<Map<string, ContentId[]>>;
  entitiesOf(contentId: ContentId): Promise<EntityRef[]>;
  /** Linked entities with at least one observation of this pack, ascending by kind and id, for a rematch. */
  entitiesAfter(
    packId: string,
    after: EntityRef | null,
    limit: number,
  ): Promise<{ entity: EntityRef; title: string }[]>;
  /** The matcher version (`currentMatcherVersion`) of the entity's last match; null: never matched, or that match no longer counts. */
  matchedWith(entity: EntityRef): Promise<string | null>;
  setMatchedWith(entity: EntityRef, matcherVersion: string | null): Promise<void>;
  /** Entities with an observation of this pack whose last match no longer counts (`setMatchedWith` null), ascending by kind and id. */
  entitiesToMatch(packId: string, limit: number): Promise<TitledEntity[]>;
  /** `cropBytes`: sum of the crops, not the size of the crop file. */
  size(): Promise<{ observations: number; persons: number; crops: number; cropBytes: number }>;
};

/** The kept crops of one observation, one reference or one hidden face. */
export type CropSet = { readonly id: number; readonly crops: readonly PersonCrop[] };
export type EmbeddedSet = {
  readonly id: number;
  readonly crops: readonly (Pick<PersonCrop, 'personKey' | 'rank'> & { readonly added: AddedEmbeddings })[];
};

/** What the embedders that packs add made of kept crops. What comes with an observation or a reference is kept with it. */
export type CropEmbeddings = {
  /** Crop sets that an embedder of the pack has not seen, ascending by id; `crops` is empty where they are lost. */
  left(fusion: Fusion, after: number, limit: number): Promise<CropSet[]>;
  countLeft(fusion: Fusion): Promise<number>;
  /**
  Of sets that are still named by an observation, a reference or a hidden face, in one transaction; all embedders of the pack count as having
  seen them. `areCompared`: the pack is in use, so that embeddings of references raise the version of the people.
  */
  put(
    sets: readonly EmbeddedSet[],
    fusion: Fusion,
    options: { readonly areCompared: boolean },
  ): Promise<void>;
};
