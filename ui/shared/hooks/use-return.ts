import { useEffect, useRef } from 'react';

/**
Runs the work, one at a time, when the user comes back to this page from another tab of the browser. Who comes back while it
is under way has it run once more after it: what it asked can be older than what was done in the other tab.
*/
export function useReturn(work: () => Promise<void>): void {
  const newest = useRef(work);
  useEffect(() => {
    newest.current = work;
  });
  useEffect(() => {
    let isBusy = false;
    let isAskedAgain = false;
    const run = async (): Promise<void> => {
      if (document.hidden) return;
      if (isBusy) {
        isAskedAgain = true;
        return;
      }
      isBusy = true;
      try {
        await newest.current();
      } catch {
        // What is shown stays: nobody has asked for anything.
      }
      isBusy = false;
      if (!isAskedAgain) return;
      isAskedAgain = false;
      await run();
    };
    const note = (): void => void run();
    document.addEventListener('visibilitychange', note);
    return () => document.removeEventListener('visibilitychange', note);
  }, []);
}
