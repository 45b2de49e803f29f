import type { ContentId, EntityRef } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { reasonsOf } from '../../core/matching/expected.ts';
import { isCoverOnly, type ObservedFace } from '../../core/faces/observation.ts';
import {
  asOnCover,
  namedCandidates,
  withoutCandidates,
  type DecideOptions,
} from '../../core/matching/tie.ts';
import type { Hidden } from '../../core/matching/hidden.ts';
import type { Candidate } from '../../core/people/person.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { asPerformer, notSeen } from '../../core/suggestions/dismissal.ts';
import { namedIn, type Proposal, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import type { FileCluster } from './clusters.ts';
import { areApart, clustersByName, facesOf } from './clusters-by-name.ts';
import { dismissalScope, isHidden } from './dismissal-scope.ts';
import { readPackPeople, toPackCandidate, type PackPeople } from './pack-candidates.ts';

/** Stored with suggestions. A higher version is another way of finding them. */
export const ANALYZER = 'faces';
const ANALYZER_VERSION = 3;

export type EntityToMatch = EntityRef & { readonly title: string };

type FaceProposal =
  | ProposalOf<'performer-seen'>
  | ProposalOf<'performer-ambiguous'>
  | ProposalOf<'pack-person-seen'>;

export type ProposalParts = {
  readonly store: Pick<Context['store'], 'dismissals' | 'people'>;
  readonly referencePacks: Pick<Context['referencePacks'], 'person'>;
  /** Absent: nobody is hidden. */
  readonly hidden?: Hidden;
};

/**
What is suggested of an entity: each match, each tie, and whoever only the cover shows, without those whom the user has ruled out, and not of
whom the user called nobody of interest, unless they are a match by now.
*/
export async function proposalsOf(
  { store, referencePacks, hidden }: ProposalParts,
  { entity, contentIds, persons, seen }: Identified,
  options: DecideOptions,
): Promise<FaceProposal[]> {
  const left: IdentifiedCluster[] = [];
  const clusters = clustersByName(seen);
  const packPeople = await readPackPeople(referencePacks, persons);
  for (const person of persons) {
    if (hidden !== undefined && person.decision === 'ambiguous' && (await isHidden(hidden, person, seen)))
      continue;
    const ofPerson = { ...options, isCoverOnly: isCoverOnly({ faces: facesOf(person, clusters) }) };
    left.push(
      ...(await withoutDismissed(store, packPeople, { entity, contentIds, person, options: ofPerson })),
    );
  }
  return toProposals(entity, left, seen, options, packPeople);
}

export type Identified = {
  readonly entity: EntityToMatch;
  readonly contentIds: readonly ContentId[];
  readonly seen: readonly FileCluster[];
  readonly persons: readonly IdentifiedCluster[];
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
};

type PerformerCandidate = Candidate & { readonly performerId: string };

function toProposal({ title, ...entity }: EntityToMatch, named: Named, packPeople: PackPeople): FaceProposal {
  const { best, people, members, faces } = named;
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
    evidence: { ...evidence, ...(onlyCover && { onlyCover }) },
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
  if (performers.length > 1 || onlyCover)
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

/** Whom a cluster is taken for, where all of these are performers of this Stash or people of reference packs. */
function namedBy(
  person: IdentifiedCluster,
  options: DecideOptions,
  packPeople: PackPeople,
): readonly Candidate[] {
  const named = namedCandidates(person, options);
  return named.every(({ performerId, personId }) => performerId !== null || packPeople.has(personId))
    ? named
    : [];
}

/**
A cluster as it is decided without those whom the user has ruled out for it. In a gallery a "no" applies only to its pictures;
others can still show the person.
*/
async function withoutDismissed(
  { dismissals, people }: Pick<Context['store'], 'dismissals' | 'people'>,
  packPeople: PackPeople,
  {
    entity,
    contentIds,
    person,
    options,
  }: {
    readonly entity: EntityRef;
    readonly contentIds: readonly ContentId[];
    readonly person: IdentifiedCluster;
    readonly options: DecideOptions;
  },
): Promise<IdentifiedCluster[]> {
  // What the film may show of a performer says nothing of the others.
  const alone = options.isCoverOnly && person.decision === 'match' ? asOnCover(person, options) : person;
  const groups = new Map<string, IdentifiedCluster & { members: IdentifiedCluster['members'][number][] }>();
  for (const member of person.members) {
    const meant = dismissalScope(entity.kind, contentIds, [member]);
    const out = new Set<string>();
    let left = person;
    for (let before = -1; before < out.size;) {
      before = out.size;
      if (out.size > 0) left = withoutCandidates(alone, ({ personId }) => out.has(personId), options);
      for (const { performerId, personId } of namedBy(left, options, packPeople)) {
        const ofPack = packPeople.get(personId) ?? null;
        const known =
          performerId === null
            ? ofPack && asPerformer(personId, ofPack)
            : await people.performer(performerId);
        if (known === null || (await dismissals.isDismissed(notSeen(meant, known)))) out.add(personId);
      }
    }
    const name = [...out].join(' ');
    const group = groups.get(name);
    if (group) group.members.push(member);
    else groups.set(name, { ...left, members: [member] });
  }
  return [...groups.values()];
}
