import type { PackCalibration } from '../../../core/faces/pack-calibration.ts';
import { posteriorProbabilities } from '../../../core/matching/calibration.ts';

/** The similarity from which a single candidate is named in a gallery of this size. */
export function namedFrom(
  { logOdds, matchConfidence }: PackCalibration['matching'],
  gallerySize: number,
): number {
  let [low, high] = [-1, 1];
  while (high - low > 1e-6) {
    const middle = (low + high) / 2;
    if (posteriorProbabilities([middle], gallerySize, logOdds)[0]! >= matchConfidence) high = middle;
    else low = middle;
  }
  return high;
}
