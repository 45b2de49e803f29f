/** Whether clusters show one person of whom nothing else is known. */
import { similarity } from '../faces/embedding.ts';
import type { FaceCluster } from '../faces/observation.ts';
import type { PackCalibration } from '../faces/pack-calibration.ts';
import { posteriorProbabilities } from './calibration.ts';
import { logLikelihoodRatio } from './likelihood.ts';

export type SeenPerson = Pick<FaceCluster, 'template' | 'exemplars' | 'quality' | 'faces'>;

/**
Natural logarithm of the likelihood ratio: how many times likelier two clusters are when they show one person. The larger of what
each says of the other, as if its views were the references of a performer. -Infinity below the similarity that a match needs.
*/
export function logSamePerson(
  one: SeenPerson,
  other: SeenPerson,
  calibration: PackCalibration['matching'],
): number {
  return Math.max(knownBy(one, other, calibration), knownBy(other, one, calibration));
}

function knownBy(
  known: SeenPerson,
  seen: SeenPerson,
  { likelihood, minSimilarity }: PackCalibration['matching'],
): number {
  const views = [known.template, ...known.exemplars];
  const most = Math.max(...views.map((view) => similarity(view, seen.template)));
  if (most < minSimilarity) return -Infinity;
  return logLikelihoodRatio(
    {
      similarity: most,
      probeQuality: seen.quality,
      faces: seen.faces.length,
      referenceQuality: known.quality,
      references: known.exemplars.length,
    },
    likelihood,
  );
}

/** Probability that they show one person, 0…1. @param people number of those whom the other cluster could show */
export function samePersonConfidence(logRatio: number, people: number): number {
  return logRatio === -Infinity ? 0 : posteriorProbabilities([logRatio], people)[0]!;
}
