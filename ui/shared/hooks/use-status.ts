import { useEffect, useState } from 'react';
import { pollDelayMs } from '../poll-delay.ts';
import { isUnderWay } from '../widgets/run-state.tsx';
import { noteNews } from '../news.ts';
import { noteVersion } from '../../stash/version.ts';
import { useAnswer, type Answer } from './use-answer.ts';
import { useJobChanges } from './use-job-changes.ts';

/** Number of polls after a start, even when no run is running yet. */
const POLLS_AFTER_START = 3;

/** The status, asked again (2 s, backing off to 10 s) while a run is under way and the page is in front. */
export function useStatus(): Answer<'status'> & {
  /** A run that was just started may not be in the answer. */
  readonly isAwaited: boolean;
  readonly pollOften: () => void;
} {
  const status = useAnswer('status', {});
  const { answer, isLoading, reload } = status;
  const [asked, setAsked] = useState(0);
  const [awaited, setAwaited] = useState(0);
  const isAwaited = asked < awaited;
  const isRunning = isAwaited || answer?.runs.some(isUnderWay) === true;

  const jobIds = answer?.runs.flatMap((run) => (isUnderWay(run) && run.jobId !== null ? [run.jobId] : []));
  useJobChanges(jobIds ?? [], pollOften);

  useEffect(() => {
    if (!answer) return;
    noteVersion(answer.version);
    noteNews(answer);
  }, [answer]);

  useEffect(() => {
    if (!isRunning || isLoading) return undefined;
    const timer = setTimeout(() => {
      setAsked((before) => before + 1);
      if (!document.hidden) reload();
    }, pollDelayMs(asked));
    return () => clearTimeout(timer);
  }, [isRunning, isLoading, asked, reload]);

  /** Polls at short intervals after a start. */
  function pollOften(): void {
    setAsked(0);
    setAwaited(POLLS_AFTER_START);
    reload();
  }

  return { ...status, isAwaited, pollOften };
}
