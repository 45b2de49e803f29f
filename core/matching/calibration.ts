/** A smaller gallery counts as one of 10: most people in its owner's videos are not in it, so its size is no estimate of who could appear. */
const MIN_GALLERY_SIZE = 10;

/**
Posterior probability of each candidate, 0…1, in the order given: Bayes' rule over the candidates and "none of them".
Every further performer of the gallery is one more chance of an accidental similarity, so the prior odds are 1 / size.
Candidates of similar likelihood share the probability.
@param logLikelihoodRatios of the nearest performers (`logLikelihoodRatio`)
@param gallerySize number of performers in the gallery
*/
export function posteriorProbabilities(
  logLikelihoodRatios: readonly number[],
  gallerySize: number,
): number[] {
  const prior = Math.log(Math.max(MIN_GALLERY_SIZE, gallerySize));
  const logits = logLikelihoodRatios.map((ratio) => ratio - prior);
  const highest = Math.max(0, ...logits);
  const odds = logits.map((logit) => Math.exp(logit - highest));
  const total = odds.reduce((sum, value) => sum + value, Math.exp(-highest));
  return odds.map((value) => value / total);
}
