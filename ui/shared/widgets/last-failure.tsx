import React from 'react';
import type { Status } from '../../../core/contract/status.ts';
import { saidTask } from '../../../core/runs/task-words.ts';
import { say } from '../../stash/intl.tsx';
import { ago } from '../words.ts';
import { Notice } from './notice.tsx';

/** A task that failed before it began: it is in no list of runs, and Stash shows nothing of it. */
export function LastFailure({ failure }: { failure: Status['lastFailure'] }): React.ReactElement | null {
  if (failure === null) return null;
  const { task, at, message } = failure;
  return (
    <Notice variant="danger">
      {say('runs.couldNotBegin', { task: saidTask(task), time: ago(at), problem: message })}
    </Notice>
  );
}
