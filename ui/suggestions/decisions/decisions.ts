import type { NameTakenView, SuggestionView } from '../../../core/contract/suggestions.ts';
import type { SuggestionOption } from '../../../core/suggestions/kinds/define.ts';
import type { Making, Outcome } from './outcomes.ts';

export type Deciding = 'accept' | 'reject' | 'undo';

export type Decisions = {
  readonly outcomeOf: (suggestion: SuggestionView) => Outcome | undefined;
  /** By the id of a suggestion what is being decided about it. */
  readonly pending: ReadonlyMap<string, Deciding>;
  readonly stateOf: (suggestion: SuggestionView) => SuggestionView['state'];
  /** Leaves out what was taken off since. */
  readonly accept: (ids: readonly string[]) => void;
  /** Adds what was taken off since once more: each one is asked for on its own. */
  readonly acceptAgain: (suggestion: SuggestionView) => void;
  readonly reject: (ids: readonly string[]) => void;
  /** Accepts a suggestion with one of its options, by their place. */
  readonly choose: (suggestion: SuggestionView, place: number) => void;
  /** The same with what is none of its options. */
  readonly take: (suggestion: SuggestionView, option: SuggestionOption) => void;
  /** Rules one of its options out: what is left is suggested anew. */
  readonly ruleOut: (suggestion: SuggestionView, place: number) => void;
  /** Says how, where somebody accepts what has to be chosen. */
  readonly sayChoose: (suggestion: SuggestionView) => void;
  /**
  Makes a performer of whom it found, who is somebody else: rejected with it.
  @returns whom the user has to tell apart first; null: nobody
  */
  readonly create: (suggestion: SuggestionView, making: Making) => Promise<NameTakenView | null>;
  /** Undoes the decision about one suggestion, recent or old. */
  readonly undo: (suggestion: SuggestionView) => void;
  readonly undoLast: () => void;
};
