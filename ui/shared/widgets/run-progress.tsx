import React from 'react';
import type { RunView } from '../../../core/contract/runs.ts';
import { doing } from './run-state.tsx';
import { duration } from '../words.ts';
import { WorkBar } from './work-bar.tsx';
import { say } from '../../stash/intl.tsx';

/** How far a run under way is, how fast, and how long it takes. */
export function RunProgress({ run }: { run: RunView }): React.ReactElement {
  const { done, skipped, failed, total, itemsPerHour, secondsLeft, fraction } = run;
  const finished = done + skipped + failed;
  const parts = [
    total > 0 && say('page.countOf', { count: finished, total }),
    itemsPerHour !== null && itemsPerHour > 0 && say('runs.perHour', { count: Math.round(itemsPerHour) }),
    secondsLeft !== null && say('runs.timeLeft', { time: duration(secondsLeft) }),
    failed > 0 && say('runs.failedCount', { count: failed }),
  ].filter((part) => part !== false);
  return (
    <>
      <WorkBar fraction={fraction > 0 ? fraction : null} message={doing(run)} />
      <div className="stash-sense-numbers">{parts.join(' · ')}</div>
    </>
  );
}
