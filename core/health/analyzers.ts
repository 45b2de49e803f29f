/** What *Check library health* looks for. The ids are stored and never change their meaning; free of packages, since the page has them. */
export const HEALTH_ANALYZERS = [
  'scenes-without-performers',
  'scenes-with-several-files',
  'scenes-incomplete',
] as const;

/** The kinds of suggestions that tell of something and change nothing, and what each is about. */
export const TOLD_ABOUT = {
  'scene-without-performers': 'scene',
  'scene-several-files': 'scene',
  'scene-incomplete': 'scene',
} as const;

export type ToldKind = keyof typeof TOLD_ABOUT;
export const TOLD_KIND_NAMES = Object.keys(TOLD_ABOUT) as ToldKind[];

export function isToldKind(kind: string): kind is ToldKind {
  return Object.hasOwn(TOLD_ABOUT, kind);
}

export type HealthAnalyzerId = (typeof HEALTH_ANALYZERS)[number];
