import type { LocalTime } from '../../core/contract/schedule/view.ts';
import { spokenLocale } from '../stash/intl.tsx';

const SHOWN = {
  weekday: 'short',
  day: 'numeric',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
} as const;

/** Such as `Tue 1 Dec, 03:00`, by the clock of Stash's machine. */
export function shownTime({ at, offsetMinutes }: LocalTime, locale = spokenLocale()): string {
  return new Intl.DateTimeFormat(locale, { ...SHOWN, timeZone: 'UTC' }).format(at + offsetMinutes * 60_000);
}

/** Whether the browser's clock shows the same at that moment. */
export function isOfSameClock({ at, offsetMinutes }: LocalTime): boolean {
  return -new Date(at).getTimezoneOffset() === offsetMinutes;
}
