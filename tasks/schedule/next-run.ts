import { createTask, parse } from 'node-cron';
import { saidOf, StashSenseError } from '../../core/errors.ts';
import { message } from '../../core/messages/message.ts';

const DAY_MS = 86_400_000;
/** The longest pause of any expression is eight years (29 February around 2100). */
const MAX_DAYS = 8 * 366 + 1;

/**
The first time after `after` that matches a cron expression, in the local time zone; null when there is none.

A time skipped by the change to summer time counts as soon as the clock is past it.
@throws StashSenseError `bad-input`
*/
export function nextDue(expression: string, after: Date): Date | null {
  const { second, minute, hour, isDay } = read(expression);
  const midnight = new Date(after.getFullYear(), after.getMonth(), after.getDate());
  for (let days = 0; days < MAX_DAYS; days++) {
    const day = new Date(midnight.getFullYear(), midnight.getMonth(), midnight.getDate() + days);
    if (!isDay(day)) continue;
    if (days > 0 || day.getTime() + DAY_MS > after.getTime())
      for (const h of hour)
        for (const m of minute)
          for (const s of second) {
            const time = new Date(day.getFullYear(), day.getMonth(), day.getDate(), h, m, s);
            if (time > after) return time;
          }
  }
  return null;
}

function read(expression: string): {
  second: number[];
  minute: number[];
  hour: number[];
  isDay: (day: Date) => boolean;
} {
  try {
    const { second, minute, hour, dayOfMonth, month, dayOfWeek } = parse(expression);
    // Used only to match days: it is never started, so it has no timer.
    const days = createTask(
      `* * * ${dayOfMonth.join(',')} ${month.join(',')} ${dayOfWeek.join(',')}`,
      () => undefined,
    );
    return {
      second: second.toSorted((a, b) => a - b),
      minute: minute.toSorted((a, b) => a - b),
      hour: hour.toSorted((a, b) => a - b),
      isDay: (day) => days.match(new Date(day.getFullYear(), day.getMonth(), day.getDate(), 12)),
    };
  } catch (error) {
    throw new StashSenseError(
      'bad-input',
      message('settings.noCron', { expression, problem: saidOf(error) }),
      { cause: error },
    );
  }
}
