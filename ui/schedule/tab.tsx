import React, { useState } from 'react';
import { Button, Form } from 'react-bootstrap';
import type { ScheduleView } from '../../core/contract/schedule/view.ts';
import type { Message } from '../../core/messages/message.ts';
import { toExpression, toPlain } from '../../core/schedule/plain-schedule.ts';
import type { Schedulable } from '../../core/schedule/schedulable.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { NoAnswer } from '../shared/widgets/no-answer.tsx';
import { Notice } from '../shared/widgets/notice.tsx';
import { Problem } from '../shared/widgets/problem.tsx';
import { say } from '../stash/intl.tsx';
import { refreshSettings } from '../stash/library.ts';
import { ask } from '../stash/operations.ts';
import { useToast } from '../stash/toast.tsx';
import { isOfSameClock, shownTime } from './local-time.ts';
import { Rules, type RulesDraft } from './rules.tsx';
import { Scheduler } from './scheduler.tsx';
import { TaskSchedule } from './task-schedule.tsx';

type Draft = RulesDraft & {
  readonly scansNew?: boolean;
  readonly expressions?: Partial<Record<Schedulable, string>>;
};

/** When tasks start by themselves. */
export function ScheduleTab(): React.ReactElement {
  const { answer, problem, reload } = useAnswer('schedule.get', {});
  const [saved, setSaved] = useState<ScheduleView | null>(null);
  if (answer === null) return <NoAnswer problem={problem} onRetry={reload} />;
  return (
    <>
      {problem !== null && <Problem message={problem} onRetry={reload} />}
      <Editor view={saved ?? answer} onSaved={setSaved} />
    </>
  );
}

function Editor({
  view,
  onSaved,
}: {
  readonly view: ScheduleView;
  readonly onSaved: (view: ScheduleView) => void;
}): React.ReactElement {
  const [draft, setDraft] = useState<Draft>({});
  const [problems, setProblems] = useState<readonly Message[]>([]);
  const [isSaving, setSaving] = useState(false);
  const toast = useToast();
  const rules = { ...view, ...draft };

  async function save(): Promise<void> {
    setSaving(true);
    try {
      const answered = await ask('schedule.set', draft);
      setProblems(answered.problems);
      if (answered.problems.length === 0) {
        setDraft({});
        onSaved(answered.view);
        toast.done(say('schedule.saved'));
        // The setting of Stash's that holds the one of "Scan library".
        await refreshSettings();
      }
    } catch (error) {
      toast.failed(error);
    }
    setSaving(false);
  }

  return (
    <Form
      className="stash-sense-schedule"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <p className="text-muted">
        {say('schedule.when')} {!isOfSameClock(view.now) && <Clock view={view} />}
      </p>
      {view.tasks.map((task) => (
        <TaskSchedule
          key={task.task}
          saved={task}
          plain={toPlain(draft.expressions?.[task.task] ?? task.expression)}
          quietHours={rules.quietHours}
          onChange={(plain) =>
            setDraft({
              ...draft,
              expressions: { ...draft.expressions, [task.task]: toExpression(plain) },
            })
          }
        />
      ))}
      <Rules rules={rules} onChange={(changed) => setDraft({ ...draft, ...changed })} />
      <Scheduler
        scheduler={view.scheduler}
        scansNew={draft.scansNew ?? view.scheduler.scansNew}
        onScansNew={(scansNew) => setDraft({ ...draft, scansNew })}
        onChanged={onSaved}
      />
      {problems.map((said) => (
        <Notice key={say(said)} variant="warning">
          {say(said)}
        </Notice>
      ))}
      <Button type="submit" disabled={isSaving || Object.keys(draft).length === 0}>
        {say('settings.save')}
      </Button>
    </Form>
  );
}

function Clock({ view }: { readonly view: ScheduleView }): React.ReactElement {
  return <>{say('schedule.otherClock', { zone: view.timeZone, time: shownTime(view.now) })}</>;
}
