import { addedIds } from '../../../core/changes/values.ts';
import type { SuggestionOf } from '../../../core/suggestions/suggestion.ts';
import { cropOf, referenceOf } from './performer-seen.ts';
import { withView, type Viewer, type ViewParts } from './viewer.ts';

/** The face that was seen, and of each candidate the reference it is most like. */
export const performerAmbiguousViewer: Viewer<'performer-ambiguous'> = {
  async view(parts, suggestion) {
    const { seen, candidates } = suggestion.payload;
    const references = await Promise.all(
      candidates.map(
        async ({ performerId, referenceId }) => [performerId, await referenceOf(parts, referenceId)] as const,
      ),
    );
    return withView(suggestion, {
      crop: await cropOf(parts, seen),
      references: Object.fromEntries(references),
      chosen: suggestion.state === 'accepted' ? await chosenFor(parts, suggestion) : null,
    });
  },
};

/** Whom the write that accepted the suggestion added. */
export async function chosenFor(
  { store }: ViewParts,
  { id, entity }: Pick<SuggestionOf<'performer-ambiguous'>, 'id' | 'entity'>,
): Promise<string | null> {
  const { items } = await store.journal.list({ entity, state: 'written' }, 200, 0);
  const entry = items.find(({ suggestionId }) => suggestionId === id);
  return entry === undefined ? null : (addedIds(entry.changes, 'performers')[0] ?? null);
}
