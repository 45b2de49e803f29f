import React from 'react';
import { Badge } from 'react-bootstrap';
import type { RunView } from '../../../core/contract/runs.ts';

/** It works, waits for its turn or stops: it can be stopped, and not started. */
export function isUnderWay({ phase }: RunView): boolean {
  return phase === 'working' || phase === 'waiting' || phase === 'stopping';
}

/** What a run under way does. */
export function doing({ phase, message }: RunView): string {
  if (phase === 'waiting') return "Waiting for its turn in Stash's queue";
  return phase === 'stopping' ? 'Stopping…' : message;
}

/** How a run ended, in its own words where it had any. */
export function ending({ phase, message }: RunView): string {
  return phase === 'lost'
    ? 'It ended without a word: Stash was restarted while this ran, or the process was killed. What was done is kept: start it again to go on.'
    : message;
}

export function RunBadge({ run }: { run: RunView }): React.ReactElement {
  const { state, phase } = run;
  if (phase === 'lost') return <Badge variant="warning">cut short</Badge>;
  if (phase !== 'ended') return <Badge variant="primary">{phase}</Badge>;
  return (
    <Badge variant={state === 'failed' ? 'danger' : state === 'stopped' ? 'warning' : 'success'}>
      {state}
    </Badge>
  );
}
