import type { ContentId, EntityRef } from '../content-id.ts';
import type { StashRef } from '../stash-ref.ts';
import type { Expected } from '../matching/expected.ts';
import type { EntityIdentifications, IdentifiedCluster } from '../matching/identifications.ts';
import type { StashEntity } from './library.ts';

export type TitledEntity = { readonly entity: EntityRef; readonly title: string };

/** A cluster of an entity, by its key there, that is `unknown` or `ambiguous`. */
export type UnmatchedCluster = TitledEntity & Pick<IdentifiedCluster, 'key' | 'members'>;

/** Who the clusters of entities were found to be, beside whom Stash has on these entities. */
export type Identifications = {
  /** In the place of what an earlier match said of this entity. */
  save(entity: EntityRef, identifications: EntityIdentifications): Promise<void>;
  /** Null: it was never matched, or what was decided is no longer kept. */
  get(entity: EntityRef): Promise<EntityIdentifications | null>;
  /** Whom Stash has on these entities, as just read. Entities that were never observed are passed over. */
  notePerformers(
    entities: readonly (EntityRef & { readonly performerIds: readonly string[] })[],
  ): Promise<void>;
  /** The same where only the change is known: these were added to the entity in Stash, those removed. */
  notePerformersChanged(
    entity: StashRef,
    changed: { readonly added: readonly string[]; readonly removed: readonly string[] },
  ): Promise<void>;
  /**
  Entities with a cluster that is matched with this performer, without those that have the performer in Stash: as of the
  last `notePerformers`; dismissed matches are among them. In the order in which they were first observed.
  @param after the last entity of the page before
  */
  seenNotTagged(performerId: string, after: EntityRef | null, limit: number): Promise<TitledEntity[]>;
  /** Entities that have the performer in Stash, as of the last `notePerformers`, were matched, and in which nobody was taken for them. In the order in which they were first observed. */
  taggedNotSeen(performerId: string, limit: number): Promise<TitledEntity[]>;
  /** The last match of these entities (`seenNotTagged`) no longer counts: they are to be matched once more. */
  forgetMatchesWith(performerId: string): Promise<void>;
  /**
  Of each of these performers, on how many scenes Stash has them that were looked at, and in how many of those they were
  recognised: as of the last `notePerformers`. By id; absent: on none.
  */
  seenIn(
    performerIds: readonly string[],
  ): Promise<ReadonlyMap<string, { readonly looked: number; readonly seen: number }>>;
  /** Clusters of scenes and images that were recognised as this performer, whom Stash has on them, the surest first. */
  facesOf(
    performerId: string,
    limit: number,
  ): Promise<{ contentId: ContentId; personKey: number; confidence: number }[]>;
  /**
  Entities that show the unknown person of this cluster, the entity itself among them: those with an unknown cluster of the
  same file, and those that share one with these, in no order. Empty where the cluster is not unknown.
  */
  withUnknown(entity: EntityRef, clusterKey: number, limit: number): Promise<TitledEntity[]>;
  /** How many clusters of all entities were matched with nobody. */
  countUnmatched(): Promise<number>;
  /**
  Clusters that were matched with nobody, of a page of so many entities.
  @param from 0 for the first page, then `next` of the page before
  @returns `next`: null behind the last page
  */
  unmatched(
    from: number,
    limit: number,
  ): Promise<{ readonly clusters: readonly UnmatchedCluster[]; readonly next: number | null }>;
};

/**
Whom Stash has on scenes, and of which studios these are, as last read. Whom this plugin put there is known and never expected
anywhere for that, also once the journal alone is erased: with both erased nobody can tell any more, and they count as the user's.
*/
export type Credits = {
  /**
  As just read; images and galleries are passed over. A scene whose candidates are otherwise expected now is to be matched once
  more.
  @param options.isMatchedNext the caller matches these at once: the version moves only for other scenes, which costs a look at
  all of their studios
  */
  note(
    entities: readonly (EntityRef & Pick<StashEntity, 'performerIds' | 'studioId'>)[],
    options?: { readonly isMatchedNext: boolean },
  ): Promise<void>;
  /** This plugin added these performers to the entity, and removed those. */
  noteWritten(
    entity: StashRef,
    changed: { readonly added: readonly string[]; readonly removed: readonly string[] },
  ): Promise<void>;
  /** Forgets the scenes with an id above `after`, up to `upTo` (null: to the end), that are none of these: Stash does not have them. */
  dropMissing(
    present: readonly string[],
    range: { readonly after: string; readonly upTo: string | null },
  ): Promise<void>;
  /** By the id of the scene; nobody is expected in those that are absent. */
  expectedIn(sceneIds: readonly string[]): Promise<ReadonlyMap<string, Expected>>;
  /** Grows whenever somebody else may be expected somewhere. */
  version(): Promise<number>;
};

/** Scenes of which something that is kept here was changed: who is in them was decided anew, or somebody decided about who was seen. */
export type ChangedScenes = {
  /** The number of the newest change; 0: none. */
  latest(): Promise<number>;
  /** Ids of scenes that were changed after this number, ascending by id, behind the id `afterId`. */
  since(change: number, afterId: string, limit: number): Promise<string[]>;
  countSince(change: number): Promise<number>;
};
