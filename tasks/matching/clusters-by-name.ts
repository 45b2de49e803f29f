import type { ContentId } from '../../core/content-id.ts';
import type { FaceCluster, ObservedFace } from '../../core/faces/observation.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import type { FileCluster } from './clusters.ts';

/** By file and key. */
export type Clusters = ReadonlyMap<string, FaceCluster>;

export function clustersByName(seen: readonly FileCluster[]): Clusters {
  return new Map(seen.map(({ contentId, person }) => [nameOf(contentId, person.key), person] as const));
}

export function facesOf({ members }: IdentifiedCluster, clusters: Clusters): readonly ObservedFace[] {
  return members.flatMap(
    ({ contentId, personKey }) => clusters.get(nameOf(contentId, personKey))?.faces ?? [],
  );
}

/** Whether one of these members was seen in one picture with one of the person. */
export function areApart(
  { members }: Pick<IdentifiedCluster, 'members'>,
  person: IdentifiedCluster,
  clusters: Clusters,
): boolean {
  return members.some(({ contentId, personKey }) =>
    person.members.some(
      (other) =>
        other.contentId === contentId &&
        clusters.get(nameOf(contentId, personKey))?.apartFrom.includes(other.personKey) === true,
    ),
  );
}

function nameOf(contentId: ContentId, personKey: number): string {
  return `${contentId} ${personKey}`;
}
