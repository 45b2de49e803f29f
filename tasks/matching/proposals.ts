import type { ContentId, EntityRef } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { reasonsOf } from '../../core/matching/expected.ts';
import { isCoverOnly, type ObservedFace } from '../../core/faces/observation.ts';
import type { DecideOptions } from '../../core/matching/tie.ts';
import type { Hidden } from '../../core/matching/hidden.ts';
import type { Candidate } from '../../core/people/person.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { shownName } from '../../core/people/shown-name.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { namedIn, type Proposal, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import type { StashPerformer } from '../../core/ports/library.ts';
import type { Context } from '../runs/task.ts';
import { clustersOf, type FileCluster } from './clusters.ts';
import { areApart, clustersByName, facesOf } from './clusters-by-name.ts';
import { hiddenIdOf, withoutDismissed } from './dismissal-scope.ts';
import { namedBy, readPackPeople, toPackCandidate, type PackPeople } from './pack-candidates.ts';

/** Stored with suggestions. A higher version is another way of finding them. */
export const ANALYZER = 'faces';
const ANALYZER_VERSION = 4;
/** Not measured: how likely the one unknown face of a scene is the one performer whose face nobody knows. */
const OF_TAGGED = 0.5;

export type EntityToMatch = EntityRef & { readonly title: string };

type FaceProposal =
  | ProposalOf<'performer-seen'>
  | ProposalOf<'performer-ambiguous'>
  | ProposalOf<'pack-person-seen'>;

export type ProposalParts = {
  readonly store: Pick<Context['store'], 'dismissals' | 'people'>;
  readonly referencePacks: Pick<Context['referencePacks'], 'person'>;
  readonly vision: Pick<Context['vision'], 'calibration'>;
  readonly hidden: Hidden;
};

/**
What is suggested of an entity: each match, each tie, and whoever only the cover shows, without those whom the user has ruled
out, and nothing of a person whom the user called nobody of interest, unless they are a match by now; and whether the one unknown
face of a scene is that of the one performer whom the user has put on it and of whom there is no picture to compare with.
*/
export async function proposalsOf(
  parts: ProposalParts,
  identified: Identified,
  options: DecideOptions,
): Promise<FaceProposal[]> {
  const { store, referencePacks, hidden } = parts;
  const { entity, contentIds, persons, seen } = identified;
  const left: IdentifiedCluster[] = [];
  const clusters = clustersByName(seen);
  const packPeople = await readPackPeople(referencePacks, persons);
  for (const person of persons) {
    if (person.decision === 'ambiguous' && (await hiddenIdOf(hidden, person, seen)) !== null) continue;
    const ofPerson = { ...options, isCoverOnly: isCoverOnly({ faces: facesOf(person, clusters) }) };
    left.push(
      ...(await withoutDismissed(store, packPeople, { entity, contentIds, person, options: ofPerson })),
    );
  }
  return [
    ...toProposals(entity, left, seen, options, packPeople),
    ...(await askedOfTagged(parts, identified)),
  ];
}

/**
The question whether the one unknown face is that of the one performer on the scene who was not seen. Conditions that rule most
scenes out come first: comparing with the faces of hidden people comes last.
*/
async function askedOfTagged(
  { store, vision, hidden }: ProposalParts,
  { entity, contentIds, persons, seen, onScene }: Identified,
): Promise<FaceProposal[]> {
  const unmatched = persons.filter(({ decision }) => decision !== 'match');
  if (unmatched.length === 0 || onScene.length === 0) return [];
  const named = persons.flatMap(({ decision, candidates }) =>
    decision === 'match' ? (candidates[0]?.performerId ?? []) : [],
  );
  const unseen: StashPerformer[] = [];
  for (const id of onScene) {
    const performer = named.includes(id) ? null : await store.people.performer(id);
    if (performer !== null && !(await store.dismissals.isDismissed(notSeen(contentIds, performer))))
      unseen.push(performer);
  }
  const [performer, ...others] = unseen;
  if (performer === undefined || others.length > 0) return [];
  // A performer with a picture was compared with the face, and it is not theirs.
  if ((await store.people.pictures(performer.id)).some(({ state }) => state === 'used')) return [];
  const shown: IdentifiedCluster[] = [];
  for (const person of unmatched) if ((await hiddenIdOf(hidden, person, seen)) === null) shown.push(person);
  const [person] = shown;
  if (person?.decision !== 'unknown' || shown.length > 1) return [];
  const clusters = clustersOf(person, seen).map((cluster) => cluster.person);
  const faces = clusters.flatMap((cluster) => cluster.faces);
  const quality = Math.max(...clusters.map((cluster) => cluster.quality));
  if (isCoverOnly({ faces }) || quality < vision.calibration.references.minQuality) return [];
  const candidate: Candidate = {
    personId: performer.id,
    performerId: performer.id,
    name: shownName(performer),
    confidence: OF_TAGGED,
    similarity: 0,
    referenceId: '',
  };
  const best = { ...person, confidence: OF_TAGGED, candidates: [candidate] };
  const proposal = toProposal(
    entity,
    { best, people: [candidate], members: person.members, faces, isTagged: true },
    new Map(),
  );
  return [proposal];
}

/** Whether it asks about somebody whom Stash has on the scene. */
export function isOfTagged({ kind, evidence }: Proposal): boolean {
  return kind === 'performer-ambiguous' && evidence.tagged === true;
}

export type Identified = {
  readonly entity: EntityToMatch;
  readonly contentIds: readonly ContentId[];
  readonly seen: readonly FileCluster[];
  readonly persons: readonly IdentifiedCluster[];
  /** Ids of the performers whom the user has put on it. */
  readonly onScene: readonly string[];
};

/** The performers whom a proposal can put on its entity. */
export function performersOf(proposal: Proposal): readonly string[] {
  return namedIn(proposal).flatMap(({ target }) => (target?.kind === 'performer' ? target.id : []));
}

/** One proposal per performer or tie, even with several clusters of a gallery: the one of the highest confidence. */
export function toProposals(
  entity: EntityToMatch,
  persons: readonly IdentifiedCluster[],
  seen: readonly FileCluster[],
  options: DecideOptions,
  packPeople: PackPeople = new Map(),
): FaceProposal[] {
  const clusters = clustersByName(seen);
  const named = new Map<string, Named>();
  for (const person of persons.toSorted((a, b) => b.confidence - a.confidence)) {
    const faces = facesOf(person, clusters);
    const people = namedBy(person, { ...options, isCoverOnly: isCoverOnly({ faces }) }, packPeople);
    if (people.length === 0) continue;
    const key = people
      .map(({ performerId, personId }) => performerId ?? personId)
      .toSorted()
      .join(' ');
    const known = named.get(key);
    if (known === undefined) named.set(key, { best: person, people, members: person.members, faces });
    // People of one picture who look alike are asked about one after the other.
    else if (people.length === 1 || !areApart(known, person, clusters))
      named.set(key, {
        ...known,
        members: [...known.members, ...person.members],
        faces: [...known.faces, ...faces],
      });
  }
  return [...named.values()].map((entry) => toProposal(entity, entry, packPeople));
}

/** Clusters of an entity for whom the same people were found, the surest first. */
type Named = {
  readonly best: IdentifiedCluster;
  /** One of a match, several of a tie. */
  readonly people: readonly Candidate[];
  readonly members: IdentifiedCluster['members'];
  readonly faces: readonly ObservedFace[];
  /** Not recognised: the one of them is on the scene in Stash, and there is no picture of them to compare with (`askedOfTagged`). */
  readonly isTagged?: true;
};

type PerformerCandidate = Candidate & { readonly performerId: string };

function toProposal({ title, ...entity }: EntityToMatch, named: Named, packPeople: PackPeople): FaceProposal {
  const { best, people, members, faces, isTagged } = named;
  const performers = people.filter((candidate) => candidate.performerId !== null) as PerformerCandidate[];
  const common = {
    entity: { kind: entity.kind, id: entity.id },
    entityTitle: title,
    severity: 'info' as const,
    confidence: best.confidence,
    analyzer: ANALYZER,
    analyzerVersion: ANALYZER_VERSION,
  };
  const seen = members.map((member) => ({ ...member }));
  const [answer] = people;
  const evidence = {
    timesMs: thinTimes(faces.flatMap(({ timeMs }) => timeMs ?? []).toSorted((a, b) => a - b)),
    faceCount: faces.length,
    similarity: answer!.similarity,
    margin: best.margin,
  };
  // Of a match the film shows the performer too.
  const onlyCover = best.decision !== 'match' && isCoverOnly({ faces });
  const asked = {
    ...common,
    target: null,
    targetName: '',
    evidence: { ...evidence, ...(onlyCover && { onlyCover }), ...(isTagged && { tagged: isTagged }) },
  };
  const candidates = performers.map(
    ({ performerId, name, confidence, similarity, referenceId, expected }) => ({
      performerId,
      name,
      confidence,
      similarity,
      referenceId,
      ...(expected && { expected: reasonsOf(expected) }),
    }),
  );
  if (performers.length < people.length)
    return {
      ...asked,
      kind: 'pack-person-seen',
      payload: {
        seen,
        people: people.flatMap((candidate) => toPackCandidate(candidate, packPeople)),
        performers: candidates,
      },
    };
  if (performers.length > 1 || onlyCover || isTagged)
    return { ...asked, kind: 'performer-ambiguous', payload: { seen, candidates } };
  return {
    ...common,
    kind: 'performer-seen',
    target: { kind: 'performer', id: performers[0]!.performerId },
    targetName: answer!.name,
    payload: { seen },
    evidence: {
      ...evidence,
      referenceId: answer!.referenceId,
      ...(answer!.expected && { expected: reasonsOf(answer!.expected) }),
      alternatives: best.candidates
        .slice(1)
        .flatMap(({ performerId, name, confidence }) =>
          performerId === null ? [] : [{ performerId, name, confidence }],
        ),
    },
  };
}
