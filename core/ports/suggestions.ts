import type { JournalEntry } from '../changes/journal-entry.ts';
import type { EntityKind, EntityRef } from '../content-id.ts';
import type { StashKind, StashRef } from '../stash-ref.ts';
import type { Dismissal } from '../suggestions/dismissal.ts';
import type { SuggestionKind } from '../suggestions/kinds/index.ts';
import type { SuggestionOrder } from '../suggestions/orders.ts';
import type {
  Proposal,
  Severity,
  Suggestion,
  SuggestionOf,
  SuggestionState,
} from '../suggestions/suggestion.ts';

export type SuggestionFilter<Kind extends SuggestionKind = SuggestionKind> = {
  /** Of several the suggestions of the first come first, then those of the next. */
  readonly state?: SuggestionState | readonly SuggestionState[];
  readonly kind?: Kind;
  readonly entity?: StashRef;
  readonly entityKind?: StashKind;
  /** Of the objects of `entityKind`. */
  readonly entityIds?: readonly string[];
  readonly analyzers?: readonly string[];
  /** What is proposed, or one of several among which the user has to choose. */
  readonly target?: StashRef;
  /** Without those for which the user has to choose something. */
  readonly withoutChoice?: boolean;
  readonly minConfidence?: number;
  readonly severity?: Severity;
  /** Made at this time or later, Unix milliseconds. */
  readonly createdAfter?: number;
  /** About scenes of this studio, as Stash's scenes were last read. */
  readonly studioId?: string;
  /** Part of a title or a name, any case. */
  readonly text?: string;
};

/** Where a suggestion stands in a list, also after it was decided. */
export type SuggestionPosition = Pick<Suggestion, 'state' | 'confidence' | 'id'>;

/** The page behind the last one of a page, or the one in front of the first. `offset`: how many were in front of the page, from which it is read where the order has groups and that one is gone. */
export type SuggestionPlace = { readonly offset?: number } & (
  | { readonly after: SuggestionPosition }
  | { readonly before: SuggestionPosition }
);

/** Objects of a kind with an id above `after` (`'0'`: from the first one), up to `upTo` (null: to the last one). */
export type StashRange = {
  readonly kind: StashKind;
  readonly after: string;
  readonly upTo: string | null;
};

/** What of the open suggestions about performers is asked for. */
export type PerformerFilter = Omit<SuggestionFilter, 'state' | 'entity' | 'entityKind' | 'target'>;

/** A performer, and the surest suggestion about them. */
export type SuggestedPerformer = {
  readonly performerId: string;
  readonly confidence: number;
  readonly suggestionId: string;
};

