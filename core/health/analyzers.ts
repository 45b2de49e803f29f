/** What *Check library health* looks for. The ids are stored and never change their meaning; free of packages, since the page has them. */
export const HEALTH_ANALYZERS = [
  'files-gone',
  'files-damaged',
  'scenes-without-performers',
  'performers-not-seen',
  'people-counted',
  'performers-without-picture',
  'performers-look-alike',
  'scenes-with-several-files',
  'scenes-incomplete',
  'scenes-without-fingerprints',
  'same-studios-and-tags',
  'nothing-uses-it',
] as const;

export type HealthAnalyzerId = (typeof HEALTH_ANALYZERS)[number];

/** The kinds of suggestions that tell of something and change nothing, and what each can be about. */
export const TOLD_ABOUT = {
  'scene-file-gone': ['scene'],
  'scene-file-damaged': ['scene'],
  'scene-without-performers': ['scene'],
  'performer-not-seen': ['scene'],
  'people-counted': ['scene'],
  'scene-several-files': ['scene'],
  'scene-incomplete': ['scene'],
  'scene-without-fingerprints': ['scene'],
  'performers-look-alike': ['performer'],
  'performer-without-picture': ['performer'],
  'same-thing': ['studio', 'tag'],
  'nothing-uses-it': ['performer', 'studio', 'tag'],
} as const;

export type ToldKind = keyof typeof TOLD_ABOUT;
export const TOLD_KIND_NAMES = Object.keys(TOLD_ABOUT) as ToldKind[];

export function isToldKind(kind: string): kind is ToldKind {
  return Object.hasOwn(TOLD_ABOUT, kind);
}
