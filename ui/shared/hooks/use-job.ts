import { useEffect, useRef, useState } from 'react';
import { findJob } from '../../stash/install-node.ts';
import { pollDelayMs } from '../poll-delay.ts';

/**
How far a job of Stash's is, 0…1; null: not known. Asked after less and less often, and not while the page is hidden.
`onEnd` is called once, when Stash has it no more or it ended, however it did.
*/
export function useJob(jobId: string | null, onEnd: () => void): number | null {
  const [fraction, setFraction] = useState<number | null>(null);
  const newest = useRef(onEnd);
  useEffect(() => {
    newest.current = onEnd;
  });

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
      // Without an answer it is not known to have ended.
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
  }, [jobId]);

  return fraction;
}
