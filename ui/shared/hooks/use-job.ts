import { useEffect, useState } from 'react';
import { findJob } from '../../stash/install-node.ts';
import { pollDelayMs } from '../poll-delay.ts';
import { useLatest } from './use-latest.ts';

/**
Progress of a job of Stash, 0…1; null: not known. Polled with increasing intervals, and not while the page is hidden.
`onEnd` is called once, when the job ended in any way or Stash no longer has it.
*/
export function useJob(jobId: string | null, onEnd: () => void): number | null {
  const [fraction, setFraction] = useState<number | null>(null);
  const newest = useLatest(onEnd);

  useEffect(() => {
    if (jobId === null) return undefined;
    let isHere = true;
    let asked = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const later = (): void => {
      timer = setTimeout(() => void poll(), pollDelayMs(asked));
    };
    async function poll(): Promise<void> {
      if (document.hidden) {
        later();
        return;
      }
      asked++;
      // A failed request does not mean that the job ended.
      const job = await findJob(jobId ?? '').catch(() => 'unknown' as const);
      if (!isHere) return;
      if (job !== 'unknown') setFraction(job?.progress ?? null);
      if (job === null || (job !== 'unknown' && job.isOver)) newest.current();
      else later();
    }
    later();
    return () => {
      isHere = false;
      clearTimeout(timer);
    };
  }, [jobId, newest]);

  return fraction;
}
