import type { ContentId } from '../../core/content-id.ts';
import type { FaceAt } from '../../core/contract/naming/operations.ts';
import { StashSenseError } from '../../core/errors.ts';
import { bestCropOf, type FaceCluster } from '../../core/faces/observation.ts';
import { message } from '../../core/messages/message.ts';
import { clustersOf, listPersons, type FileCluster } from '../matching/clusters.ts';
import type { Context } from '../runs/task.ts';

type Parts = Pick<Context, 'store' | 'vision'>;

/**
The clusters of files that a person of the Faces tab consists of, the best look first.
@throws StashSenseError `changed-since`: the entity was looked at anew meanwhile, or forgotten
*/
export async function clustersAt(
  { store, vision }: Parts,
  { entity, personKey }: FaceAt,
): Promise<[FileCluster, ...FileCluster[]]> {
  const contentIds = await store.observations.contentOf(entity);
  const observations = await store.observations.getMany(contentIds, vision.packId);
  const all = listPersons(contentIds, observations);
  const identified = await store.identifications.get(entity);
  const person = identified?.persons.find(({ key }) => key === personKey);
  const [first, ...others] = person === undefined ? [] : clustersOf(person, all);
  const alone = first ?? all.find(({ key }) => key === personKey);
  if (alone === undefined) throw new StashSenseError('changed-since', message('naming.faceIsGone'));
  return [alone, ...others];
}

/** The best crop of the first of these clusters that has one; null: none is kept. */
export async function bestCrop(
  { store, vision }: Parts,
  clusters: readonly { readonly contentId: ContentId; readonly person: Pick<FaceCluster, 'key'> }[],
): Promise<Uint8Array | null> {
  for (const { contentId, person } of clusters) {
    const crops = await store.observations.crops(contentId, vision.packId);
    const best = bestCropOf(crops, person.key);
    if (best !== undefined) return best.jpeg;
  }
  return null;
}
