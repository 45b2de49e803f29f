import React from 'react';
import { Link } from 'react-router-dom';
import type { Status } from '../../core/contract/status.ts';
import { taskName } from '../../core/runs/tasks.ts';
import { Notice } from '../shared/widgets/notice.tsx';
import { ending, RunBadge } from '../shared/widgets/run-state.tsx';
import { ago } from '../shared/words.ts';
import { PAGE } from '../stash/navigation.ts';
import { Section } from './section.tsx';

const SHOWN = 4;

/** How the last tasks ended: a failed job shows nothing in Stash. */
export function LastRuns({ status }: { status: Status }): React.ReactElement {
  const { runs, lastFailure, scan } = status;
  return (
    <Section title="Runs" aside={<Link to={`${PAGE}?tab=runs`}>All runs and problems</Link>}>
      {lastFailure !== null && (
        <Notice variant="danger">
          {taskName(lastFailure.task)} could not begin ({ago(lastFailure.at)}): {lastFailure.message}
        </Notice>
      )}
      {runs.length === 0 && <p className="text-muted">Nothing has run yet.</p>}
      <ul className="list-unstyled stash-sense-last-runs">
        {runs.slice(0, SHOWN).map((run) => (
          <li key={run.id}>
            <RunBadge run={run} /> <strong>{taskName(run.task)}</strong>{' '}
            <span className="text-muted">{ago(run.endedAt ?? run.startedAt)}</span>
            <div className={run.state === 'failed' ? '' : 'text-muted'}>{ending(run)}</div>
          </li>
        ))}
      </ul>
      {scan.failed > 0 && (
        <p>
          {scan.failed.toLocaleString('en-US')} of the library could not be looked at:{' '}
          <Link to={`${PAGE}?tab=runs`}>see why</Link>.
        </p>
      )}
    </Section>
  );
}
