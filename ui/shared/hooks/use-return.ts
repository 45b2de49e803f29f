import { useEffect, useRef } from 'react';

/** Runs the work, one at a time, when the user comes back to this page from another tab of the browser. */
export function useReturn(work: () => Promise<void>): void {
  const newest = useRef(work);
  useEffect(() => {
    newest.current = work;
  });
  useEffect(() => {
    let isBusy = false;
    const run = async (): Promise<void> => {
      if (document.hidden || isBusy) return;
      isBusy = true;
      try {
        await newest.current();
      } catch {
        // What is shown stays: nobody has asked for anything.
      }
      isBusy = false;
    };
    const note = (): void => void run();
    document.addEventListener('visibilitychange', note);
    return () => document.removeEventListener('visibilitychange', note);
  }, []);
}
