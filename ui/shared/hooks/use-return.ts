import { useEffect, useRef } from 'react';

/** Runs the work, one at a time, when the user comes back to this page from another tab of the browser. */
export function useReturn(work: () => Promise<void>): void {
  const newest = useRef(work);
  useEffect(() => {
    newest.current = work;
  });
  useEffect(() => {
    let isBusy = false;
    const note = (): void => {
      if (document.hidden || isBusy) return;
      isBusy = true;
      const done = (): void => {
        isBusy = false;
      };
      newest.current().then(done, done);
    };
    document.addEventListener('visibilitychange', note);
    return () => document.removeEventListener('visibilitychange', note);
  }, []);
}
