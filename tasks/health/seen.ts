/** Who was seen in a scene, as far as it can be told for certain. */
import { isCoverOnly, PARTIAL_OBSERVATION, type FaceCluster } from '../../core/faces/observation.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { listPersons } from '../matching/clusters.ts';
import { hiddenIdOf, openHidden } from '../matching/dismissal-scope.ts';
import type { LookParts } from './analyzer.ts';

export type SeenPerson = {
  readonly cluster: IdentifiedCluster;
  readonly faces: FaceCluster['faces'];
  readonly quality: number;
  /** Keys of others who have a face in the same frame. */
  readonly apartFrom: readonly number[];
};

/** Those of the people of a scene who are not called nobody of interest. */
export type OfInterest = (persons: readonly IdentifiedCluster[]) => Promise<readonly IdentifiedCluster[]>;

/** Once for many scenes: all who are hidden are read. */
export async function openOfInterest(parts: Pick<LookParts, 'store' | 'vision'>): Promise<OfInterest> {
  const { store, vision } = parts;
  if ((await store.hiddenPeople.count()) === 0) return (persons) => Promise.resolve(persons);
  const hidden = await openHidden(parts);
  return async (persons) => {
    const unmatched = persons.filter(({ decision }) => decision !== 'match');
    if (unmatched.length === 0) return persons;
    const contentIds = [...new Set(unmatched.flatMap(({ members }) => members.map((one) => one.contentId)))];
    const seen = listPersons(contentIds, await store.observations.getMany(contentIds, vision.packId));
    const left: IdentifiedCluster[] = [];
    for (const one of persons) if ((await hiddenIdOf(hidden, one, seen)) === null) left.push(one);
    return left;
  };
}

/**
Those of a scene with one file that was looked at to its end and matched. Null: it cannot be told, as of a scene with several
files. Who is on its cover alone is not among them.
@param ofInterest absent: also who is nobody of interest
*/
export async function seenPersons(
  { store, vision }: Pick<LookParts, 'store' | 'vision'>,
  sceneId: string,
  ofInterest: OfInterest = (persons) => Promise.resolve(persons),
): Promise<readonly SeenPerson[] | null> {
  const entity = { kind: 'scene', id: sceneId } as const;
  const [contentId, ...others] = await store.observations.contentOf(entity);
  if (contentId === undefined || others.length > 0) return null;
  const observation = await store.observations.get(contentId, vision.packId);
  if (observation === null || observation.samplingVersion === PARTIAL_OBSERVATION) return null;
  const found = await store.identifications.get(entity);
  if (found === null) return null;
  const clusters = new Map(observation.persons.map((one) => [one.key, one]));
  return (await ofInterest(found.persons)).flatMap((cluster) => {
    const own = clusters.get(cluster.members[0]?.personKey ?? -1);
    if (own === undefined || isCoverOnly(own)) return [];
    const { faces, quality, apartFrom } = own;
    return { cluster, faces, quality, apartFrom };
  });
}

/** The pack knows a performer well enough whom it has so many pictures of, and recognises in so many of so many scenes. */
const LEAST_REFERENCES = 3;
const LEAST_SCENES = 4;
const LEAST_SEEN = 0.75;

export type UsuallySeen = { readonly name: string; readonly looked: number; readonly seen: number };

/**
Those of these performers who are recognised in most scenes on which Stash has them, so that it means something where they are
not: who is off camera, or is shown from behind, or whom the pack knows too little of, is none of them.
*/
export async function usuallySeen(
  { store, vision }: Pick<LookParts, 'store' | 'vision'>,
  performerIds: readonly string[],
): Promise<ReadonlyMap<string, UsuallySeen>> {
  const rates = await store.identifications.seenIn([...new Set(performerIds)]);
  const found = new Map<string, UsuallySeen>();
  for (const [id, { looked, seen }] of rates) {
    if (looked < LEAST_SCENES || seen < LEAST_SEEN * looked) continue;
    const references = await store.people.vectors(id, vision.seenBy.packId);
    if (references.filter(({ state }) => state === 'used').length < LEAST_REFERENCES) continue;
    const performer = await store.people.performer(id);
    if (performer !== null) found.set(id, { name: performer.name, looked, seen });
  }
  return found;
}
