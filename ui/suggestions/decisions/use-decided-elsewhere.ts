import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { useIsHere } from '../../shared/hooks/use-act.ts';
import { useReturn } from '../../shared/hooks/use-return.ts';
import type { Decisions } from './decisions.ts';

/**
Loads what is shown again where one of the suggestions was decided in another tab of the browser, once the user comes back to
this one. Where none was, or while a decision is under way, all stays, so that nothing moves.
@param askAgain what is shown, as it is now
*/
export function useDecidedElsewhere(
  { stateOf, pending }: Pick<Decisions, 'stateOf' | 'pending'>,
  items: readonly SuggestionView[],
  askAgain: () => Promise<readonly SuggestionView[]>,
  reload: () => void,
): void {
  const isHere = useIsHere();
  useReturn(async () => {
    const shown = pending.size > 0 ? [] : items.filter((item) => stateOf(item) === item.state);
    if (shown.length === 0) return;
    const left = new Set((await askAgain()).map(({ id, state }) => `${id} ${state}`));
    if (isHere.current && shown.some(({ id, state }) => !left.has(`${id} ${state}`))) reload();
  });
}
