import React from 'react';
import type { ScheduleView, SchedulerView } from '../../core/contract/schedule/view.ts';
import { Switch } from '../shared/fields.tsx';
import { useAct } from '../shared/hooks/use-act.ts';
import { MinorButton } from '../shared/widgets/minor-button.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { ago } from '../shared/words.ts';
import { say } from '../stash/intl.tsx';
import { ask } from '../stash/operations.ts';

/** The process that keeps time: whether it runs, why it ended, and the button that starts or stops it. */
export function Scheduler({
  scheduler,
  scansNew,
  onScansNew,
  onChanged,
}: {
  readonly scheduler: SchedulerView;
  /** As it is in the form. */
  readonly scansNew: boolean;
  readonly onScansNew: (isOn: boolean) => void;
  readonly onChanged: (view: ScheduleView) => void;
}): React.ReactElement {
  const { isPending, act } = useAct();
  const { isOn, running, foregroundAskedAt, ended } = scheduler;
  const change = async (): Promise<null> => {
    onChanged(await ask('schedule.background', { on: !isOn }));
    return null;
  };
  return (
    <fieldset>
      <legend className="h5">{say('schedule.background')}</legend>
      <p className="text-muted">{say('schedule.backgroundHelp')}</p>
      {isOn && running !== null && (
        <p role="status">
          {say('schedule.isRunning', { time: ago(running.startedAt), pid: String(running.pid) })}
        </p>
      )}
      {isOn && running === null && <Notice variant="warning">{say(ended ?? 'schedule.notRunning')}</Notice>}
      {foregroundAskedAt !== null && (
        <p role="status">{say('schedule.isInForeground', { time: ago(foregroundAskedAt) })}</p>
      )}
      <MinorButton disabled={isPending} onClick={() => act(change)}>
        {say(isOn ? 'schedule.stopNow' : 'schedule.startNow')}
      </MinorButton>
      {isOn && (
        <Switch
          label={say('schedule.scansNew')}
          help={say('schedule.scansNewHelp')}
          isOn={scansNew}
          onChange={onScansNew}
        />
      )}
    </fieldset>
  );
}
