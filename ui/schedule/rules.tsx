import React from 'react';
import { Form } from 'react-bootstrap';
import type { QuietHours } from '../../core/schedule/quiet-hours.ts';
import { fromClockTime, toClockTime } from '../../core/schedule/plain-schedule.ts';
import { Switch } from '../shared/fields.tsx';
import { say } from '../stash/intl.tsx';

export type RulesDraft = {
  readonly quietHours?: QuietHours | null;
  readonly waitsForQueue?: boolean;
  readonly waitsForWatching?: boolean;
};

/** Offered first: an evening. */
const EVENING: QuietHours = { from: 18 * 60, to: 23 * 60 };

/** When nothing is started though it is due. */
export function Rules({
  rules,
  onChange,
}: {
  readonly rules: Required<RulesDraft>;
  readonly onChange: (changed: RulesDraft) => void;
}): React.ReactElement {
  const { quietHours, waitsForQueue, waitsForWatching } = rules;
  return (
    <fieldset>
      <legend className="h5">{say('schedule.notWhile')}</legend>
      <Switch
        label={say('schedule.quietHours')}
        help={say('schedule.quietHoursHelp')}
        isOn={quietHours !== null}
        onChange={(isOn) => onChange({ quietHours: isOn ? EVENING : null })}
      />
      {quietHours !== null && (
        <div className="stash-sense-times">
          <Time
            label={say('schedule.from')}
            minute={quietHours.from}
            onChange={(from) => onChange({ quietHours: { ...quietHours, from } })}
          />
          <Time
            label={say('schedule.until')}
            minute={quietHours.to}
            onChange={(to) => onChange({ quietHours: { ...quietHours, to } })}
          />
        </div>
      )}
      <Switch
        label={say('schedule.waitsForQueue')}
        help={say('schedule.waitsForQueueHelp')}
        isOn={waitsForQueue}
        onChange={(isOn) => onChange({ waitsForQueue: isOn })}
      />
      <Switch
        label={say('schedule.waitsForWatching')}
        help={say('schedule.waitsForWatchingHelp')}
        isOn={waitsForWatching}
        onChange={(isOn) => onChange({ waitsForWatching: isOn })}
      />
    </fieldset>
  );
}

/** A time of the day. What is not one yet, while somebody types, changes nothing. */
export function Time({
  label,
  minute,
  onChange,
}: {
  readonly label: string;
  readonly minute: number;
  readonly onChange: (minute: number) => void;
}): React.ReactElement {
  return (
    <label>
      {label}{' '}
      <Form.Control
        type="time"
        className="text-input"
        required
        value={toClockTime(minute)}
        onChange={(event) => {
          const typed = fromClockTime(event.target.value);
          if (typed !== null) onChange(typed);
        }}
      />
    </label>
  );
}
