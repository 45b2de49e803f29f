/** Candidates who are people of reference packs. */
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { namedCandidates, type DecideOptions } from '../../core/matching/tie.ts';
import type { Candidate } from '../../core/people/person.ts';
import { idsOf, parsePackPersonId, type PackPerson } from '../../core/reference-packs/reference-pack.ts';
import type { PackCandidate } from '../../core/suggestions/kinds/pack-person-seen.ts';
import type { Context } from '../runs/task.ts';

/** By person id; null: the pack is not there any more, or the person is opted out. */
export type PackPeople = ReadonlyMap<string, PackPerson | null>;

/** Those among the candidates of clusters that may be named. */
export async function readPackPeople(
  packs: Pick<Context['referencePacks'], 'person'>,
  clusters: readonly IdentifiedCluster[],
): Promise<PackPeople> {
  const people = new Map<string, PackPerson | null>();
  for (const { decision, candidates } of clusters)
    for (const { personId, performerId } of decision === 'unknown' ? [] : candidates) {
      const ids = performerId === null && !people.has(personId) ? parsePackPersonId(personId) : null;
      if (ids !== null) people.set(personId, await packs.person(ids.packId, ids.personId));
    }
  return people;
}

export function toPackCandidate(
  { personId, performerId, confidence, similarity }: Candidate,
  packPeople: PackPeople,
): PackCandidate[] {
  const person = performerId === null ? packPeople.get(personId) : null;
  if (person == null) return [];
  const { name, disambiguation } = person;
  return [{ personId, name, disambiguation, ...idsOf(person), confidence, similarity }];
}

/** Whom a cluster is taken for, where all of these are performers of this Stash or people of reference packs. */
export function namedBy(
  person: IdentifiedCluster,
  options: DecideOptions,
  packPeople: PackPeople,
): readonly Candidate[] {
  const named = namedCandidates(person, options);
  return named.every(({ performerId, personId }) => performerId !== null || packPeople.has(personId))
    ? named
    : [];
}
