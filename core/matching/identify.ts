import { posteriorProbabilities } from './calibration.ts';
import type { FaceCluster } from '../faces/observation.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { Candidate, Identification } from '../people/person.ts';

/** A cluster with its candidates, most similar first, before confidences are computed. */
export type ClusterCandidates = {
  readonly person: FaceCluster;
  readonly candidates: readonly Omit<Candidate, 'confidence'>[];
};
export type IdentifyOptions = {
  readonly calibration: PackCalibration['matching'];
  readonly gallerySize: number;
  /** Confidence from which a candidate is a match, 0…1; default: that of the calibration. */
  readonly matchConfidence?: number;
};

const MAX_CANDIDATES = 5;

/**
Identifies the clusters of one entity, the one with the most similar candidate first. A performer that is the match of one
cluster is no candidate for clusters that have a face in the same frame. A cluster that resembles such a performer more than
anybody else is no match: it may be one more picture of the performer, and the next candidate has no rival only because the
first one is taken.
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
    const [best] = available;
    if (identification.decision === 'match' && best) matches.push({ personId: best.personId, person });
  }
  return clusters.map(({ person }) => decided.get(person.key)!);
}

function decide(
  person: FaceCluster,
  candidates: readonly Omit<Candidate, 'confidence'>[],
  { calibration, gallerySize, matchConfidence = calibration.matchConfidence }: IdentifyOptions,
): Identification {
  const [best, next] = candidates;
  if (!best) return { personKey: person.key, decision: 'unknown', confidence: 0, margin: 1, candidates: [] };
  const confidences = posteriorProbabilities(
    candidates.map((candidate) => candidate.similarity),
    gallerySize,
    calibration.logOdds,
  );
  const confidence = confidences[0]!;
  const margin = next ? best.similarity - next.similarity : 1;
  return {
    personKey: person.key,
    decision: decisionFor(confidence, margin, { ...calibration, matchConfidence }),
    confidence,
    margin,
    candidates: candidates
      .slice(0, MAX_CANDIDATES)
      .map((candidate, i) => ({ ...candidate, confidence: confidences[i]! })),
  };
}

function decisionFor(
  confidence: number,
  margin: number,
  { matchConfidence, askConfidence, clearMargin }: PackCalibration['matching'],
): Identification['decision'] {
  if (confidence >= matchConfidence) return margin >= clearMargin ? 'match' : 'ambiguous';
  return confidence >= Math.min(askConfidence, matchConfidence) ? 'ambiguous' : 'unknown';
}

function compareByBestSimilarity(a: ClusterCandidates, b: ClusterCandidates): number {
  return (
    (b.candidates[0]?.similarity ?? -1) - (a.candidates[0]?.similarity ?? -1) || a.person.key - b.person.key
  );
}
