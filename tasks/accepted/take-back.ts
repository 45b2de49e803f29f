/** The way back from a yes for which nothing was written, since Stash had what was proposed already. */
import type { CheckedSuggestion } from '../../core/ports/suggestions.ts';
import type { Store } from '../../core/ports/store.ts';
import { BY_HAND, type Suggestion } from '../../core/suggestions/suggestion.ts';
import { withdrawConfirmed, type Pack } from './withdraw-face.ts';

/**
Opens an accepted suggestion again, and withdraws the face that the yes has taught, in one transaction. What was written is
undone by its entry of the journal instead.
@returns whether it was opened, or, chosen by hand, closed
*/
export async function takeBack(
  store: Store,
  pack: Pack,
  { id, entity, analyzer }: Pick<Suggestion, 'id' | 'entity' | 'analyzer'>,
): Promise<boolean> {
  return await store.transaction(async () => {
    const accepted = await store.suggestions.toCheck([entity], ['accepted']);
    const suggestion = accepted.find((one) => one.id === id);
    if (suggestion === undefined || suggestion.written !== null) return false;
    await store.suggestions.changeState(id, ['accepted'], analyzer === BY_HAND ? 'stale' : 'open');
    await withdrawUnwritten(store, pack, suggestion);
    return true;
  });
}

/** Withdraws in a transaction what a yes without a write has taught. Which of several was chosen is not known: the face is nobody's. */
export async function withdrawUnwritten(
  store: Store,
  pack: Pack,
  suggestion: CheckedSuggestion,
): Promise<void> {
  if (suggestion.kind === 'performer-seen')
    await withdrawConfirmed(store, pack, suggestion.target.id, suggestion.payload.seen);
  if (suggestion.kind === 'performer-ambiguous')
    for (const { performerId } of suggestion.payload.candidates)
      await withdrawConfirmed(store, pack, performerId, suggestion.payload.seen);
}
