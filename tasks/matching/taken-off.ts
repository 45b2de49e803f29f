import { suggestionKey, type Proposal } from '../../core/suggestions/suggestion.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { CheckedSuggestion } from '../../core/ports/suggestions.ts';
import { targetsOf } from '../accepted/targets.ts';
import type { Context } from '../runs/task.ts';
import { performersOf } from './proposals.ts';

/**
The proposals of one entity, with the suggestion of each performer who was added and taken off since in the place of those that
find the performer anew under another key: alone or as one of several, such as after a second entry of the same person was made.
So what was taken off stays so, and is neither open in a list that is accepted at once nor asked as if it were new.

A suggestion that is stale and whose write was not undone counts too: an earlier match may have closed it.
*/
export async function withTakenOff(
  { suggestions }: Pick<Context['store'], 'suggestions'>,
  entity: StashRef,
  proposals: readonly Proposal[],
): Promise<readonly Proposal[]> {
  if (proposals.length === 0) return proposals;
  const takenOff = (await suggestions.toCheck([entity], ['removed', 'stale'])).filter(wasAdded);
  if (takenOff.length === 0) return proposals;
  const own = new Set(proposals.map(suggestionKey));
  const asked = takenOff.filter((suggestion) => own.has(suggestionKey(suggestion))).flatMap(performersIn);
  const kept = new Map<string, Proposal>();
  const others: Proposal[] = [];
  for (const proposal of proposals) {
    const named = performersOf(proposal).filter((id) => !asked.includes(id));
    const meant = takenOff.filter((suggestion) => performersIn(suggestion).some((id) => named.includes(id)));
    for (const { id } of meant) {
      const suggestion = await suggestions.get(id);
      if (suggestion !== null) kept.set(id, suggestion);
    }
    if (meant.length === 0) others.push(proposal);
  }
  return [...others, ...kept.values()];
}

/** Of a removed one without a write Stash had the performer already. */
function wasAdded(suggestion: CheckedSuggestion): boolean {
  return suggestion.state === 'removed' || suggestion.written !== null;
}

function performersIn(suggestion: CheckedSuggestion): readonly string[] {
  return targetsOf(suggestion).flatMap(({ kind, id }) => (kind === 'performer' ? [id] : []));
}
