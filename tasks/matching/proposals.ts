import type { ContentId, EntityRef } from '../../core/content-id.ts';
import type { IdentifiedCluster } from '../../core/matching/identifications.ts';
import { type FaceCluster, isCoverOnly, type ObservedFace } from '../../core/faces/observation.ts';
import {
  asOnCover,
  namedCandidates,
  withoutCandidates,
  type DecideOptions,
} from '../../core/matching/tie.ts';
import type { Candidate } from '../../core/people/person.ts';
import { thinTimes } from '../../core/sampling/thin-times.ts';
import { notSeen } from '../../core/suggestions/dismissal.ts';
import { namedIn, type Proposal, type ProposalOf } from '../../core/suggestions/suggestion.ts';
import type { Context } from '../runs/task.ts';
import type { FileCluster } from './clusters.ts';
import { dismissalScope } from './dismissal-scope.ts';

/** Stored with suggestions. A higher version is another way of finding them. */
export const ANALYZER = 'faces';
const ANALYZER_VERSION = 3;

export type EntityToMatch = EntityRef & { readonly title: string };

type FaceProposal = ProposalOf<'performer-seen'> | ProposalOf<'performer-ambiguous'>;

/**
What is suggested of an entity: each match, each tie of performers, and whoever only the cover shows, without those whom the user
has ruled out.
*/
export async function proposalsOf(
  store: Pick<Context['store'], 'dismissals' | 'people'>,
  { entity, contentIds, persons, seen }: Identified,
  options: DecideOptions,
): Promise<FaceProposal[]> {
  const left: IdentifiedCluster[] = [];
  const clusters = clustersByName(seen);
  for (const person of persons) {
    const ofPerson = { ...options, isCoverOnly: isCoverOnly({ faces: facesOf(person, clusters) }) };
    left.push(...(await withoutDismissed(store, entity, contentIds, person, ofPerson)));
  }
  return toProposals(entity, left, seen, options);
}

export type Identified = {
  readonly entity: EntityToMatch;
  readonly contentIds: readonly ContentId[];
  readonly seen: readonly FileCluster[];
  readonly persons: readonly IdentifiedCluster[];
};

/** The performers whom a proposal can put on its entity. */
export function performersOf(proposal: Proposal): readonly string[] {
  return namedIn(proposal).flatMap(({ target }) => (target.kind === 'performer' ? target.id : []));
}

/** One proposal per performer or tie, even with several clusters of a gallery: the one of the highest confidence. */
export function toProposals(
  entity: EntityToMatch,
  persons: readonly IdentifiedCluster[],
  seen: readonly FileCluster[],
  options: DecideOptions,
): FaceProposal[] {
  const clusters = clustersByName(seen);
  const named = new Map<string, Named>();
  for (const person of persons.toSorted((a, b) => b.confidence - a.confidence)) {
    const faces = facesOf(person, clusters);
    const performers = namedBy(person, { ...options, isCoverOnly: isCoverOnly({ faces }) });
    if (performers.length === 0) continue;
    const key = performers
      .map(({ performerId }) => performerId)
      .toSorted()
      .join(' ');
    const known = named.get(key);
    if (known === undefined) named.set(key, { best: person, performers, members: person.members, faces });
    // People of one picture who look alike are asked about one after the other.
    else if (performers.length === 1 || !areApart(known, person, clusters))
      named.set(key, {
        ...known,
        members: [...known.members, ...person.members],
        faces: [...known.faces, ...faces],
      });
  }
  return [...named.values()].map((entry) => toProposal(entity, entry));
}

/** Clusters of an entity for whom the same performers were found, the surest first. */
type Named = {
  readonly best: IdentifiedCluster;
  /** One of a match, several of a tie. */
  readonly performers: readonly PerformerCandidate[];
  readonly members: IdentifiedCluster['members'];
  readonly faces: readonly ObservedFace[];
};

type PerformerCandidate = Candidate & { readonly performerId: string };

function toProposal({ title, ...entity }: EntityToMatch, named: Named): FaceProposal {
  const { best, performers, members, faces } = named;
  const common = {
    entity: { kind: entity.kind, id: entity.id },
    entityTitle: title,
    severity: 'info' as const,
    confidence: best.confidence,
    analyzer: ANALYZER,
    analyzerVersion: ANALYZER_VERSION,
  };
  const seen = members.map((member) => ({ ...member }));
  const [answer] = performers;
  const evidence = {
    timesMs: thinTimes(faces.flatMap(({ timeMs }) => timeMs ?? []).toSorted((a, b) => a - b)),
    faceCount: faces.length,
    similarity: answer!.similarity,
    margin: best.margin,
  };
  // Of a match the film shows the performer too.
  const onlyCover = best.decision !== 'match' && isCoverOnly({ faces });
  if (performers.length > 1 || onlyCover)
    return {
      ...common,
      kind: 'performer-ambiguous',
      target: null,
      targetName: '',
      payload: {
        seen,
        candidates: performers.map(({ performerId, name, confidence, similarity, referenceId }) => ({
          performerId,
          name,
          confidence,
          similarity,
          referenceId,
        })),
      },
      evidence: { ...evidence, ...(onlyCover && { onlyCover }) },
    };
  return {
    ...common,
    kind: 'performer-seen',
    target: { kind: 'performer', id: answer!.performerId },
    targetName: answer!.name,
    payload: { seen },
    evidence: {
      ...evidence,
      referenceId: answer!.referenceId,
      alternatives: best.candidates
        .slice(1)
        .flatMap(({ performerId, name, confidence }) =>
          performerId === null ? [] : [{ performerId, name, confidence }],
        ),
    },
  };
}

/** Whom a cluster is taken for, where these are performers of this Stash. */
function namedBy(person: IdentifiedCluster, options: DecideOptions): PerformerCandidate[] {
  const named = namedCandidates(person, options);
  const performers = named.filter((candidate) => candidate.performerId !== null) as PerformerCandidate[];
  return performers.length === named.length ? performers : [];
}

/**
A cluster as it is decided without the performers whom the user has ruled out for it. In a gallery a "no" applies only to its
pictures; others can still show the performer.
*/
async function withoutDismissed(
  { dismissals, people }: Pick<Context['store'], 'dismissals' | 'people'>,
  entity: EntityRef,
  contentIds: readonly ContentId[],
  person: IdentifiedCluster,
  options: DecideOptions,
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
      if (out.size > 0)
        left = withoutCandidates(alone, ({ performerId }) => out.has(performerId ?? ''), options);
      for (const { performerId } of namedBy(left, options)) {
        const performer = await people.performer(performerId);
        if (performer === null || (await dismissals.isDismissed(notSeen(meant, performer))))
          out.add(performerId);
      }
    }
    const name = [...out].join(' ');
    const group = groups.get(name);
    if (group) group.members.push(member);
    else groups.set(name, { ...left, members: [member] });
  }
  return [...groups.values()];
}

type Clusters = ReadonlyMap<string, FaceCluster>;

function clustersByName(seen: readonly FileCluster[]): Clusters {
  return new Map(seen.map(({ contentId, person }) => [nameOf(contentId, person.key), person] as const));
}

function facesOf({ members }: IdentifiedCluster, clusters: Clusters): readonly ObservedFace[] {
  return members.flatMap(
    ({ contentId, personKey }) => clusters.get(nameOf(contentId, personKey))?.faces ?? [],
  );
}

function areApart({ members }: Named, person: IdentifiedCluster, clusters: Clusters): boolean {
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
