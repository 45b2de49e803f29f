import { useRef, useState } from 'react';
import { useIsHere } from './use-act.ts';

/** What work in several calls is given. */
export type Calls = {
  /** With how many are done by now. */
  readonly onProgress: (done: number) => void;
  /** To be asked before each call. */
  readonly isStopped: () => boolean;
};

/** Of work that ended before its end, or did not do all: the dialog stays open. `problem` null: the dialog says itself what is to be said. */
type Failure = { readonly problem: string | null; readonly hasChanged: boolean };

export type Stoppable = {
  /** How many are done; null: no work is under way. */
  readonly done: number | null;
  /** Why the last work failed. */
  readonly problem: string | null;
  /** Work that failed has changed something before. */
  readonly hasChanged: boolean;
  /** `work` says itself how it ended; null: well, or stopped. */
  readonly start: (work: (calls: Calls) => Promise<Failure | null>) => void;
  readonly stop: () => void;
  /** Does nothing while work is under way. */
  readonly close: () => void;
};

/** The work of a dialog, in several calls between which it can be stopped. The dialog closes when it ended; where it failed, it can be tried again. */
export function useStoppable(onClose: (hasChanged: boolean) => void, onFailed?: () => void): Stoppable {
  const [done, setDone] = useState<number | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const [hasChanged, setChanged] = useState(false);
  const isStopped = useRef(false);
  const isHere = useIsHere();

  async function run(work: (calls: Calls) => Promise<Failure | null>): Promise<void> {
    setProblem(null);
    isStopped.current = false;
    setDone(0);
    const failure = await work({
      onProgress: (count) => isHere.current && setDone(count),
      // Leaving the page stops it: no more is done than its user saw.
      isStopped: () => isStopped.current || !isHere.current,
    });
    if (!isHere.current) return;
    if (failure === null) {
      onClose(true);
      return;
    }
    setProblem(failure.problem);
    setChanged(hasChanged || failure.hasChanged);
    setDone(null);
    onFailed?.();
  }

  return {
    done,
    problem,
    hasChanged,
    start: (work) => void run(work),
    stop() {
      isStopped.current = true;
    },
    close() {
      if (done === null) onClose(hasChanged);
    },
  };
}
