import type { Ask, Output } from '../../../core/contract/operations.ts';
import type { SuggestionView } from '../../../core/contract/suggestions.ts';
import { useIsHere } from '../../shared/hooks/use-act.ts';
import { useReturn } from '../../shared/hooks/use-return.ts';
import { ask } from '../../stash/operations.ts';

/**
Loads the list where one of those shown was decided in another tab of the browser, once the user comes back to this one. Where
none was, the list stays, so that nothing moves.
@param list null while a decision is under way
*/
export function useDecidedElsewhere(
  input: Ask<'suggestions.list'>,
  list: Output<'suggestions.list'> | null,
  stateOf: (suggestion: SuggestionView) => SuggestionView['state'],
  reload: () => void,
): void {
  const isHere = useIsHere();
  useReturn(async () => {
    const shown = list?.items.filter((item) => stateOf(item) === item.state) ?? [];
    if (shown.length === 0) return;
    const { items } = await ask('suggestions.list', input);
    const left = new Set(items.map(({ id, state }) => `${id} ${state}`));
    if (isHere.current && shown.some(({ id, state }) => !left.has(`${id} ${state}`))) reload();
  });
}
