import { useState } from 'react';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { useIsHere } from '../../shared/hooks/use-act.ts';
import type { Outcome } from './outcomes.ts';

/** Valid only for lists that were requested before `atMs`. */
type NotedOutcome = { readonly outcome: Outcome; readonly atMs: number };

export type Outcomes = {
  readonly note: (outcomes: readonly (readonly [id: string, outcome: Outcome])[]) => void;
  readonly outcomeOf: (suggestion: SuggestionView) => Outcome | undefined;
  readonly stateOf: (suggestion: SuggestionView) => SuggestionView['state'];
};

/**
What happened to suggestions since their list was loaded.
@param askedAtMs when the list that is shown was requested
*/
export function useOutcomes(askedAtMs: number): Outcomes {
  const [noted, setNoted] = useState<ReadonlyMap<string, NotedOutcome>>(new Map());
  const isHere = useIsHere();

  const outcomeOf = ({ id }: SuggestionView): Outcome | undefined => {
    const it = noted.get(id);
    return it !== undefined && it.atMs > askedAtMs ? it.outcome : undefined;
  };
  return {
    note(outcomes) {
      if (!isHere.current) return;
      const atMs = performance.now();
      const now = outcomes.map(([id, outcome]) => [id, { outcome, atMs }] as const);
      setNoted((before) => new Map([...before, ...now]));
    },
    outcomeOf,
    stateOf(suggestion) {
      const outcome = outcomeOf(suggestion);
      if (outcome?.state === 'refused') return outcome.now ?? suggestion.state;
      return outcome?.state ?? suggestion.state;
    },
  };
}
