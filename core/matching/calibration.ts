/** A smaller gallery counts as one of 10: most people in its owner's videos are not in it, so its size is no estimate of who could appear. */
const MIN_GALLERY_SIZE = 10;

/**
Posterior probability of each candidate, 0…1, in the order given: Bayes' rule over the candidates and "none of them".
Every further person of the gallery is one more chance of an accidental similarity, so "none of them" weighs as much as the gallery
has people. Candidates of similar likelihood share the probability.
@param logLikelihoodRatios of the nearest people (`logLikelihoodRatio`)
@param gallerySize number of people in the gallery, or one such number for each candidate: candidate i of likelihood ratio L(i) gets
L(i) / (size(i) + sum of all L)
*/
export function posteriorProbabilities(
  logLikelihoodRatios: readonly number[],
  gallerySize: number | readonly number[],
): number[] {
  const logSizes = logLikelihoodRatios.map((_, i) =>
    Math.log(Math.max(MIN_GALLERY_SIZE, typeof gallerySize === 'number' ? gallerySize : gallerySize[i]!)),
  );
  const highest = Math.max(0, ...logLikelihoodRatios, ...logSizes);
  const ratios = logLikelihoodRatios.map((ratio) => Math.exp(ratio - highest));
  const together = ratios.reduce((sum, ratio) => sum + ratio, 0);
  return ratios.map((ratio, i) => ratio / (Math.exp(logSizes[i]! - highest) + together));
}
