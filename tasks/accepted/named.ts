/** Whom the page is about to name, as Stash has them by now. */
import { namedIn, type Suggestion, type SuggestionState } from '../../core/suggestions/suggestion.ts';
import type { StashRef } from '../../core/stash-ref.ts';
import type { Context } from '../runs/task.ts';
import { closeGone } from './gone.ts';
import { followMerge } from './merged.ts';
import { successorOf } from './successor.ts';

type Parts = Pick<Context, 'store' | 'library'>;

/** By id. */
export type NamedPerformers = ReadonlyMap<string, string>;

/**
Asks Stash for the ids of these performers. Who was merged into another one there is that one from now on, and nobody is
suggested who is gone; what they were matched with is due for another match (`matchDue`).
@returns whether one was missing, so that what names them has to be read again
*/
export async function settleNamed({ store, library }: Parts, named: NamedPerformers): Promise<boolean> {
  if (named.size === 0) return false;
  const there = await library.fieldsOf('performer', [...named.keys()], []);
  const missing = [...named].filter(([id]) => !there.has(id));
  for (const [id, name] of missing) {
    const performer: StashRef = { kind: 'performer', id };
    const successor = await successorOf({ store, library }, performer, name);
    if (successor === null) await closeGone({ store }, performer);
    else await followMerge({ store }, performer, successor);
  }
  return missing.length > 0;
}

/** Of these states it matters to the user who is meant. */
const SETTLED: ReadonlySet<SuggestionState> = new Set(['open', 'removed', 'accepted']);

export function namedBySuggestions(suggestions: readonly Suggestion[]): NamedPerformers {
  const named = new Map<string, string>();
  for (const suggestion of suggestions)
    if (SETTLED.has(suggestion.state))
      for (const { target, name } of namedIn(suggestion))
        if (target?.kind === 'performer') named.set(target.id, name);
  return named;
}

/** The candidates of the last match, as far as we took them for performers of this Stash until now. */
export async function namedByMatch(
  { identifications, people }: Pick<Context['store'], 'identifications' | 'people'>,
  entity: Parameters<Context['store']['identifications']['get']>[0],
): Promise<NamedPerformers> {
  const named = new Map<string, string>();
  for (const { candidates } of (await identifications.get(entity))?.persons ?? [])
    for (const { performerId, name } of candidates)
      if (performerId !== null && !named.has(performerId) && (await people.performer(performerId)) !== null)
        named.set(performerId, name);
  return named;
}
