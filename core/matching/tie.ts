import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { Candidate, Identification } from '../people/person.ts';

export type DecideOptions = {
  readonly calibration: PackCalibration['matching'];
  /** Confidence from which a candidate is a match, 0…1; default: that of the calibration. */
  readonly matchConfidence?: number;
};

/** Below this confidence a candidate is noise beside the others. */
export const WORTH_OFFERING = 0.1;

/**
The candidates that cannot be told apart, such as two performers of Stash who are one person: it is sure that one of them
was seen, and open which. Empty: there is no such tie.
@param candidates best first
*/
export function tiedCandidates<Tied extends Pick<Candidate, 'confidence'>>(
  candidates: readonly Tied[],
  { calibration, matchConfidence = calibration.matchConfidence }: DecideOptions,
): readonly Tied[] {
  const likely = candidates.filter(({ confidence }) => confidence >= WORTH_OFFERING);
  const together = likely.reduce((sum, { confidence }) => sum + confidence, 0);
  return likely.length > 1 && together >= matchConfidence ? likely : [];
}

/** @param candidates best first */
export function decisionOf(
  candidates: readonly Pick<Candidate, 'confidence' | 'similarity'>[],
  options: DecideOptions,
): Pick<Identification, 'decision' | 'confidence' | 'margin'> {
  const [best, next] = candidates;
  if (!best) return { decision: 'unknown', confidence: 0, margin: 1 };
  const { calibration, matchConfidence = calibration.matchConfidence } = options;
  const { confidence } = best;
  const margin = next ? best.similarity - next.similarity : 1;
  const decided = { confidence, margin };
  if (confidence >= matchConfidence)
    return { ...decided, decision: margin >= calibration.clearMargin ? 'match' : 'ambiguous' };
  const isAsked =
    confidence >= Math.min(calibration.askConfidence, matchConfidence) ||
    // Of three performers who are one person each has a third.
    tiedCandidates(candidates, options).length > 0;
  return { ...decided, decision: isAsked ? 'ambiguous' : 'unknown' };
}

/**
What is decided when some of the candidates are ruled out, by a "no" of the user: the others share the probability that is
left, as if these had not been in the gallery.
*/
export function withoutCandidates<Decided extends Omit<Identification, 'personKey'>>(
  identification: Decided,
  isOut: (candidate: Candidate) => boolean,
  options: DecideOptions,
): Decided {
  const left = identification.candidates.filter((candidate) => !isOut(candidate));
  if (left.length === identification.candidates.length) return identification;
  const ruledOut = identification.candidates
    .filter(isOut)
    .reduce((sum, { confidence }) => sum + confidence, 0);
  const share = Math.max(Number.EPSILON, 1 - ruledOut);
  const candidates = left.map((candidate) => ({
    ...candidate,
    confidence: Math.min(1, candidate.confidence / share),
  }));
  return { ...identification, ...decisionOf(candidates, options), candidates };
}
