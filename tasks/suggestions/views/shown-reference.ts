import { similarity } from '../../../core/faces/embedding.ts';
import type { Embedding } from '../../../core/faces/face.ts';
import type { IdentifiedCluster } from '../../../core/matching/identifications.ts';
import type { Candidate } from '../../../core/people/person.ts';
import type { StoredReference } from '../../../core/ports/people.ts';
import { clustersOf, type FileCluster } from '../../matching/clusters.ts';
import type { Context } from '../../runs/task.ts';

/**
The reference shown beside the face: the profile picture, which the user knows, where it agrees with the face; else the most similar
one. When that is the confirmed face itself, the most similar of the others.
*/
export async function referenceToShow(
  { store, vision }: Pick<Context, 'store' | 'vision'>,
  seen: readonly FileCluster[],
  { referenceId, performerId }: Pick<Candidate, 'referenceId' | 'performerId'>,
  members: IdentifiedCluster['members'],
): Promise<StoredReference | null> {
  const { people } = store;
  const nearest = await people.reference(referenceId);
  const isOfMembers = ({ sourceKey }: { sourceKey: string }): boolean =>
    members.some(({ contentId }) => sourceKey.startsWith(`${contentId}#`));
  const [member] = members;
  if (nearest === null || performerId === null || !member) return nearest;
  const [face] = clustersOf({ members: [member] }, seen);
  const alike = (embedding: Embedding): number =>
    face === undefined ? 0 : similarity(embedding, face.person.template);
  const others = (await people.vectors(performerId, vision.packId))
    .flatMap((vector) =>
      vector.state === 'used' && vector.embedding !== null && !isOfMembers(vector)
        ? [{ id: vector.id, source: vector.source, similarity: alike(vector.embedding) }]
        : [],
    )
    .toSorted((a, b) => b.similarity - a.similarity);
  const { minSimilarity } = vision.calibration.matching;
  const profile = others.find(({ source, similarity: its }) => source === 'profile' && its >= minSimilarity);
  if (profile !== undefined) return await people.reference(profile.id);
  if (!isOfMembers(nearest)) return nearest;
  const [other] = others;
  return (other && (await people.reference(other.id))) ?? nearest;
}
