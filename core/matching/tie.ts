import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { Candidate, Identification } from '../people/person.ts';

export type DecideOptions = {
  readonly calibration: PackCalibration['matching'];
  /** Confidence from which a candidate is a match, 0…1; default: that of the calibration. */
  readonly matchConfidence?: number;
  /** Only the cover shows the face (`isCoverOnly`): the user is asked, however sure it is whose face it is. */
  readonly isCoverOnly?: boolean;
};

/** Below this confidence a candidate is noise beside the others. */
const WORTH_OFFERING = 0.1;
/** How likely somebody whom only the cover shows is in the video. Not measured: a poster is as good a guess as a screenshot. */
const IN_VIDEO = 0.5;

/** What the confidences of all candidates and of "none of them" add up to. */
function totalConfidence({ isCoverOnly = false }: DecideOptions): number {
  return isCoverOnly ? IN_VIDEO : 1;
}

/**
Whom a cluster is taken for: the best candidate of a match, those of a tie, whoever only the cover shows; empty: nobody.
*/
export function namedCandidates(
  { decision, margin, candidates }: Omit<Identification, 'personKey'>,
  options: DecideOptions,
): readonly Candidate[] {
  const [best] = candidates;
  if (decision === 'unknown' || best === undefined) return [];
  if (decision === 'match' || (options.isCoverOnly === true && isClear({ ...best, margin }, options)))
    return [best];
  return tiedCandidates(candidates, options);
}

/**
The candidates that cannot be told apart, such as two performers of Stash who are one person: it is sure that one of them
was seen, and open which. Empty: there is no such tie.
@param candidates best first
*/
export function tiedCandidates<Tied extends Pick<Candidate, 'confidence'>>(
  candidates: readonly Tied[],
  options: DecideOptions,
): readonly Tied[] {
  const likely = candidates.filter(
    ({ confidence }) => confidence >= WORTH_OFFERING * totalConfidence(options),
  );
  const together = likely.reduce((sum, { confidence }) => sum + confidence, 0);
  return likely.length > 1 && together >= thresholds(options).match ? likely : [];
}

/** Whether a candidate is less likely than who is asked about, and none of several who fit alike. @param all best first */
export function isUnlikely<Seen extends Pick<Candidate, 'confidence'>>(
  candidate: Seen,
  all: readonly Seen[],
  { calibration: { matching } }: { readonly calibration: Pick<PackCalibration, 'matching'> },
): boolean {
  if (candidate.confidence >= matching.askConfidence) return false;
  return !tiedCandidates(all, { calibration: matching }).includes(candidate);
}

type Rated = Pick<Candidate, 'confidence' | 'similarity' | 'logLikelihoodRatio'>;

/** @param candidates best first */
export function decisionOf(
  candidates: readonly Rated[],
  options: DecideOptions,
): Pick<Identification, 'decision' | 'confidence' | 'margin'> {
  const [best, ...others] = candidates;
  if (!best) return { decision: 'unknown', confidence: 0, margin: 1 };
  const { confidence } = best;
  const rival = likeliestOf(others);
  const margin = rival ? best.similarity - rival.similarity : 1;
  const decided = { confidence, margin };
  if (options.isCoverOnly !== true && isClear(decided, options)) return { ...decided, decision: 'match' };
  const isAsked =
    confidence >= thresholds(options).ask ||
    // Of three performers who are one person each has a third.
    tiedCandidates(candidates, options).length > 0;
  return { ...decided, decision: isAsked ? 'ambiguous' : 'unknown' };
}

/** By the faces alone: beside people of packs the confidence also says how many there are of them. */
export function likeliestOf<Seen extends Pick<Candidate, 'logLikelihoodRatio'>>(
  candidates: readonly Seen[],
): Seen | undefined {
  const [first] = candidates;
  return first?.logLikelihoodRatio === undefined
    ? first
    : candidates.reduce((a, b) => (b.logLikelihoodRatio! > a.logLikelihoodRatio! ? b : a));
}

/** What is decided of a face that only the cover shows. @param identification as if the video itself showed it */
export function asOnCover<Decided extends Omit<Identification, 'personKey'>>(
  identification: Decided,
  options: DecideOptions,
): Decided {
  const onCover = { ...options, isCoverOnly: true };
  const candidates = identification.candidates.map((candidate) => ({
    ...candidate,
    confidence: candidate.confidence * totalConfidence(onCover),
  }));
  const { confidence, decision } = decisionOf(candidates, onCover);
  return { ...identification, decision, confidence, candidates };
}

function isClear(
  { confidence, margin }: Pick<Identification, 'confidence' | 'margin'>,
  options: DecideOptions,
): boolean {
  return confidence >= thresholds(options).match && margin >= options.calibration.clearMargin;
}

function thresholds(options: DecideOptions): { readonly match: number; readonly ask: number } {
  const { calibration, matchConfidence = calibration.matchConfidence } = options;
  const total = totalConfidence(options);
  return {
    match: matchConfidence * total,
    ask: Math.min(calibration.askConfidence, matchConfidence) * total,
  };
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
  const ruledOut = identification.candidates.filter(isOut);
  const total = totalConfidence(options);
  const candidates = left
    .map((candidate) => {
      const taken = ruledOut.reduce((sum, one) => sum + shareBeside(one, candidate), 0);
      const share = Math.max(Number.EPSILON, total - taken) / total;
      return { ...candidate, confidence: Math.min(total, candidate.confidence / share) };
    })
    .toSorted((a, b) => b.confidence - a.confidence);
  return { ...identification, ...decisionOf(candidates, options), candidates };
}

/** The likelihood ratio of `one` over the denominator of the confidence of `other` (`posteriorProbabilities`): what ruling `one` out takes from it. */
function shareBeside(one: Candidate, other: Candidate): number {
  if (one.logLikelihoodRatio === undefined || other.logLikelihoodRatio === undefined) return one.confidence;
  return other.confidence * Math.exp(one.logLikelihoodRatio - other.logLikelihoodRatio);
}
