/** How numbers and times are said. */

import type { ExpectedView } from '../../core/contract/values.ts';
import { REFERENCE_STATES } from '../../core/ports/people.ts';
import { say } from '../stash/intl.tsx';

/** Never 0 or 100: nothing here is certain. */
export function percent(fraction: number): string {
  return wholePercent(Math.min(99, Math.max(1, Math.round(fraction * 100))));
}

/** @param whole such as 97 */
export function wholePercent(whole: number): string {
  return say('page.percent', { percent: whole });
}

/** What a calibrated confidence means to somebody who does not read numbers. @param isRival of several who fit alike */
export function likelihood(exact: number, isRival = false): string {
  // As `percent` rounds it, which stands beside it.
  const confidence = Math.round(exact * 100) / 100;
  if (confidence >= 0.98) return say('page.likelihood.almostCertain');
  if (confidence >= 0.9) return say('page.likelihood.veryLikely');
  if (confidence >= 0.75) return say('page.likelihood.likely');
  // Who is shown beside another one is a real rival, and never unlikely.
  if (isRival || isWorthSaying(confidence)) return say('page.likelihood.possible');
  return say('page.likelihood.unlikely');
}

/** Below that, a rival is noise beside the answer. */
export function isWorthSaying(confidence: number): boolean {
  return confidence >= 0.1;
}

/** Why somebody was expected in a scene. Empty: nothing is known. */
export function expectedWords(expected: ExpectedView | undefined): readonly string[] {
  const { onScene = false, studioScenes } = expected ?? {};
  return [
    ...(onScene ? [say('faces.expectedOnScene')] : []),
    ...(studioScenes === undefined ? [] : [say('faces.expectedInStudio', { count: studioScenes })]),
  ];
}

/** Such as "A or B". */
export function eitherOf(names: readonly string[]): string {
  return names.length === 0
    ? ''
    : names.reduce((first, second) => say('suggestions.either', { first, second }));
}

/** `0:07`, `12:34`, `1:02:03`. */
export function clock(timeMs: number): string {
  const seconds = Math.max(0, Math.floor(timeMs / 1000));
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}

/** `scene 12`, for what has no title. `kind` as the contract names it. */
export function entityName({ kind, id }: { readonly kind: string; readonly id: string }): string {
  return say('stash.entity', { kind, id });
}

/** `just now`, `5 minutes ago`, `3 days ago`; `in 2 hours` for what is to come. */
export function ago(at: number, now = Date.now()): string {
  const seconds = Math.round(Math.abs(now - at) / 1000);
  if (seconds < 45) return at > now ? say('page.inAMoment') : say('page.justNow');
  const [value, unit] =
    seconds < 45 * 60
      ? [seconds / 60, 'minutes' as const]
      : seconds < 22 * 3600
        ? [seconds / 3600, 'hours' as const]
        : [seconds / 86_400, 'days' as const];
  const count = Math.max(1, Math.round(value));
  return at > now ? say(`page.in.${unit}`, { count }) : say(`page.ago.${unit}`, { count });
}

/** `40 s`, `12 min`, `3 h 20 min`. */
export function duration(seconds: number): string {
  if (seconds < 90) return say('page.duration.seconds', { seconds: Math.max(1, Math.round(seconds)) });
  const minutes = Math.round(seconds / 60);
  if (minutes < 90) return say('page.duration.minutes', { minutes });
  return say('page.duration.hours', { hours: Math.floor(minutes / 60), minutes: minutes % 60 });
}

/** `820 KB`, `12.4 MB`. */
export function bytes(value: number): string {
  if (value < 1e6) return say('page.kilobytes', { size: Math.round(value / 1000) });
  return value < 1e9
    ? say('page.megabytes', { size: value / 1e6 })
    : say('page.gigabytes', { size: value / 1e9 });
}

const SOURCES = ['profile', 'image', 'confirmed', 'file'] as const;

/** Where a reference face came from. */
export function sourceName(source: string): string {
  const known = SOURCES.find((name) => name === source);
  return known === undefined ? source : say(`people.source.${known}`);
}

/** What came of a picture of a performer. */
export function pictureState(state: string, source: string): string {
  const known = REFERENCE_STATES.find((name) => name === state);
  return known === undefined ? state : say(`people.picture.${known}`, { source });
}

/** `55 used`, `2 without a face`. */
export function pictureCount(count: number, state: string): string {
  const known = REFERENCE_STATES.find((name) => name === state);
  return known === undefined
    ? say('people.picturesOther', { count, state })
    : say(`people.pictures.${known}`, { count });
}
