import type { ContentId, EntityRef, EntityKind } from '../content-id.ts';
import type { Proposal, Suggestion, SuggestionState } from '../suggestions/suggestion.ts';
import type { StashPerformer } from './library.ts';

export type SuggestionFilter = {
  readonly state?: SuggestionState;
  readonly entity?: EntityRef;
  readonly entityKind?: EntityKind;
  readonly performerId?: string;
  readonly minConfidence?: number;
  /** Part of a title or a name, any case. */
  readonly text?: string;
};

export type Suggestions = {
  /**
  All open suggestions of this analyzer for this entity become these: known keys are updated (a stale one opens again;
  accepted and rejected ones keep their state), the rest become stale.
  */
  replace(entity: EntityRef, analyzer: string, proposals: readonly Proposal[]): Promise<void>;
  list(
    filter: SuggestionFilter,
    order: 'confidence' | 'newest',
    limit: number,
    offset: number,
  ): Promise<{ total: number; items: Suggestion[] }>;
  /**
  Ids of open ones that may be accepted without asking a person, newest first, below the id `before`. Without those whose
  performer was written to the entity before and undone.
  @param filter `list`: the entity is on this work list; `changedSince`: Unix milliseconds
  */
  acceptable(
    filter: {
      readonly minConfidence: number;
      readonly entity?: EntityRef | undefined;
      readonly list?: string | undefined;
      readonly changedSince?: number | undefined;
      readonly ids?: readonly string[] | undefined;
    },
    before: string | null,
    limit: number,
  ): Promise<string[]>;
  /** Open ones of this kind and analyzer whose entity is not on this work list become stale. */
  withdrawUnlisted(kind: EntityKind, analyzer: string, list: string): Promise<void>;
  get(id: string): Promise<Suggestion | null>;
  /**
  What is known of these entities, keyed `kind:id`: the same as long as nobody has changed a suggestion of them. Entities
  without one are not in the answer.
  */
  revisions(entities: readonly EntityRef[]): Promise<Map<string, readonly SuggestionRevision[]>>;
  /**
  Compare and set: changes the state only where it is one of `from`.
  @returns whether it did; false also where there is no such suggestion
  */
  changeState(id: string, from: readonly SuggestionState[], to: SuggestionState): Promise<boolean>;
};

export type SuggestionRevision = Pick<Suggestion, 'key' | 'state' | 'updatedAt'>;

/** "Not this person", remembered for the content, not the scene: rescans, renames and re-added files keep it. */
export type Decisions = {
  reject(contentIds: readonly ContentId[], performer: StashPerformer, at: number): Promise<void>;
  /** By id, and by stash-box id or name where a merge in Stash changed the id. */
  rejected(contentIds: readonly ContentId[], performer: StashPerformer): Promise<boolean>;
  unreject(contentIds: readonly ContentId[], performer: StashPerformer): Promise<void>;
};
