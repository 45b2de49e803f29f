import { addedIds } from '../../core/changes/values.ts';
import type { JournalEntry } from '../../core/changes/journal-entry.ts';
import type { FaceOf } from '../../core/changes/write.ts';
import type { EntityRef } from '../../core/content-id.ts';
import { namedIn } from '../../core/suggestions/suggestion.ts';
import { faceOf } from '../accepted/withdraw-face.ts';
import type { Context } from '../runs/task.ts';

/** A performer who was added with a yes, and has been taken off in Stash since. */
export type TakenOff = {
  readonly performerId: string;
  readonly name: string;
  /** The face that was said to be the performer; null: nothing was written, since Stash had the performer already. */
  readonly face: Pick<FaceOf, 'contentId' | 'personKey'> | null;
};

function isTarget(id: string) {
  return ({ target }: ReturnType<typeof namedIn>[number]): boolean => target?.id === id;
}

/** More than there are of one entity. */
const MAX_LISTED = 200;

/** @param journal of the entity, newest first */
export async function listTakenOff(
  store: Pick<Context['store'], 'suggestions' | 'state'>,
  entity: EntityRef,
  journal: readonly JournalEntry[],
): Promise<readonly TakenOff[]> {
  const { items } = await store.suggestions.list({ entity, state: 'removed' }, 'newest', MAX_LISTED, 0);
  const found: TakenOff[] = [];
  for (const suggestion of items) {
    const entry = journal.find((one) => one.suggestionId === suggestion.id && one.state === 'written');
    const added = entry === undefined ? [] : addedIds(entry.changes, 'performers');
    const face = entry === undefined ? null : await faceOf(store, entry.id);
    const named = namedIn(suggestion);
    for (const { target, name } of named)
      if (target?.kind === 'performer' && (suggestion.target !== null || added.includes(target.id)))
        found.push({ performerId: target.id, name, face });
    // Who was made for the suggestion, or chosen beside its options.
    const name = named.find(({ target }) => target === null)?.name;
    for (const id of name === undefined ? [] : added.filter((one) => !named.some(isTarget(one))))
      found.push({ performerId: id, name: name ?? '', face });
  }
  return found;
}
