/** The user's "no" to a suggestion, and its withdrawal. */
import { StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';
import { optionOf } from '../../core/suggestions/suggestion.ts';
import { takeBack } from '../accepted/take-back.ts';
import { withdrawDismissed } from '../accepted/withdraw-face.ts';
import type { Context } from '../runs/task.ts';
import { choicesOf } from './accept.ts';
import { plannerOf } from './planners/index.ts';
import type { DismissalParts, DismissedParts } from './planners/planner.ts';

/**
Runs under the write lock like every decision, so that no write is in progress. With a choice only that is ruled out, and what
is left is suggested anew.
*/
export async function reject(context: RejectParts, id: string, chosen: unknown): Promise<void> {
  const { store, now, vision } = context;
  const suggestion = await store.suggestions.get(id);
  if (suggestion === null) throw new StashSenseError('not-found', message('suggestions.gone'));
  const planner = plannerOf(suggestion);
  if (suggestion.state === 'rejected') {
    // The call before may have been cut off, or be of a version that did this later.
    await planner.onDismissed?.(context, suggestion);
    await planner.afterDismissed?.(context, suggestion);
    return;
  }
  if (suggestion.state === 'accepted')
    throw new StashSenseError('changed-since', planner.refusal(suggestion, 'accepted'));
  const choices = choicesOf(suggestion, chosen);
  const dismissals = await planner.dismissals(context, suggestion, choices);
  const isPart = optionOf(suggestion, choices) !== null;
  await store.transaction(async () => {
    for (const dismissal of dismissals) {
      await store.dismissals.dismiss(dismissal, now());
      if (!('key' in dismissal)) await withdrawDismissed(store, vision.seenBy, dismissal);
    }
    if (!isPart) await store.suggestions.changeState(id, ['open', 'stale', 'removed'], 'rejected');
    await planner.onDismissed?.(context, suggestion);
  });
  await planner.afterDismissed?.(context, suggestion);
}

export type RejectParts = DismissalParts & DismissedParts & Pick<Context, 'now'>;

/** With a choice, only that is no longer ruled out. Also a yes for which nothing was written is taken back. @returns whether it was rejected, or accepted so */
export async function reopen(
  context: DismissalParts & DismissedParts,
  id: string,
  chosen: unknown,
): Promise<boolean> {
  const { store, vision } = context;
  const suggestion = await store.suggestions.get(id);
  if (suggestion === null) return false;
  const choices = choicesOf(suggestion, chosen);
  const isWhole = optionOf(suggestion, choices) === null;
  if (isWhole && suggestion.state === 'accepted') return await takeBack(store, vision.seenBy, suggestion);
  if (isWhole && suggestion.state !== 'rejected') return false;
  const planner = plannerOf(suggestion);
  const dismissals = await planner.dismissals(context, suggestion, choices);
  await store.transaction(async () => {
    for (const dismissal of dismissals) await store.dismissals.withdraw(dismissal);
    await store.suggestions.unreject(id);
    await planner.onDismissed?.(context, suggestion);
  });
  await planner.afterDismissed?.(context, suggestion);
  return true;
}
