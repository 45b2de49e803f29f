import React, { useEffect, useRef } from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Status } from '../../core/contract/status.ts';
import { startTask } from '../shared/tasks.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { useLatest } from '../shared/hooks/use-latest.ts';
import { useStatus } from '../shared/hooks/use-status.ts';
import { PAGE } from '../stash/navigation.ts';
import { hasConditions, type Filter } from './filter.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { say } from '../stash/intl.tsx';

/**
Why the list is empty, and what to do about it. A run may fill it: while one is under way, and once it has ended,
`reloadList` is called, so that the first suggestions appear by themselves.
*/
export function Empty({
  filter,
  reloadList,
}: {
  filter: Filter;
  reloadList: () => void;
}): React.ReactElement {
  const { answer: status, pollOften } = useStatus();
  const isFirst = useRef(true);
  const newest = useLatest(reloadList);

  // The status is asked again only for a run. The first answer is as old as the list.
  useEffect(() => {
    if (status === null) return;
    if (!isFirst.current) newest.current();
    isFirst.current = false;
  }, [status, newest]);

  return hasConditions(filter) ? (
    <p className="stash-sense-empty text-muted">{say('suggestions.nothingFits')}</p>
  ) : (
    <NothingToDecide status={status} onStarted={pollOften} />
  );
}

function NothingToDecide({
  status,
  onStarted,
}: {
  status: Status | null;
  onStarted: () => void;
}): React.ReactElement {
  const { isPending, act } = useAct(onStarted);
  const step = status && nextStep(status);
  return (
    <div className="stash-sense-empty text-muted">
      <p>
        {say('suggestions.nothingToDecide')} {step?.words}
      </p>
      {step && (
        <NextStepButton
          action={step.action}
          isPending={isPending}
          onStart={(task) => act(() => startTask(task))}
        />
      )}
    </div>
  );
}

function NextStepButton({
  action,
  isPending,
  onStart,
}: {
  action: NextStep['action'];
  isPending: boolean;
  onStart: (task: 'people' | 'scan') => void;
}): React.ReactElement {
  if (action.kind === 'tab')
    return (
      <Link className="btn btn-primary" to={`${PAGE}?tab=${action.tab}`}>
        {action.label}
      </Link>
    );
  return (
    <Button variant="primary" disabled={isPending} onClick={() => onStart(action.task)}>
      {action.label}
    </Button>
  );
}
