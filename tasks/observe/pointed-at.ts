/** Faces that a person pointed at, in the stored observation of their file. */
import type { ContentId } from '../../core/content-id.ts';
import { isPointedAtOnly, keepPointedAt, withPointedAt } from '../../core/sampling/pointed-at.ts';
import type { ObservationWithCrops } from '../../core/faces/observation.ts';
import type { Context } from '../runs/task.ts';

type Parts = Pick<Context, 'store' | 'vision' | 'settings'>;

/** Stores the observation, with what a person pointed at before and this look did not find. */
export async function putWithPointedAt(context: Parts, observed: ObservationWithCrops): Promise<void> {
  const { store, vision, settings } = context;
  const before = await readSeen(context, observed.observation.contentId, 'only where somebody pointed');
  const { clustering } = vision.seenBy.calibration;
  await store.observations.put(
    before === null ? observed : keepPointedAt(before, observed, clustering, settings.cropsPerPerson),
  );
}

/**
Puts the faces of a frame into the observation of its file; of a file without one they are a partial observation.
@returns the keys of the clusters that the faces are in
*/
export async function addPointedAt(context: Parts, found: ObservationWithCrops): Promise<readonly number[]> {
  const { store, vision, settings } = context;
  const known = await readSeen(context, found.observation.contentId);
  const nothing = { observation: { ...found.observation, persons: [] }, crops: [] };
  const { clustering } = vision.seenBy.calibration;
  const { keys, ...all } = withPointedAt(known ?? nothing, found, clustering, settings.cropsPerPerson);
  if (keys.length > 0) await store.observations.put(all);
  return keys;
}

/** As the pack that sees faces stored it; null: nothing is stored, or nothing that was asked for. */
async function readSeen(
  { store, vision }: Parts,
  contentId: ContentId,
  which?: 'only where somebody pointed',
): Promise<ObservationWithCrops | null> {
  const { packId } = vision.seenBy;
  const observation = await store.observations.get(contentId, packId);
  if (observation === null || (which !== undefined && !observation.persons.some(isPointedAtOnly)))
    return null;
  return { observation, crops: await store.observations.crops(contentId, packId) };
}
