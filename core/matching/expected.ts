/** Whom one may expect in a scene before looking: who is on it in Stash, and who is in other scenes of its studio. */
import type { PackCalibration } from '../faces/pack-calibration.ts';
import type { Candidate } from '../people/person.ts';

/** Why a performer is expected; nothing that this plugin wrote counts. */
export type Expectation = {
  /** Stash has the performer on the scene. Absent: not. */
  readonly onScene?: true | undefined;
  /** Number of other scenes of the studio that have the performer. Absent: none. */
  readonly studioScenes?: number | undefined;
  /** Number of performers who are expected, rounded up to a power of two, so that one more seldom changes anything. */
  readonly among: number;
};

export type Expected = {
  /** Number of performers who are expected. */
  readonly size: number;
  /** Those whom Stash has on the scene itself. */
  readonly onScene: readonly string[];
  /** Undefined: nothing lets one expect this performer. */
  of(performerId: string): Expectation | undefined;
};

export const NOBODY_EXPECTED: Expected = { size: 0, onScene: [], of: () => undefined };

/**
@param onScene performers whom Stash has on the scene
@param studioScenes by performer, in how many scenes of its studio they are, with the scene itself; empty: it has no studio
*/
export function expectedIn(
  onScene: ReadonlySet<string>,
  studioScenes: ReadonlyMap<string, number>,
): Expected {
  const size = [...onScene].reduce((sum, id) => sum + (studioScenes.has(id) ? 0 : 1), studioScenes.size);
  if (size === 0) return NOBODY_EXPECTED;
  const among = 2 ** Math.ceil(Math.log2(size));
  return {
    size,
    onScene: [...onScene],
    of(id) {
      const isOn = onScene.has(id);
      const others = (studioScenes.get(id) ?? 0) - (isOn ? 1 : 0);
      if (!isOn && others <= 0) return undefined;
      return { ...(isOn && { onScene: true }), ...(others > 0 && { studioScenes: others }), among };
    },
  };
}

/**
As how many people "none of them" counts beside a performer who is expected (`posteriorProbabilities`): fewer than there are, but
as many as are expected. The other candidates are not affected: an expectation makes nobody likelier than somebody else whom the
face resembles, and never makes up for a face that would not be enough among a few people.
*/
export function sizeBesideExpected(
  gallerySize: number,
  { among }: Expectation,
  { expectedLogPrior }: Pick<PackCalibration['matching'], 'expectedLogPrior'>,
): number {
  return Math.min(gallerySize, Math.max(among, gallerySize * Math.exp(-expectedLogPrior)));
}

/** For people: what lets one expect the performer. */
export function reasonsOf({ onScene, studioScenes }: Expectation): Omit<Expectation, 'among'> {
  return { ...(onScene && { onScene }), ...(studioScenes !== undefined && { studioScenes }) };
}

/** Whether other performers among these candidates are expected than when it was decided about them, or among another number. */
export function isOtherwiseExpected(
  candidates: readonly Pick<Candidate, 'performerId' | 'expected'>[],
  expected: Expected,
): boolean {
  return candidates.some(
    (candidate) => expected.of(candidate.performerId ?? '')?.among !== candidate.expected?.among,
  );
}
