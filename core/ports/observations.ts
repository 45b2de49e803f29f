import type { ContentId, EntityRef } from '../content-id.ts';
import type { ObservationWithCrops, Observation, PersonCrop } from '../faces/observation.ts';

export type Observations = {
  /** The one of this pack: there is one at most. */
  get(contentId: ContentId, packId: string): Promise<Observation | null>;
  /** The same for many at once; what has none is not in the answer. */
  getMany(contentIds: readonly ContentId[], packId: string): Promise<Map<ContentId, Observation>>;
  /** Replaces an older one of the same file and pack together with its crops, at once. */
  put(observation: ObservationWithCrops): Promise<void>;
  crops(contentId: ContentId, packId: string): Promise<PersonCrop[]>;
  /** Which files an entity had when it was last observed. */
  link(entity: EntityRef, title: string, contentIds: readonly ContentId[]): Promise<void>;
  contentOf(entity: EntityRef): Promise<ContentId[]>;
  /** The same for many at once, keyed `kind:id`; entities never linked are not in the answer. */
  contentOfMany(entities: readonly EntityRef[]): Promise<Map<string, ContentId[]>>;
  entitiesOf(contentId: ContentId): Promise<EntityRef[]>;
  /** Linked entities with at least one observation of this pack, ascending by kind and id, for matching again. */
  entitiesAfter(
    packId: string,
    after: EntityRef | null,
    limit: number,
  ): Promise<{ entity: EntityRef; title: string }[]>;
  /** The matcher version (`currentMatcherVersion`) that an entity was last matched with; null: never. */
  matchedWith(entity: EntityRef): Promise<string | null>;
  setMatchedWith(entity: EntityRef, matcherVersion: string): Promise<void>;
  /** `cropBytes`: of the pictures themselves, not of the file they lie in. */
  size(): Promise<{ observations: number; persons: number; crops: number; cropBytes: number }>;
};
