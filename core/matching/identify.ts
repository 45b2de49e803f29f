import { posteriorProbabilities } from './calibration.ts';
import { type Expected, NOBODY_EXPECTED, sizeBesideExpected } from './expected.ts';
import { type FaceCluster, isCoverOnly } from '../faces/observation.ts';
import type { Candidate, Identification } from '../people/person.ts';
import { parsePackPersonId } from '../reference-packs/reference-pack.ts';
import { asOnCover, decisionOf, likeliestOf, type DecideOptions } from './tie.ts';

/** A candidate before confidences are computed. */
export type RatedCandidate = Omit<Candidate, 'confidence' | 'logLikelihoodRatio' | 'expected'> & {
  /** `logLikelihoodRatio` of the cluster and the candidate. */
  readonly logLikelihoodRatio: number;
};
/** A cluster with its candidates, likeliest first. */
export type ClusterCandidates = {
  readonly person: FaceCluster;
  readonly candidates: readonly RatedCandidate[];
};
export type IdentifyOptions = DecideOptions & {
  readonly gallerySize: number;
  /** Those of them who are in more than reference packs; default: all. */
  readonly ownSize?: number | undefined;
  /** Whom one may expect in the entity; default: nobody. */
  readonly expected?: Expected | undefined;
};

const MAX_CANDIDATES = 5;

/**
Identifies the clusters of one entity, the one with the most similar candidate first. A performer that is the match of one
cluster is no candidate for clusters that have a face in the same frame. A cluster that resembles such a performer more than
anybody else is no match: it may be one more picture of the performer, and the next candidate has no rival only because the
first one is taken. A cluster that only the cover shows is no match either, unless the film may show the same performer.
*/
export function identifyClusters(
  clusters: readonly ClusterCandidates[],
  options: IdentifyOptions,
): Identification[] {
  const matches: { readonly personId: string; readonly person: FaceCluster }[] = [];
  const decided = new Map<number, Identification>();
  for (const { person, candidates } of clusters.toSorted(compareByBestSimilarity)) {
    const available = candidates.filter(
      (candidate) =>
        !matches.some(
          (match) => match.personId === candidate.personId && person.apartFrom.includes(match.person.key),
        ),
    );
    const found = decide(person, available, options);
    const isFirstTaken = available[0] !== candidates[0];
    const identification: Identification =
      isFirstTaken && found.decision === 'match' ? { ...found, decision: 'ambiguous', margin: 0 } : found;
    decided.set(person.key, identification);
    const [best] = identification.candidates;
    if (identification.decision === 'match' && best) matches.push({ personId: best.personId, person });
  }
  const filmed = new Set(
    clusters.flatMap(({ person }) => (isCoverOnly(person) ? [] : (seenAs(decided.get(person.key)) ?? []))),
  );
  return clusters.map(({ person }) => {
    const identification = decided.get(person.key)!;
    const isAsked = isCoverOnly(person) && !filmed.has(seenAs(identification) ?? '');
    return isAsked ? asOnCover(identification, options) : identification;
  });
}

/** The performer who is, or may be, the person. */
function seenAs(identification: Identification | undefined): string | null {
  if (identification === undefined || identification.decision === 'unknown') return null;
  return identification.candidates[0]?.personId ?? null;
}

/**
The user's own people are asked about as if there were no packs: who is in the user's files is more often one of them than one of the
many whom a stash-box knows, so the packs do not raise what is asked of them. People of packs are asked about among all, and
performers who are expected in the entity among fewer.
*/
function decide(
  person: FaceCluster,
  candidates: readonly RatedCandidate[],
  options: IdentifyOptions,
): Identification {
  const { gallerySize, ownSize = gallerySize, expected = NOBODY_EXPECTED } = options;
  const expectations = candidates.map(({ performerId }) => expected.of(performerId ?? ''));
  const sizes = candidates.map(({ personId }, i) => {
    if (parsePackPersonId(personId) !== null) return gallerySize;
    return expectations[i] ? sizeBesideExpected(ownSize, expectations[i], options.calibration) : ownSize;
  });
  const confidences = posteriorProbabilities(
    candidates.map(({ logLikelihoodRatio }) => logLikelihoodRatio),
    sizes,
  );
  const areApart = ownSize !== gallerySize || sizes.some((size) => size !== sizes[0]);
  const all = candidates
    .map(({ logLikelihoodRatio, ...candidate }, i): Candidate => ({
      ...candidate,
      confidence: confidences[i]!,
      ...(areApart && { logLikelihoodRatio }),
      ...(expectations[i] && { expected: expectations[i] }),
    }))
    .toSorted((a, b) => b.confidence - a.confidence);
  const best = all.slice(0, MAX_CANDIDATES);
  // Whom the others are told apart from stays among them.
  const rival = likeliestOf(all.slice(1));
  if (rival !== undefined && !best.includes(rival)) best[best.length - 1] = rival;
  return { personKey: person.key, ...decisionOf(best, options), candidates: best };
}

function compareByBestSimilarity(a: ClusterCandidates, b: ClusterCandidates): number {
  return (
    (b.candidates[0]?.similarity ?? -1) - (a.candidates[0]?.similarity ?? -1) || a.person.key - b.person.key
  );
}
