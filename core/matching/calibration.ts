import type { PackCalibration } from '../faces/pack-calibration.ts';

/**
Confidence from which a candidate is a match. High, since a wrong name costs more trust than a missing one. Of 646 faces
of 21 other people and of strangers, unchanged and degraded, each searched in a gallery without its own person, none
reaches it (highest 0.81): with 95 % confidence fewer than 0.6 % do. The limit is 1 % of scenes with a wrong name.
*/
export const MATCH_CONFIDENCE = 0.85;
/** Confidence from which a person is `ambiguous`: shown with the candidates to choose from. */
export const ASK_CONFIDENCE = 0.35;

/** A smaller gallery counts as one of 10: most people in its owner's videos are not in it, so its size is no estimate of who could appear. */
const MIN_GALLERY_SIZE = 10;

/**
Posterior probability of each candidate, 0…1, in the order given: Bayes' rule over the candidates and "none of them".
Every further performer of the gallery is one more chance of an accidental similarity, so the prior odds are 1 / size.
Candidates of similar likelihood share the probability.
@param similarities of the nearest performers, -1…1
@param gallerySize number of performers in the gallery
@param logOdds that a face shows a given performer, before the size of the gallery is considered
*/
export function posteriorProbabilities(
  similarities: readonly number[],
  gallerySize: number,
  logOdds: PackCalibration['matching']['logOdds'],
): number[] {
  const prior = Math.log(Math.max(MIN_GALLERY_SIZE, gallerySize));
  const logits = similarities.map((similarity) => logOdds.intercept + logOdds.slope * similarity - prior);
  const highest = Math.max(0, ...logits);
  const odds = logits.map((logit) => Math.exp(logit - highest));
  const total = odds.reduce((sum, value) => sum + value, Math.exp(-highest));
  return odds.map((value) => value / total);
}
