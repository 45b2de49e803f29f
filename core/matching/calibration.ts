/**
Confidence from which a candidate is a match. High, since a wrong name costs more trust than a missing one. Of 646 faces
of 21 other people and of strangers, unchanged and degraded, each searched in a gallery without its own person, none
reaches it (highest 0.81): with 95 % confidence fewer than 0.6 % do. The limit is 1 % of scenes with a wrong name.
*/
export const MATCH_CONFIDENCE = 0.85;
/** Confidence from which a person is `ambiguous`: shown with the candidates to choose from. */
export const ASK_CONFIDENCE = 0.35;

/**
Log odds that a face shows a given performer, before the size of the gallery is considered: fitted by
test/bench/fit-calibration.ts on the development library and on photographs, unchanged and degraded (587 faces of 15
people and of strangers, each in 60 galleries). **Provisional**: those are few people, most of them men.

Pairs of different people have a similarity of 0.04 ± 0.10 there (6 067 pairs, the highest 0.34). A confidence of 0.85
needs a similarity of 0.37 among 10 performers, 0.42 among 100 and 0.51 among 5 000.
*/
const LOGIT = { intercept: -12.21, similarity: 44.03 };
/** A smaller gallery counts as one of 10: most people in its owner's videos are not in it, so its size is no estimate of who could appear. */
const MIN_GALLERY_SIZE = 10;

/**
Posterior probability of each candidate, 0…1, in the order given: Bayes' rule over the candidates and "none of them".
Every further performer of the gallery is one more chance of an accidental similarity, so the prior odds are 1 / size.
Candidates of similar likelihood share the probability.
@param similarities of the nearest performers, -1…1
@param gallerySize number of performers in the gallery
*/
export function posteriorProbabilities(similarities: readonly number[], gallerySize: number): number[] {
  const prior = Math.log(Math.max(MIN_GALLERY_SIZE, gallerySize));
  const logits = similarities.map((similarity) => LOGIT.intercept + LOGIT.similarity * similarity - prior);
  const highest = Math.max(0, ...logits);
  const odds = logits.map((logit) => Math.exp(logit - highest));
  const total = odds.reduce((sum, value) => sum + value, Math.exp(-highest));
  return odds.map((value) => value / total);
}
