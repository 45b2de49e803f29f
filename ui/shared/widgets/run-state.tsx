import React from 'react';
import { Badge } from 'react-bootstrap';
import type { RunView } from '../../../core/contract/runs.ts';
import { say } from '../../stash/intl.tsx';

/** It works, waits for its turn or stops: it can be stopped, and not started. */
export function isUnderWay({ phase }: RunView): boolean {
  return phase === 'working' || phase === 'waiting' || phase === 'stopping';
}

/** What a run under way does. */
export function doing({ phase, message }: RunView): string {
  if (phase === 'waiting') return say('runs.waitsForTurn');
  return phase === 'stopping' ? say('runs.isStopping') : say(message);
}

/** How a run ended, in its own words where it had any. */
export function ending({ phase, message }: RunView): string {
  return phase === 'lost' ? say('runs.wasCutShort') : say(message);
}

export function RunBadge({ run }: { run: RunView }): React.ReactElement {
  const { state, phase } = run;
  if (phase === 'lost') return <Badge variant="warning">{say('runs.phase.lost')}</Badge>;
  if (phase !== 'ended') return <Badge variant="primary">{say(`runs.phase.${phase}`)}</Badge>;
  return (
    <Badge variant={state === 'failed' ? 'danger' : state === 'stopped' ? 'warning' : 'success'}>
      {say(`runs.state.${state}`)}
    </Badge>
  );
}
