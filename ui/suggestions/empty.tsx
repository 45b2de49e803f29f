import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import { startTask } from '../shared/tasks.ts';
import { useAct } from '../shared/hooks/use-act.ts';
import { useAnswer } from '../shared/hooks/use-answer.ts';
import { PAGE } from '../stash/navigation.ts';
import { hasConditions, type Filter } from './filter.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { say } from '../stash/intl.tsx';

/** Why the list is empty, and what to do about it. */
export function Empty({ filter }: { filter: Filter }): React.ReactElement {
  return hasConditions(filter) ? (
    <p className="stash-sense-empty text-muted">{say('suggestions.nothingFits')}</p>
  ) : (
    <NothingToDecide />
  );
}

function NothingToDecide(): React.ReactElement {
  const { answer: status, reload } = useAnswer('status', {});
  const { isPending, act } = useAct(reload);
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
