import { entityKey } from '../content-id.ts';
import type { SuggestionRevision } from '../ports/suggestions.ts';
import type { StashRef } from '../stash-ref.ts';

/** Whether nobody changed a suggestion of this entity between two readings of `Suggestions.revisions`. */
export function areUnchanged(
  entity: StashRef,
  before: ReadonlyMap<string, readonly SuggestionRevision[]>,
  after: ReadonlyMap<string, readonly SuggestionRevision[]>,
): boolean {
  const key = entityKey(entity);
  return JSON.stringify(before.get(key)) === JSON.stringify(after.get(key));
}
