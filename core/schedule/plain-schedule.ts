/**
The schedules that the page says in plain words, and their cron expressions. Every other expression is `cron`.

`minute`: since midnight, 0…1439. `days`: of the week, 0 (Sunday) … 6. `day`: of the month, 1…28, which every month has.
*/
export type PlainSchedule =
  | { readonly kind: 'never' }
  | { readonly kind: 'hours'; readonly every: number }
  | { readonly kind: 'day'; readonly minute: number }
  | { readonly kind: 'week'; readonly days: readonly number[]; readonly minute: number }
  | { readonly kind: 'month'; readonly day: number; readonly minute: number }
  | { readonly kind: 'cron'; readonly expression: string };

/** Those that divide a day, so that the pauses are as long as they say. */
export const HOURS = [1, 2, 3, 4, 6, 8, 12] as const;

export function toExpression(plain: PlainSchedule): string {
  switch (plain.kind) {
    case 'never':
      return '';
    case 'hours':
      return plain.every === 1 ? '0 * * * *' : `0 */${plain.every} * * *`;
    case 'day':
      return `${timeOf(plain.minute)} * * *`;
    case 'week':
      return `${timeOf(plain.minute)} * * ${WEEK.filter((day) => plain.days.includes(day)).join(',')}`;
    case 'month':
      return `${timeOf(plain.minute)} ${plain.day} * *`;
    case 'cron':
    default:
      return plain.expression.trim();
  }
}

const WEEK = [0, 1, 2, 3, 4, 5, 6];

function timeOf(minute: number): string {
  return `${minute % 60} ${Math.floor(minute / 60)}`;
}

/** As `toExpression` writes them, and the nicknames that mean one of them. */
export function toPlain(expression: string): PlainSchedule {
  const text = expression.trim();
  if (text === '') return { kind: 'never' };
  const own: PlainSchedule = { kind: 'cron', expression: text };
  const fields = (NICKNAMES[text.toLowerCase()] ?? text).split(/\s+/);
  const [minutes = '', hours = '', day = '', month = '', weekday = ''] = fields;
  if (fields.length !== 5 || month !== '*') return own;
  const every = hours === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(hours)?.[1]);
  if (minutes === '0' && day === '*' && weekday === '*' && HOURS.some((one) => one === every))
    return { kind: 'hours', every };
  const minute = minuteIn(hours, minutes);
  if (minute === null) return own;
  if (day === '*' && weekday === '*') return { kind: 'day', minute };
  if (day === '*' && /^[0-6](,[0-6])*$/.test(weekday))
    return { kind: 'week', days: [...new Set(weekday.split(',').map(Number))], minute };
  const date = /^\d+$/.test(day) ? Number(day) : 0;
  return weekday === '*' && date >= 1 && date <= 28 ? { kind: 'month', day: date, minute } : own;
}

const NICKNAMES: Readonly<Record<string, string>> = {
  '@hourly': '0 * * * *',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '0 0 * * 0',
  '@monthly': '0 0 1 * *',
};

function minuteIn(hours: string, minutes: string): number | null {
  if (!/^\d{1,2}$/.test(hours) || !/^\d{1,2}$/.test(minutes)) return null;
  const [hour, minute] = [Number(hours), Number(minutes)];
  return hour < 24 && minute < 60 ? hour * 60 + minute : null;
}

/** `HH:MM`, as a field for times holds it. */
export function toClockTime(minute: number): string {
  return [Math.floor(minute / 60), minute % 60].map((part) => String(part).padStart(2, '0')).join(':');
}

/** @returns minutes since midnight; null: it is no time */
export function fromClockTime(text: string): number | null {
  const [hours = '', minutes = ''] = text.split(':');
  return minuteIn(hours, minutes);
}
