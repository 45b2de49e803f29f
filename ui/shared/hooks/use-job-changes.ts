import { useEffect } from 'react';
import { findJob } from '../../stash/install-node.ts';
import { useLatest } from './use-latest.ts';

/** A question to Stash itself, which it answers in a millisecond or two without a process. */
const EVERY_MS = 1000;

/**
Calls `onChange` when one of these jobs of Stash's queue begins, ends in any way, or is gone: somebody may stop it there,
which kills our process before it can say so. Not asked while the page is hidden.
*/
export function useJobChanges(jobIds: readonly string[], onChange: () => void): void {
  const newest = useLatest(onChange);
  const ids = jobIds.join(' ');

  useEffect(() => {
    if (ids === '') return undefined;
    let isHere = true;
    let timer: ReturnType<typeof setTimeout> | undefined;
    let before: string | null = null;
    async function look(): Promise<void> {
      if (!document.hidden) {
        // No answer does not mean that a job ended.
        const jobs = await Promise.all(ids.split(' ').map(findJob)).catch(() => null);
        if (!isHere) return;
        if (jobs !== null) {
          const now = jobs.map((job) => job?.status ?? 'gone').join(' ');
          // The first time: it may have ended since the plugin was asked.
          const isNews = before === null ? jobs.some((job) => job?.isOver !== false) : now !== before;
          before = now;
          if (isNews) newest.current();
        }
      }
      timer = setTimeout(() => void look(), EVERY_MS);
    }
    void look();
    return () => {
      isHere = false;
      clearTimeout(timer);
    };
  }, [ids, newest]);
}
