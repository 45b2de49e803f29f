import type { HealthAnalyzerId } from '../../core/health/analyzers.ts';
import type { EntityFilter, StashEntity } from '../../core/ports/library.ts';
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

/** Finds all there is in a few questions. What it no longer finds is closed. */
export type WholeAnalyzer<Id extends HealthAnalyzerId = HealthAnalyzerId> = Common<Id> & {
  readonly looksAt: 'all';
  /** It looks at files of Stash's library at their paths: left out where these are not paths of this machine. */
  readonly readsDisks?: true;
  /** @param shouldYield whether the queue is to be given back: one that stores how far it is ends there, and is asked again by the next slice */
  find(parts: LookParts, shouldYield: () => Promise<boolean>): Promise<Found>;
};

/** `unknown`: what could not be told this time; of these what is stored stays, whatever its state. */
export type Found = {
  readonly proposals: readonly Proposal[];
  readonly unknown?: readonly StashRef[];
  /** Stores how far it looked, in the transaction in which what it found is stored. */
  readonly keep?: () => Promise<void>;
  /** It ended to give the queue back. */
  readonly isMore?: boolean;
};

export type Analyzer<Id extends HealthAnalyzerId = HealthAnalyzerId> = SceneAnalyzer<Id> | WholeAnalyzer<Id>;
