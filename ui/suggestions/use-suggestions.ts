import type { Output } from '../../core/contract/operations.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { ask } from '../stash/operations.ts';
import { useDecidedElsewhere } from './decisions/use-decided-elsewhere.ts';
import type { Decisions } from './decisions/decisions.ts';
import { useDecisions } from './decisions/use-decisions.ts';
import { conditionsOf, PAGE_SIZE, type Filter } from './filter.ts';

export type Suggestions = Decisions & {
  readonly list: Output<'suggestions.list'> | null;
  /** Where that list begins; the one asked for now may begin elsewhere. */
  readonly listOffset: number;
  readonly problem: string | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

/**
A page of suggestions with the actions on it. Decided suggestions stay in place with their outcome, so that nothing moves
under the cursor; they disappear when the list is reloaded.
*/
export function useSuggestions(filter: Filter, offset: number): Suggestions {
  const input = { ...conditionsOf(filter), order: filter.order, limit: PAGE_SIZE, offset };
  const { answer: list, asked, problem, isLoading, reload } = useAnswer('suggestions.list', input);
  const items = list?.items ?? [];
  const decisions = useDecisions({ items, askedAtMs: asked?.atMs ?? 0, reload });
  useDecidedElsewhere(decisions, items, async () => (await ask('suggestions.list', input)).items, reload);
  return { ...decisions, list, listOffset: asked?.input.offset ?? 0, problem, isLoading, reload };
}
