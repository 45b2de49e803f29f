/**
Faces that a person pointed at, in the stored observation of their file. It is read and replaced in one transaction: a look at the
whole file, and one at each frame that somebody points at, can be under way in several processes.
*/
import type { ContentId } from '../../core/content-id.ts';
import { isPointedAtOnly, keepPointedAt, withPointedAt } from '../../core/sampling/pointed-at.ts';
import type { ObservationWithCrops } from '../../core/faces/observation.ts';
import type { Context } from '../runs/task.ts';

type Parts = Pick<Context, 'store' | 'vision' | 'settings'>;

/** Stores the observation, with what a person pointed at before and this look did not find. */
export async function putWithPointedAt(context: Parts, observed: ObservationWithCrops): Promise<void> {
  const { store, vision, settings } = context;
  const { clustering } = vision.seenBy.calibration;
  await store.transaction(
    async () => {
      const before = await readSeen(context, observed.observation.contentId, 'only where somebody pointed');
      await store.observations.put(
        before === null ? observed : keepPointedAt(before, observed, clustering, settings.cropsPerPerson),
      );
    },
    { durable: false },
  );
}

/**
Puts the faces of a frame into the observation of its file; of a file without one they are a partial observation.
@returns the keys of the clusters that the faces are in
*/
export async function addPointedAt(context: Parts, found: ObservationWithCrops): Promise<readonly number[]> {
  const { store, vision, settings } = context;
  if (found.observation.persons.length === 0) return [];
  const nothing = { observation: { ...found.observation, persons: [] }, crops: [] };
  const { clustering } = vision.seenBy.calibration;
  return await store.transaction(
    async () => {
      const known = await readSeen(context, found.observation.contentId);
      const { keys, ...all } = withPointedAt(known ?? nothing, found, clustering, settings.cropsPerPerson);
      await store.observations.put(all);
      return keys;
    },
    { durable: false },
  );
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
