import type { HealthAnalyzerId } from '../../core/health/analyzers.ts';
import type { EntityFilter, StashEntity } from '../../core/ports/library.ts';
import type { StashRange } from '../../core/ports/suggestions.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { SuggestionKind } from '../../core/suggestions/kinds/index.ts';
import type { Proposal } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';

/** What an analyzer may ask: it has no port that could write. */
export type LookParts = Pick<Context, 'store' | 'library' | 'vision' | 'settings' | 'now'>;

type Common<Id extends HealthAnalyzerId> = {
  readonly id: Id;
  /** Raised whenever it finds something else: all is looked at once more then, and what it no longer finds is closed. */
  readonly version: number;
  /** Nobody else suggests anything of these kinds. */
  readonly kinds: readonly SuggestionKind[];
};

/**
Looks at scenes that were changed since it looked the last time: in Stash, or, where it `readsFaces`, of what is kept here of who
is in them. What it answers of a scene takes the place of all that it suggested of it before.
*/
export type SceneAnalyzer<Id extends HealthAnalyzerId = HealthAnalyzerId> = Common<Id> & {
  readonly looksAt: 'scenes';
  readonly readsFaces: boolean;
  /** Stash ends what it tells of without noting a change of the scene: each run looks at what it told of once more. */
  readonly looksAgain?: true;
  look(parts: LookParts, page: ScenePage): Promise<readonly Proposal[]>;
};

export type ScenePage = {
  /** Ascending by id. */
  readonly scenes: readonly StashEntity[];
  /** By which these were listed in Stash: what is listed by it with a further condition, behind `afterId`, is among them as far as they go. Null: they were asked for one by one. */
  readonly listed: { readonly filter: EntityFilter; readonly afterId: string } | null;
};

/** Finds all there is, page by page. What it no longer finds of a page is closed. */
export type WholeAnalyzer<Id extends HealthAnalyzerId = HealthAnalyzerId> = Common<Id> & {
  readonly looksAt: 'all';
  /** It looks at files of Stash's library at their paths: left out where these are not paths of this machine. */
  readonly readsDisks?: true;
  /** Once in each slice; what it reads for all pages it reads when it is asked for the first of them. */
  begin(parts: LookParts): FindPage;
};

/** @param after where the page before ended, also in an earlier slice; null: it begins */
export type FindPage = (after: string | null) => Promise<Found>;

export type Found = {
  readonly proposals: readonly Proposal[];
  /** What this page is of: what was told of these and is not proposed is closed. What could not be told this time is none of them. */
  readonly looked: readonly StashRef[] | StashRange;
  /** Another page counts what is proposed here. */
  readonly isCountedLater?: boolean;
  /** Stores how far it looked, in the transaction in which what it found is stored. */
  readonly keep?: () => Promise<void>;
  /** For the next page; null: this is the last one. */
  readonly next: string | null;
};

export type Analyzer<Id extends HealthAnalyzerId = HealthAnalyzerId> = SceneAnalyzer<Id> | WholeAnalyzer<Id>;
