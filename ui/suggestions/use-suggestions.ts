import { useState } from 'react';
import type { Output } from '../../core/contract/operations.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { ask } from '../stash/operations.ts';
import { useDecidedElsewhere } from './decisions/use-decided-elsewhere.ts';
import type { Decisions } from './decisions/decisions.ts';
import { useDecisions } from './decisions/use-decisions.ts';
import { conditionsOf, PAGE_SIZE, type Filter } from './filter.ts';
import { picturesShown, useBare } from './use-bare.ts';
import type { SuggestionPlace } from '../../core/ports/suggestions.ts';
import type { SuggestionView } from '../../core/contract/suggestions.ts';
import type { SuggestionOrder } from '../../core/suggestions/orders.ts';

export type Suggestions = Decisions & {
  readonly list: Output<'suggestions.list'> | null;
  /** Of that list, with the pictures that have come since. */
  readonly items: readonly SuggestionView[];
  /** The card of this suggestion, which has no pictures yet, comes into sight. */
  readonly onNear: (id: string) => void;
  /** Where that list begins; the one asked for now may begin elsewhere. */
  readonly listOffset: number;
  /** What that list is sorted by; until the one asked for now has come, another order than the filter's. */
  readonly listOrder: SuggestionOrder;
  readonly problem: string | null;
  readonly isLoading: boolean;
  readonly reload: () => void;
};

/**
A page of suggestions with the actions on it. Decided suggestions stay in place with their outcome, so that nothing moves
under the cursor; they disappear when the list is reloaded.
*/
export function useSuggestions(filter: Filter, offset: number, place: SuggestionPlace | null): Suggestions {
  const [pictures] = useState(() => picturesShown(window.innerWidth, window.innerHeight));
  const input = {
    ...conditionsOf(filter),
    order: filter.order,
    limit: PAGE_SIZE,
    offset,
    ...(place !== null && { place }),
    pictures,
  };
  const { answer: list, asked, problem, isLoading, reload } = useAnswer('suggestions.list', input);
  const { items, onNear } = useBare(list?.items ?? NONE);
  const decisions = useDecisions({ items, askedAtMs: asked?.atMs ?? 0, reload });
  useDecidedElsewhere(
    decisions,
    items,
    async () => (await ask('suggestions.list', { ...input, pictures: 0 })).items,
    reload,
  );
  return {
    ...decisions,
    list,
    items,
    onNear,
    listOffset: asked?.input.offset ?? 0,
    listOrder: asked?.input.order ?? filter.order,
    problem,
    isLoading,
    reload,
  };
}

const NONE: readonly SuggestionView[] = [];