/** A row of a kind that this version does not know is neither listed nor changed, but for becoming stale. */
export type Suggestions = {
  /**
  Makes these proposals the open suggestions of this analyzer for this entity: known keys are updated, missing ones become
  stale. Accepted, rejected and removed ones keep their state; stale ones become open, or removed where something was written
  for them that was not undone.
  */
  replace(entity: StashRef, analyzer: string, proposals: readonly Proposal[]): Promise<void>;
  /** The same for all of these objects at once; each proposal is about one of them. What is told (`TOLD_ABOUT`) and was accepted becomes stale too. */
  replaceAmong(
    among: readonly StashRef[] | StashRange,
    analyzer: string,
    proposals: readonly Proposal[],
  ): Promise<void>;
  /**
  Keeps what a person chose without a suggestion as a stale one of the analyzer `BY_HAND`, where there is none of this key.
  @returns the id of the one there is
  */
  keepChoice(proposal: Proposal): Promise<string>;
  /** @param place how many are passed over, which takes the longer the more they are; or where the page begins or ends */
  list<Kind extends SuggestionKind = SuggestionKind>(
    filter: SuggestionFilter<Kind>,
    order: SuggestionOrder,
    limit: number,
    place: number | SuggestionPlace,
  ): Promise<{ total: number; items: Extract<Suggestion, { kind: Kind }>[] }>;
  /** How many suggestions there are in these states, by kind; kinds of which there is none are absent. */
  countKinds(states: readonly SuggestionState[]): Promise<{ kind: SuggestionKind; total: number }[]>;
  /** By kind how many such suggestions there are, and how many of them need nothing to be chosen and are as sure as their kind asks for. */
  countAcceptable(
    filter: SuggestionFilter,
  ): Promise<{ kind: SuggestionKind; total: number; acceptable: number }[]>;
  /**
  Ids of open suggestions of this kind that auto-accept may accept, newest first, below the id `before`. Suggestions are left
  out when their target was once added to the entity (it was undone, or taken off in Stash), or when the user has to choose something.
  @param filter `list`: the entity is on this work list; `changedSince`: Unix milliseconds
  */
  acceptable(
    filter: {
      readonly kind?: SuggestionKind | undefined;
      readonly minConfidence: number;
      readonly entity?: StashRef | undefined;
      readonly list?: string | undefined;
      readonly changedSince?: number | undefined;
      readonly ids?: readonly string[] | undefined;
    },
    before: string | null,
    limit: number,
  ): Promise<string[]>;
  /** Marks open and removed suggestions of this kind and analyzer as stale when their entity is not on this work list. */
  withdrawUnlisted(kind: EntityKind, analyzer: string, list: string): Promise<void>;
  /**
  Marks the open suggestions of this target as stale whose evidence names one of these references (`referenceId`).
  @returns what they are about
  */
  suspend(target: StashRef, referenceIds: readonly string[]): Promise<EntityRef[]>;
  get(id: string): Promise<Suggestion | null>;
  /**
  Performers about whom there is such a suggestion, those with the surest first.
  @param after the last one of the page before; whoever is decided meanwhile moves none of the others
  */
  performers(
    filter: PerformerFilter,
    after: Pick<SuggestedPerformer, 'confidence' | 'suggestionId'> | null,
    limit: number,
  ): Promise<{ total: number; items: SuggestedPerformer[] }>;
  /** Those of these performers about whom there is such a suggestion. */
  performersAmong(filter: PerformerFilter, performerIds: readonly string[]): Promise<ReadonlySet<string>>;
  /** All such suggestions about these performers, the surest first. */
  aboutPerformers(filter: PerformerFilter, performerIds: readonly string[]): Promise<Suggestion[]>;
  /** Entities with open, accepted or removed suggestions, behind this one: a page of what is to be looked up in Stash. */
  entitiesToCheck(after: StashRef | null, limit: number): Promise<StashRef[]>;
  /** Entities with open, accepted or removed suggestions of this analyzer, behind this one, in the order of kind and id as text. */
  entitiesOf(analyzer: string, after: StashRef | null, limit: number): Promise<StashRef[]>;
  /** Closes all that `replace` would close if this analyzer suggested nothing any more. */
  closeAllBy(analyzer: string): Promise<void>;
  /** The suggestions of these entities in these states; of stale ones only those for which something was written. */
  toCheck(entities: readonly StashRef[], states: readonly SuggestionState[]): Promise<CheckedSuggestion[]>;
  /** Makes all open, accepted and removed suggestions stale that are about this object or propose it. @returns their number */
  closeAllOf(gone: StashRef): Promise<number>;
  /**
  Keys, states and change times of the suggestions of these entities, keyed `kind:id`: equal as long as none has changed.
  Entities without suggestions are absent.
  */
  revisions(entities: readonly StashRef[]): Promise<Map<string, readonly SuggestionRevision[]>>;
  /**
  Compare-and-set: changes the state only when it is one of `from`.
  @returns whether it was changed; false also when there is no such suggestion
  */
  changeState(id: string, from: readonly SuggestionState[], to: SuggestionState): Promise<boolean>;
  /**
  What suggestions propose was merged into another object in Stash: they propose that one from now on, in the state they have. Of two
  about one entity the one that was decided holds, else that of the other object. Those that let the user choose it become stale.
  @returns whether there was any
  */
  followMerge(merged: StashRef, into: { readonly target: StashRef; readonly name: string }): Promise<boolean>;
  /**
  Withdraws a rejection: the suggestion is open, or removed where something was written for it that was not undone; stale
  where it was chosen by hand and nothing is left of that.
  @returns the state; null when it was not rejected
  */
  unreject(id: string): Promise<'open' | 'removed' | 'stale' | null>;
};

/** What is needed to see whether a suggestion still holds in Stash. */
export type CheckedSuggestion<Kind extends SuggestionKind = SuggestionKind> = {
  [Each in Kind]: Pick<
    SuggestionOf<Each>,
    'id' | 'kind' | 'state' | 'updatedAt' | 'entity' | 'target' | 'targetName' | 'payload'
  > & {
    /** The newest write for it that was not undone. */
    readonly written: Pick<JournalEntry, 'id' | 'changes'> | null;
  };
}[Kind];

export type SuggestionRevision = Pick<Suggestion, 'key' | 'state' | 'updatedAt'>;

/** What users have rejected, for ever. */
export type Dismissals = {
  dismiss(what: Dismissal, at: number): Promise<void>;
  /**
  Matches a performer by id, and by stash ID or name, since a merge in Stash changes the id; also by the old name, which a merge
  keeps as an alias, where nobody else can be meant. One file in common is enough.
  */
  isDismissed(what: Dismissal): Promise<boolean>;
  withdraw(what: Dismissal): Promise<void>;
};
