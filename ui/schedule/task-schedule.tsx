import React, { useEffect, useState } from 'react';
import { Card, Form } from 'react-bootstrap';
import type { ScheduledTask } from '../../core/contract/schedule/view.ts';
import type { Output } from '../../core/contract/operations.ts';
import { HOURS, toExpression, type PlainSchedule } from '../../core/schedule/plain-schedule.ts';
import type { QuietHours } from '../../core/schedule/quiet-hours.ts';
import { Choice } from '../shared/fields.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';
import { shownTime } from './local-time.ts';
import { Time } from './rules.tsx';

type Kind = PlainSchedule['kind'];
/** Monday first. */
const DAYS = [1, 2, 3, 4, 5, 6, 0] as const;
/** Every month has these. */
const MONTH = Array.from({ length: 28 }, (_, n) => n + 1);
/** Typing has to pause this long before the next times are asked for: each answer is a process. */
const PAUSE_MS = 500;
const NIGHT = 3 * 60;

/** When one task starts: in words, and by the next times. */
export function TaskSchedule({
  saved,
  plain: given,
  quietHours,
  onChange,
}: {
  readonly saved: ScheduledTask;
  readonly plain: PlainSchedule;
  readonly quietHours: QuietHours | null;
  readonly onChange: (plain: PlainSchedule) => void;
}): React.ReactElement {
  // An expression of one's own stays one while it is typed, also where words could say it.
  const [isOwn, setOwn] = useState(false);
  const plain: PlainSchedule = isOwn ? { kind: 'cron', expression: toExpression(given) } : given;
  const name = say(`task.name.${saved.task}`);
  return (
    <Card as="section" role="group" className="stash-sense-task" aria-label={name}>
      <h5>{name}</h5>
      <p className="text-muted">{say(`task.about.${saved.task}`)}</p>
      <div className="stash-sense-times">
        <Choice
          label={say('schedule.howOften', { task: name })}
          value={plain.kind}
          options={{
            never: say('schedule.kind.never'),
            hours: say('schedule.kind.hours'),
            day: say('schedule.kind.day'),
            week: say('schedule.kind.week'),
            month: say('schedule.kind.month'),
            cron: say('schedule.kind.cron'),
          }}
          onChoose={(kind) => {
            setOwn(kind === 'cron');
            onChange(ofKind(kind, plain));
          }}
        />
        <Details plain={plain} onChange={onChange} />
      </div>
      {saved.waitsFor !== null && <Notice variant="info">{say(`schedule.waits.${saved.waitsFor}`)}</Notice>}
      <NextTimes expression={toExpression(plain)} quietHours={quietHours} />
    </Card>
  );
}

/** What is set already stays where the new kind has it too. */
function ofKind(kind: Kind, before: PlainSchedule): PlainSchedule {
  const minute = 'minute' in before ? before.minute : NIGHT;
  switch (kind) {
    case 'never':
      return { kind };
    case 'hours':
      return { kind, every: 6 };
    case 'day':
      return { kind, minute };
    case 'week':
      return { kind, days: [1], minute };
    case 'month':
      return { kind, day: 1, minute };
    case 'cron':
    default:
      return { kind, expression: toExpression(before) || '0 3 * * *' };
  }
}

function Details({
  plain,
  onChange,
}: {
  readonly plain: PlainSchedule;
  readonly onChange: (plain: PlainSchedule) => void;
}): React.ReactElement | null {
  switch (plain.kind) {
    case 'never':
      return null;
    case 'hours':
      return (
        <Choice
          label={say('schedule.hours')}
          value={String(plain.every)}
          options={Object.fromEntries(
            HOURS.map((every) => [String(every), say('schedule.everyHours', { every })]),
          )}
          onChoose={(every) => onChange({ ...plain, every: Number(every) })}
        />
      );
    case 'cron':
      return (
        <Form.Control
          type="text"
          className="text-input"
          aria-label={say('schedule.kind.cron')}
          placeholder="0 3 * * *"
          spellCheck={false}
          value={plain.expression}
          onChange={(event) => onChange({ kind: 'cron', expression: event.target.value })}
        />
      );
    case 'week':
      return (
        <>
          <WeekDays days={plain.days} onChange={(days) => onChange({ ...plain, days })} />
          <Time
            label={say('schedule.at')}
            minute={plain.minute}
            onChange={(minute) => onChange({ ...plain, minute })}
          />
        </>
      );
    case 'month':
    case 'day':
    default:
      return (
        <>
          {plain.kind === 'month' && (
            <Choice
              label={say('schedule.dayOfMonth')}
              value={String(plain.day)}
              options={Object.fromEntries(MONTH.map((day) => [String(day), say('schedule.theDay', { day })]))}
              onChoose={(day) => onChange({ ...plain, day: Number(day) })}
            />
          )}
          <Time
            label={say('schedule.at')}
            minute={plain.minute}
            onChange={(minute) => onChange({ ...plain, minute })}
          />
        </>
      );
  }
}

function WeekDays({
  days,
  onChange,
}: {
  readonly days: readonly number[];
  readonly onChange: (days: readonly number[]) => void;
}): React.ReactElement {
  return (
    <span className="stash-sense-days" role="group" aria-label={say('schedule.kind.week')}>
      {DAYS.map((day) => (
        <label key={day}>
          <input
            type="checkbox"
            checked={days.includes(day)}
            // Without any day it would be no schedule; "never" is another choice.
            disabled={days.length === 1 && days.includes(day)}
            onChange={(event) =>
              onChange(event.target.checked ? [...days, day] : days.filter((one) => one !== day))
            }
          />{' '}
          {say(`schedule.day.${day}`)}
        </label>
      ))}
    </span>
  );
}

/** When it would start next; asked once typing pauses. */
function NextTimes({
  expression,
  quietHours,
}: {
  readonly expression: string;
  readonly quietHours: QuietHours | null;
}): React.ReactElement | null {
  const [answer, setAnswer] = useState<Output<'schedule.preview'> | null>(null);
  const question = JSON.stringify({ expression, quietHours });
  useEffect(() => {
    let isNewest = true;
    const asked = JSON.parse(question) as { expression: string; quietHours: QuietHours | null };
    if (asked.expression === '') return undefined;
    const timer = setTimeout(() => {
      ask('schedule.preview', asked).then(
        (given) => isNewest && setAnswer(given),
        // The page says it when it is saved.
        () => isNewest && setAnswer(null),
      );
    }, PAUSE_MS);
    return () => {
      isNewest = false;
      clearTimeout(timer);
    };
  }, [question]);
  if (expression === '' || answer === null) return null;
  if (answer.problem !== null) return <Notice variant="warning">{say(answer.problem)}</Notice>;
  const [soonest = '', ...later] = answer.times.map(({ time, startsAt }) =>
    time.at === startsAt.at
      ? shownTime(time)
      : say('schedule.afterQuiet', { time: shownTime(time), start: shownTime(startsAt) }),
  );
  return (
    <small className="text-muted">
      {say('schedule.next')}{' '}
      {later.reduce((first, second) => say('page.joinedByDot', { first, second }), soonest)}
    </small>
  );
}
