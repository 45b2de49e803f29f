import { faCircleCheck, faCircleExclamation } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Button } from 'react-bootstrap';
import { Link } from 'react-router-dom';
import type { Status } from '../../core/contract/status.ts';
import { Icon } from '../stash/icon.tsx';
import { mendOf, type Mend } from './check-fixes.ts';

type Props = {
  readonly status: Status;
  readonly isPending: boolean;
  readonly onStart: (task: 'set-up' | 'people') => void;
};

/** What works, what does not, and what puts it right. */
export function Checks({ status, isPending, onStart }: Props): React.ReactElement {
  return (
    <ul className="stash-sense-checks list-unstyled">
      {status.checks.map((check) => {
        const { id, ok, message } = check;
        const mend = mendOf(check, status);
        return (
          <li key={id} className={ok ? 'text-success' : 'text-warning'}>
            <Icon icon={ok ? faCircleCheck : faCircleExclamation} />
            <span className="stash-sense-check">
              <span className="sr-only">{ok ? 'Works: ' : 'Needs attention: '}</span>
              {message}
            </span>
            {mend !== null && <MendButton mend={mend} isPending={isPending} onStart={onStart} />}
          </li>
        );
      })}
    </ul>
  );
}

function MendButton({
  mend,
  isPending,
  onStart,
}: Omit<Props, 'status'> & { readonly mend: Mend }): React.ReactElement {
  if (mend.kind === 'link')
    return (
      <Link className="btn btn-secondary btn-sm" to={mend.to}>
        {mend.label}
      </Link>
    );
  return (
    <Button
      variant="secondary"
      size="sm"
      disabled={isPending && mend.kind === 'task'}
      onClick={() => (mend.kind === 'task' ? onStart(mend.task) : goTo(mend.id))}
    >
      {mend.label}
    </Button>
  );
}

function goTo(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView();
  section?.focus();
}
