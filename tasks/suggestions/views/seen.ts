/** What the kinds of somebody who was seen in files show alike. */
import { addedIds } from '../../../core/changes/values.ts';
import { bestCropOf } from '../../../core/faces/observation.ts';
import type { SeenCandidate, SeenCluster } from '../../../core/suggestions/kinds/seen.ts';
import type { SuggestionOf, ViewOf } from '../../../core/suggestions/suggestion.ts';
import { toDataUrl } from '../../observe/fetch-media.ts';
import type { ViewParts } from './viewer.ts';

type OfChoice = SuggestionOf<'performer-ambiguous'> | SuggestionOf<'pack-person-seen'>;

/** The face, of each of these performers the reference it is most like, and who was chosen. */
export async function viewOfChoice(
  parts: ViewParts,
  suggestion: OfChoice,
  performers: readonly SeenCandidate[],
): Promise<ViewOf<'performer-ambiguous'>> {
  const references = await Promise.all(
    performers.map(
      async ({ performerId, referenceId }) => [performerId, await referenceOf(parts, referenceId)] as const,
    ),
  );
  return {
    crop: await cropOf(parts, suggestion.payload.seen),
    references: Object.fromEntries(references),
    chosen: suggestion.state === 'accepted' ? await chosenFor(parts, suggestion) : null,
  };
}

/** Whom the write that accepted the suggestion added. */
async function chosenFor(
  { store }: Pick<ViewParts, 'store'>,
  { id, entity }: Pick<OfChoice, 'id' | 'entity'>,
): Promise<string | null> {
  const { items } = await store.journal.list({ entity, state: 'written' }, 200, 0);
  const entry = items.find(({ suggestionId }) => suggestionId === id);
  return entry === undefined ? null : (addedIds(entry.changes, 'performers')[0] ?? null);
}

/** The best picture of the cluster that counts most. */
export async function cropOf(
  { store, vision, isBare }: ViewParts,
  [seen]: readonly SeenCluster[],
): Promise<ViewOf<'performer-seen'>['crop']> {
  if (seen === undefined || isBare) return null;
  const crops = await store.observations.crops(seen.contentId, vision.packId);
  const best = bestCropOf(crops, seen.personKey);
  return best ? { url: toDataUrl(best.jpeg), timeMs: best.timeMs } : null;
}

export async function referenceOf(
  { store, isBare }: Pick<ViewParts, 'store' | 'isBare'>,
  id: string,
): Promise<ViewOf<'performer-seen'>['reference']> {
  if (isBare) return null;
  const reference = await store.people.reference(id);
  if (reference?.crop == null) return null;
  return { url: toDataUrl(reference.crop.jpeg), source: reference.source };
}
