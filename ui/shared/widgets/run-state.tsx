import React from 'react';
import { Badge } from 'react-bootstrap';
import type { RunView } from '../../../core/contract/runs.ts';
import { TASK_MODES, TASKS } from '../../../core/runs/tasks.ts';
import { say } from '../../stash/intl.tsx';

/** It works, waits for its turn or stops: it can be stopped, and not started. */
export function isUnderWay({ phase }: RunView): boolean {
  return phase === 'working' || phase === 'waiting' || phase === 'stopping';
}

/** What a run under way does: the part of the work, and the item. */
export function doing({ phase, step, message }: RunView): string {
  if (phase === 'waiting') return say('runs.waitsForTurn');
  if (phase === 'stopping') return say('runs.isStopping');
  return [say(step), say(message)].filter((text) => text !== '').join(' · ');
}

/** The next start of its task goes on where it was: it was cut short, or stopped with work left. */
export function canGoOn({ task, state, phase }: RunView): boolean {
  return phase === 'lost' || (phase === 'ended' && state === 'stopped' && RESUMED.has(task));
}

/** Tasks that work through a list, of which a stop leaves the rest, or know otherwise what they have done. */
const RESUMED: ReadonlySet<string> = new Set(
  TASK_MODES.filter((mode) => TASKS[mode].lists.length > 0 || 'goesOn' in TASKS[mode]),
);

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
