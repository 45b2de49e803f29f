import { faCircleCheck, faCircleExclamation, faCircleInfo } from '@fortawesome/free-solid-svg-icons';
import React from 'react';
import { Link } from 'react-router-dom';
import type { Status } from '../../core/contract/status.ts';
import { Icon } from '../stash/icon.tsx';
import { fixFor, type CheckFix } from './check-fixes.ts';
import { WithCommands } from '../shared/widgets/with-commands.tsx';
import { say } from '../stash/intl.tsx';
import { MinorButton } from '../shared/widgets/minor-button.tsx';

type Props = {
  readonly status: Status;
  readonly isPending: boolean;
  readonly onStart: (task: 'set-up' | 'people') => void;
};

/** The checks with their results and the buttons that fix failed ones. */
export function Checks({ status, isPending, onStart }: Props): React.ReactElement {
  return (
    <ul className="stash-sense-checks list-unstyled">
      {status.checks.map((check) => {
        const { id, message } = check;
        const fix = fixFor(check, status);
        const { color, icon, word } = signOf(check);
        return (
          <li key={id} className={color}>
            <Icon icon={icon} />
            <span className="stash-sense-check">
              <span className="sr-only">{say(word)} </span>
              <WithCommands text={say(message)} />
            </span>
            {fix !== null && <FixButton fix={fix} isPending={isPending} onStart={onStart} />}
          </li>
        );
      })}
    </ul>
  );
}

function signOf({ ok, isNews }: Status['checks'][number]) {
  if (isNews === true) return { color: 'text-info', icon: faCircleInfo, word: 'status.news' } as const;
  if (ok) return { color: 'text-success', icon: faCircleCheck, word: 'status.works' } as const;
  return { color: 'text-warning', icon: faCircleExclamation, word: 'status.needsAttention' } as const;
}

function FixButton({
  fix,
  isPending,
  onStart,
}: Omit<Props, 'status'> & { readonly fix: CheckFix }): React.ReactElement {
  if (fix.kind === 'link')
    return (
      <Link className="btn btn-secondary btn-sm" to={fix.to}>
        {fix.label}
      </Link>
    );
  return (
    <MinorButton
      disabled={isPending && fix.kind === 'task'}
      onClick={() => (fix.kind === 'task' ? onStart(fix.task) : goTo(fix.id))}
    >
      {fix.label}
    </MinorButton>
  );
}

function goTo(id: string): void {
  const section = document.getElementById(id);
  section?.scrollIntoView();
  section?.focus();
}
