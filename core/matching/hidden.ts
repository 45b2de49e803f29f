/** Who is somebody whom the user called nobody of interest. */
import type { PackCalibration } from '../faces/pack-calibration.ts';
import { createPauses } from '../pauses.ts';
import type { HiddenPerson } from '../ports/people.ts';
import { logSamePerson, samePersonConfidence, type SeenPerson } from './same-person.ts';

export type Hidden = {
  /** The id of the hidden person whom these clusters of one person show; null: none of them. */
  idOf(clusters: readonly SeenPerson[]): Promise<string | null>;
};

/**
Compares with the hidden people as a named face is compared with what else was seen.
@param others number of clusters that nobody is matched with: whom one of them could show
*/
export function createHidden(
  people: readonly HiddenPerson[],
  calibration: PackCalibration['matching'],
  others: number,
): Hidden {
  const pause = createPauses();
  return {
    async idOf(clusters) {
      let best: { readonly id: string; readonly logRatio: number } | null = null;
      for (const { id, faces } of people)
        for (const { person } of faces)
          for (const cluster of clusters) {
            await pause(person.exemplars.length + cluster.exemplars.length + 2);
            const logRatio = logSamePerson(person, cluster, calibration);
            if (logRatio > (best?.logRatio ?? 0)) best = { id, logRatio };
          }
      return best !== null && samePersonConfidence(best.logRatio, others) >= calibration.matchConfidence
        ? best.id
        : null;
    },
  };
}
