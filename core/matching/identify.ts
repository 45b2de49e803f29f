import { ASK_CONFIDENCE, confidencesOf, MATCH_CONFIDENCE } from './calibration.ts';
import type { FaceCluster } from '../faces/observation.ts';
import type { Candidate, Identification } from '../people/person.ts';

/** A person of a scene with everybody they resemble, most similar first; confidence is not known yet. */
export type Likeness = {
  readonly person: FaceCluster;
  readonly candidates: readonly Omit<Candidate, 'confidence'>[];
};
export type IdentifyOptions = {
  readonly gallerySize: number;
  /** 0…1: from this confidence on a name is given. */
  readonly matchConfidence?: number;
};

const MAX_CANDIDATES = 5;
/** A best candidate that is less than this more similar than the next one is no match, but ambiguous. */
const CLEAR_MARGIN = 0.05;

/**
Decides who the persons of one scene are, the most similar first. A performer that was given to a person as a match is no
candidate for the persons that were seen in one frame with that person.
*/
export function identifyClusters(
  likenesses: readonly Likeness[],
  options: IdentifyOptions,
): Identification[] {
  const named: { readonly personId: string; readonly person: FaceCluster }[] = [];
  const decided = new Map<number, Identification>();
  for (const { person, candidates } of likenesses.toSorted(bySureness)) {
    const free = candidates.filter(
      (candidate) =>
        !named.some(
          (other) => other.personId === candidate.personId && person.apartFrom.includes(other.person.key),
        ),
    );
    const identification = decide(person, free, options);
    decided.set(person.key, identification);
    const [best] = free;
    if (identification.decision === 'match' && best) named.push({ personId: best.personId, person });
  }
  return likenesses.map(({ person }) => decided.get(person.key)!);
}

function decide(
  person: FaceCluster,
  candidates: readonly Omit<Candidate, 'confidence'>[],
  { gallerySize, matchConfidence = MATCH_CONFIDENCE }: IdentifyOptions,
): Identification {
  const [best, next] = candidates;
  if (!best) return { personKey: person.key, decision: 'unknown', confidence: 0, margin: 1, candidates: [] };
  const confidences = confidencesOf(
    candidates.map((candidate) => candidate.similarity),
    gallerySize,
  );
  const confidence = confidences[0]!;
  const margin = next ? best.similarity - next.similarity : 1;
  return {
    personKey: person.key,
    decision: decisionOf(confidence, margin, matchConfidence),
    confidence,
    margin,
    candidates: candidates
      .slice(0, MAX_CANDIDATES)
      .map((candidate, i) => ({ ...candidate, confidence: confidences[i]! })),
  };
}

function decisionOf(confidence: number, margin: number, matchConfidence: number): Identification['decision'] {
  if (confidence >= matchConfidence) return margin >= CLEAR_MARGIN ? 'match' : 'ambiguous';
  return confidence >= Math.min(ASK_CONFIDENCE, matchConfidence) ? 'ambiguous' : 'unknown';
}

function bySureness(a: Likeness, b: Likeness): number {
  return (
    (b.candidates[0]?.similarity ?? -1) - (a.candidates[0]?.similarity ?? -1) || a.person.key - b.person.key
  );
}
