import React from 'react';
import type { RunView } from '../../../core/contract/runs.ts';
import { doing } from './run-state.tsx';
import { duration } from '../words.ts';
import { WorkBar } from './work-bar.tsx';

/** How far a run under way is, how fast, and how long it takes. */
export function RunProgress({ run }: { run: RunView }): React.ReactElement {
  const { done, skipped, failed, total, itemsPerHour, secondsLeft } = run;
  const finished = done + skipped + failed;
  const parts = [
    total > 0 && `${finished.toLocaleString('en-US')} of ${total.toLocaleString('en-US')}`,
    itemsPerHour !== null &&
      itemsPerHour > 0 &&
      `${Math.round(itemsPerHour).toLocaleString('en-US')} an hour`,
    secondsLeft !== null && `${duration(secondsLeft)} left`,
    failed > 0 && `${failed} failed`,
  ].filter((part) => part !== false);
  return (
    <>
      <WorkBar fraction={total > 1 ? finished / total : null} message={doing(run)} />
      <div className="stash-sense-numbers">{parts.join(' · ')}</div>
    </>
  );
}
