import type { SuggestionOf, ViewOf } from '../../../core/suggestions/suggestion.ts';
import { toDataUrl } from '../../observe/fetch-media.ts';
import { withView, type Viewer, type ViewParts } from './viewer.ts';

/** The face that was seen, and the reference it is most like. */
export const performerSeenViewer: Viewer<'performer-seen'> = {
  async view(parts, suggestion) {
    const [crop, reference] = await Promise.all([
      cropOf(parts, suggestion.payload.seen),
      referenceOf(parts, suggestion.evidence.referenceId),
    ]);
    return withView(suggestion, { crop, reference });
  },
};

/** The best picture of the cluster that counts most. */
export async function cropOf(
  { store, vision }: ViewParts,
  [seen]: SuggestionOf<'performer-seen'>['payload']['seen'],
): Promise<ViewOf<'performer-seen'>['crop']> {
  const crops = seen ? await store.observations.crops(seen.contentId, vision.packId) : [];
  const [best] = crops
    .filter((entry) => entry.personKey === seen?.personKey)
    .toSorted((a, b) => a.rank - b.rank);
  return best ? { url: toDataUrl(best.jpeg), timeMs: best.timeMs } : null;
}

export async function referenceOf(
  { store }: Pick<ViewParts, 'store'>,
  id: string,
): Promise<ViewOf<'performer-seen'>['reference']> {
  const reference = await store.people.reference(id);
  if (reference?.crop == null) return null;
  return { url: toDataUrl(reference.crop.jpeg), source: reference.source };
}
