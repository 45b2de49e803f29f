import React from 'react';
import { Link } from 'react-router-dom';
import type { Status } from '../../core/contract/status.ts';
import { saidTask } from '../../core/runs/task-words.ts';
import { LastFailure } from '../shared/widgets/last-failure.tsx';
import { RunBadge } from '../shared/widgets/run-state.tsx';
import { ago } from '../shared/words.ts';
import { PAGE } from '../stash/navigation.ts';
import { Section } from './section.tsx';
import { say, SLOT, around } from '../stash/intl.tsx';

const SHOWN = 4;

/** How the last tasks ended: a failed job shows nothing in Stash. */
export function LastRuns({ status }: { status: Status }): React.ReactElement {
  const { runs, lastFailure, scan } = status;
  return (
    <Section title={say('runs.title')} aside={<Link to={`${PAGE}?tab=runs`}>{say('runs.allRuns')}</Link>}>
      <LastFailure failure={lastFailure} />
      {runs.length === 0 && lastFailure === null && <p className="text-muted">{say('runs.nothingYet')}</p>}
      <ul className="list-unstyled stash-sense-last-runs">
        {runs.slice(0, SHOWN).map((run) => (
          <li key={run.id}>
            <RunBadge run={run} /> <strong>{say(saidTask(run.task))}</strong>{' '}
            <span className="text-muted">{ago(run.endedAt ?? run.startedAt)}</span>
            <div className={run.state === 'failed' ? '' : 'text-muted'}>{say(run.message)}</div>
          </li>
        ))}
      </ul>
      {scan.failed > 0 && (
        <p>
          {around(
            say('runs.libraryFailures', { count: scan.failed, link: SLOT }),
            <Link to={`${PAGE}?tab=runs`}>{say('runs.seeWhy')}</Link>,
          )}
        </p>
      )}
    </Section>
  );
}
