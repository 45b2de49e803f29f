import type { BoxPerformer } from '../../ports/stash-box.ts';

/** The fields of a performer that a source which has names and pictures alone does not know. */
export const PLAIN_PERSON = {
  gender: null,
  birthDate: null,
  deathDate: null,
  ethnicity: null,
  country: null,
  eyeColor: null,
  hairColor: null,
  heightCm: null,
  bandSize: null,
  cupSize: null,
  waistSize: null,
  hipSize: null,
  breastType: null,
  careerStartYear: null,
  careerEndYear: null,
  tattoos: [],
  piercings: [],
  urls: [],
  deleted: false,
  mergedIntoId: null,
  mergedIds: [],
  updatedAt: 0,
} as const satisfies Partial<BoxPerformer>;
