/** What the kinds of somebody who was seen in files show alike. */
import { addedIds } from '../../../core/changes/values.ts';
import { faceKey } from '../../../core/people/reference-content.ts';
import { bestCropOf } from '../../../core/faces/observation.ts';
import type { SeenCandidate, SeenCluster } from '../../../core/suggestions/kinds/seen.ts';
import type { SuggestionOf, ViewOf } from '../../../core/suggestions/suggestion.ts';
import { toDataUrl } from '../../observe/fetch-media.ts';
import { referenceToShow } from './shown-reference.ts';
import type { ViewParts } from './viewer.ts';

type OfChoice = SuggestionOf<'performer-ambiguous'> | SuggestionOf<'pack-person-seen'>;

/** The face, of each of these performers the reference to show beside it, and who was chosen. */
export async function viewOfChoice(
  parts: ViewParts,
  suggestion: OfChoice,
  performers: readonly SeenCandidate[],
): Promise<ViewOf<'performer-ambiguous'>> {
  const { seen } = suggestion.payload;
  const references = await referencesOf(parts, performers, seen);
  return {
    crop: await cropOf(parts, seen),
    references: Object.fromEntries(
      performers.map(({ performerId }, place) => [performerId, references[place] ?? null]),
    ),
    chosen: suggestion.state === 'accepted' ? await chosenFor(parts, suggestion, performers) : null,
  };
}

/** Whom the write that accepted the suggestion added; without one, whose face the yes has taught: they were there already. */
async function chosenFor(
  { store }: Pick<ViewParts, 'store'>,
  { id, entity, payload: { seen } }: Pick<OfChoice, 'id' | 'entity' | 'payload'>,
  performers: readonly SeenCandidate[],
): Promise<string | null> {
  const { items } = await store.journal.list({ entity, state: 'written' }, 200, 0);
  const entry = items.find(({ suggestionId }) => suggestionId === id);
  if (entry !== undefined) return addedIds(entry.changes, 'performers')[0] ?? null;
  const faces = new Set(seen.map(faceKey));
  for (const { performerId } of performers)
    if ((await store.people.pictures(performerId)).some(({ sourceKey }) => faces.has(sourceKey)))
      return performerId;
  return null;
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

/** Of each of these performers the reference that is shown beside the face (`referenceToShow`). */
export async function referencesOf(
  { store, vision, isBare }: ViewParts,
  performers: readonly Pick<SeenCandidate, 'performerId' | 'referenceId'>[],
  members: readonly SeenCluster[],
): Promise<ViewOf<'performer-seen'>['reference'][]> {
  const [first] = members;
  if (isBare || first === undefined) return performers.map(() => null);
  const { contentId, personKey } = first;
  const observation = (await store.observations.getMany([contentId], vision.packId)).get(contentId);
  const seen = (observation?.persons ?? []).flatMap((person) =>
    person.key === personKey ? [{ key: personKey, contentId, person }] : [],
  );
  return await Promise.all(
    performers.map(async (candidate) => {
      const reference = await referenceToShow({ store, vision }, seen, candidate, members);
      if (reference?.crop == null) return null;
      return { url: toDataUrl(reference.crop.jpeg), source: reference.source };
    }),
  );
}
