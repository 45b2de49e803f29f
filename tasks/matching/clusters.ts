import type { ContentId } from '../../core/content-id.ts';
import { meanEmbedding } from '../../core/faces/embedding.ts';
import { groupEmbeddings } from '../../core/faces/group-embeddings.ts';
import type { PackCalibration } from '../../core/faces/pack-calibration.ts';
import type { Observation, FaceCluster } from '../../core/faces/observation.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';

/** A cluster of one file of an entity, with a key that is unique within the entity. */
export type FileCluster = {
  readonly key: number;
  readonly contentId: ContentId;
  readonly person: FaceCluster;
};

/** Clusters of one or several files of an entity that are the same person, the best one first. */
export type EntityCluster = {
  /** Keys are those of the entity; `key` is that of the first member. */
  readonly person: FaceCluster;
  readonly members: readonly FileCluster[];
};

/**
The clusters of all files of an entity, numbered consecutively in the order of the files: for an entity with one file the
keys are those of its observation.
*/
export function listPersons(
  contentIds: readonly ContentId[],
  observations: ReadonlyMap<ContentId, Observation>,
): FileCluster[] {
  const seen: FileCluster[] = [];
  let first = 0;
  for (const contentId of contentIds) {
    const persons = observations.get(contentId)?.persons ?? [];
    for (const person of persons) seen.push({ key: first + person.key, contentId, person });
    first = persons.reduce((next, { key }) => Math.max(next, first + key + 1), first);
  }
  return seen;
}

/** The clusters of files that a person of the entity consists of, the best look first. @param seen those of all its files */
export function clustersOf(
  { members }: Pick<IdentifiedCluster, 'members'>,
  seen: readonly FileCluster[],
): FileCluster[] {
  return members.flatMap(
    ({ contentId, personKey }) =>
      seen.find((one) => one.contentId === contentId && one.person.key === personKey) ?? [],
  );
}

const MAX_EXEMPLARS = 8;

/** Merges the clusters of all pictures of a gallery that are the same person; two clusters of one picture are never merged. */
export async function mergeClusters(
  seen: readonly FileCluster[],
  calibration: PackCalibration['clustering'],
): Promise<EntityCluster[]> {
  const keysIn = new Map<ContentId, number[]>();
  for (const { contentId, key } of seen) {
    const keys = keysIn.get(contentId);
    if (keys) keys.push(key);
    else keysIn.set(contentId, [key]);
  }
  if (keysIn.size <= 1)
    return seen.map((fileCluster) => ({ person: fileCluster.person, members: [fileCluster] }));
  const groups = await groupEmbeddings(
    seen.map(({ person, contentId }) => ({
      embedding: person.template,
      weight: Math.max(0.05, person.quality),
      picture: contentId,
    })),
    calibration,
  );
  return groups.map((group) =>
    toEntityCluster(
      group.flatMap((n) => seen[n] ?? []),
      keysIn,
    ),
  );
}

/** @param keysIn the keys of all clusters of a picture */
function toEntityCluster(
  group: readonly FileCluster[],
  keysIn: ReadonlyMap<ContentId, readonly number[]>,
): EntityCluster {
  const members = group.toSorted((a, b) => b.person.quality - a.person.quality || a.key - b.key);
  const [best] = members as [FileCluster];
  const own = new Set(members.map(({ key }) => key));
  const apart = new Set(
    members.flatMap(({ contentId }) => keysIn.get(contentId) ?? []).filter((key) => !own.has(key)),
  );
  return {
    members,
    person: {
      key: best.key,
      template:
        meanEmbedding(
          members.map(({ person }) => ({
            embedding: person.template,
            weight: Math.max(0.05, person.quality) * Math.max(1, person.faces.length),
          })),
        ) ?? best.person.template,
      exemplars: members.flatMap(({ person }) => person.exemplars.slice(0, 2)).slice(0, MAX_EXEMPLARS),
      faces: members.flatMap(({ person }) => person.faces),
      quality: best.person.quality,
      apartFrom: [...apart].toSorted((a, b) => a - b),
    },
  };
}
